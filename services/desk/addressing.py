"""Addressing: which of several customers an operator's words are for."""

from uuid import UUID

from database.models import Conversation, ConversationState
from services.access import Permission
from services.desk.desk import Desk
from services.errors import DeskRefusal


def chat_for(desk: Desk, reply_to: int | None) -> Conversation | None:
    """Return the chat that words go to, locked: the one whose message they reply to, else the current one.

    None when the one who acts serves nobody. Raises DeskRefusal rather than to guess: the chat replied to is over, or
    there are several and none is current. `reply_to` is the messenger's number of a message.
    """
    if reply_to is not None and (replied := _replied_to(desk, reply_to)):
        conversation = desk.locked(replied)
        if conversation.chat_id != desk.me:  # otherwise it is the sender's own chat with the bank
            if conversation.state != ConversationState.WITH_OPERATOR or conversation.staff_id != desk.me:
                raise DeskRefusal("desk.reply_over")
            return conversation
    current = desk.current()
    if current is None:
        return None
    conversation = desk.locked(current)
    belongs = conversation.state == ConversationState.WITH_OPERATOR and conversation.staff_id == desk.me
    return conversation if belongs else None


def _replied_to(desk: Desk, number: int) -> UUID | None:
    serving = [chat.id for chat in desk.uow.floor.chats(desk.me)]
    return desk.uow.relays.conversation_of(desk.me, number, serving)


def may_speak(desk: Desk) -> bool:
    """Return whether the one who acts may take part in chats now."""
    return desk.may(Permission.TAKE_CHATS)
