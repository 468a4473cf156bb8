"""Reopening: words that come soon after a chat was closed go to the same operator again, if there is room."""

from database.models import Availability, Conversation, ConversationState, DeskAct
from services.access import Permission
from services.conversation import Act, move
from services.desk.desk import Desk
from services.desk.taking import has_room, seat_of, settle
from services.turn import Turn


def reopen(turn: Turn) -> Conversation | None:
    """Return the customer's chat that was just closed, open again, or None: then all begins with the AI.

    Words that were announced as a comment on the chat do not open it.
    """
    until = turn.user.comments_until
    if until is not None and turn.uow.now() <= until:
        return None
    recent = turn.uow.conversations.closed_lately(turn.user.telegram_id)
    if recent is None:
        return None
    desk = Desk.of(turn)
    conversation = desk.locked(recent.id)
    staff_id, conversation.reopen_until = conversation.staff_id, None
    if conversation.state != ConversationState.CLOSED or staff_id is None:
        return None
    desk.uow.operators.hold(staff_id)
    desk.uow.floor.lock()
    seat = seat_of(desk, staff_id) if desk.may(Permission.TAKE_CHATS, staff_id) else None
    if seat is None or seat.availability in {Availability.AWAY, Availability.OFFLINE} or not has_room(seat):
        return None
    move(conversation, Act.REOPEN)
    conversation.closed_at = conversation.disposition = None
    desk.happened(DeskAct.REOPENED, conversation, staff_id)
    settle(desk, conversation, staff_id)
    return conversation
