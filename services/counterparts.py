"""Counterparts: what stands for somebody's message on the other side, and the way there."""

from dataclasses import dataclass

from database.models import Conversation, ConversationState
from database.queries.relay import Copy
from services.access import Permission
from services.desk import relaying
from services.desk.desk import Desk
from services.turn import Turn
from services.wording import Line


@dataclass(frozen=True)
class Counterpart:
    """What stands for a message on the other side, in its order, and the way there."""

    copies: list[Copy]
    line: Line


def counterpart(turn: Turn, number: int) -> Counterpart | None:
    """Return what stands for the sender's message, if the two who speak with each other still are the same."""
    conversation = _where(turn, number)
    if conversation is None or conversation.state != ConversationState.WITH_OPERATOR or conversation.staff_id is None:
        return None
    desk = Desk.of(turn)
    if conversation.chat_id == desk.me:
        line = relaying.to_operator(desk, conversation, conversation.staff_id)
    elif conversation.staff_id == desk.me and desk.may(Permission.TAKE_CHATS):
        line = relaying.to_customer(desk, conversation)
    else:
        return None
    found = turn.uow.relays.copies(turn.user.telegram_id, number, conversation.id)
    copies = [copy for copy in found if copy.message.chat_id == line.chat_id and not copy.is_gone]
    return Counterpart(copies, line) if copies else None


def _where(turn: Turn, number: int) -> Conversation | None:
    """Return the conversation that a message belongs to; a file of an album may be known by its conversation only."""
    for copy in turn.uow.relays.copies(turn.user.telegram_id, number):
        if copy.message.conversation_id:
            return turn.uow.conversations.lock(copy.message.conversation_id)
    own = turn.user.telegram_id
    for chat in turn.uow.floor.chats(own):
        if turn.uow.relays.copies(own, number, chat.id):
            return turn.uow.conversations.lock(chat.id)
    return turn.uow.conversations.open_for(own)
