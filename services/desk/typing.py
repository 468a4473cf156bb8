"""Typing: a customer sees that their operator is writing to them in the console."""

from uuid import UUID

from database.models import ConversationState
from services.access import Permission
from services.desk.desk import Desk
from services.errors import DeskRefusal


def typing(desk: Desk, conversation_id: UUID) -> None:
    """Show the customer of a chat of one's own that an answer is being written; raises DeskRefusal."""
    desk.require(Permission.TAKE_CHATS)
    conversation = desk.uow.floor.seen(conversation_id)
    if (
        conversation is None
        or conversation.state != ConversationState.WITH_OPERATOR
        or conversation.staff_id != desk.me
    ):
        raise DeskRefusal("desk.not_yours")
    desk.tools.signals.typing(conversation.chat_id)
