"""Passing on: a chat goes to a colleague, or up to the second line with a note."""

from database.models import AuditAct, Availability, Conversation, ConversationState, DeskAct
from services.access import Permission
from services.conversation import Act, move
from services.desk.desk import Desk
from services.desk.keys import short
from services.desk.people import name_of
from services.desk.queueing import Reason, call, return_to_queue
from services.desk.seats import Seat, seats
from services.desk.taking import has_room, seat_of, settle
from services.errors import DeskRefusal
from services.jobs import LONGEST
from services.metrics import DESK_TRANSFERS
from utils.masking import mask

_SECOND = 2


def colleagues(desk: Desk, conversation: Conversation) -> list[Seat]:
    """Return who else could serve a customer now: there, and with room; raises DeskRefusal for who serves nobody."""
    desk.require(Permission.TAKE_CHATS)
    return [
        seat
        for seat in seats(desk)
        if seat.telegram_id not in {conversation.staff_id, conversation.chat_id}
        and seat.availability not in {Availability.OFFLINE, Availability.AWAY}
        and has_room(seat)
    ]


def transfer(desk: Desk, conversation: Conversation, telegram_id: int) -> None:
    """Give a chat of one's own to a colleague, or as a supervisor anybody's; raises DeskRefusal."""
    conversation = desk.locked(conversation.id)
    _may_pass(desk, conversation)
    if conversation.state not in {ConversationState.WITH_OPERATOR, ConversationState.QUEUED}:
        raise DeskRefusal("handover.gone")
    desk.uow.operators.hold(telegram_id)
    desk.uow.floor.lock()
    seat = seat_of(desk, telegram_id)
    if seat is None or seat.availability in {Availability.OFFLINE, Availability.AWAY}:
        raise DeskRefusal("desk.not_there")
    if telegram_id in {conversation.staff_id, conversation.chat_id}:
        raise DeskRefusal("desk.which_colleague")
    if not has_room(seat):
        raise DeskRefusal("desk.colleague_full")
    before = conversation.staff_id
    move(conversation, Act.PASS_ON if conversation.state == ConversationState.WITH_OPERATOR else Act.TAKE)
    desk.happened(DeskAct.TRANSFERRED, conversation, before)
    desk.record(AuditAct.CHAT_PASSED_ON, conversation, staff_from=before, staff_to=telegram_id)
    DESK_TRANSFERS.labels("colleague").inc()
    conversation.reason = Reason.RETURNED
    conversation.offered_to = conversation.offered_until = None
    settle(desk, conversation, telegram_id)
    if before is not None:
        name = name_of(desk, telegram_id, desk.language_of(before))
        desk.tell(before, "desk.transferred", id=short(conversation), name=name)


def escalate(desk: Desk, conversation: Conversation, note: str) -> None:
    """Give a chat of one's own to the second line, with a note that it reads; raises DeskRefusal without one."""
    _may_pass(desk, conversation)
    if conversation.state != ConversationState.WITH_OPERATOR:
        raise DeskRefusal("handover.gone")
    second = [seat for seat in seats(desk) if seat.line == _SECOND]
    if conversation.line == _SECOND or not second:
        raise DeskRefusal("desk.no_second_line")
    if not note.strip():
        raise DeskRefusal("desk.escalate_usage", id=short(conversation))
    desk.uow.desk.note(conversation, mask(note.strip()).text[:LONGEST], desk.me)
    desk.happened(DeskAct.ESCALATED, conversation, conversation.staff_id)
    desk.record(AuditAct.CHAT_PASSED_ON, conversation, staff_from=conversation.staff_id, line=_SECOND)
    DESK_TRANSFERS.labels("second_line").inc()
    conversation.line = _SECOND
    return_to_queue(desk, conversation, Reason.ESCALATED)
    call(desk, conversation, "desk.escalated" if any(seat.room for seat in second) else "desk.both_busy")


def _may_pass(desk: Desk, conversation: Conversation) -> None:
    own = conversation.staff_id == desk.me and conversation.state == ConversationState.WITH_OPERATOR
    desk.require(Permission.TAKE_CHATS if own else Permission.SUPERVISE)
