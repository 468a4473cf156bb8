"""Taking chats: the customer who was called out, the next in turn, or another of one's own."""

from functools import partial
from uuid import UUID

from database.models import AuditAct, Author, Availability, Conversation, ConversationState, DeskAct
from services.access import Permission
from services.conversation import Act, move
from services.desk.choosing import refused
from services.desk.desk import Desk
from services.desk.handing import hand_over
from services.desk.people import name_of, show_context
from services.desk.seats import Seat, fitting, seats
from services.errors import DeskRefusal, NotAllowedError
from services.jobs import TakeChat
from services.metrics import DESK_WAIT
from services.ports import Outbound
from services.turn import Turn
from services.waiting import place


def take_chat(turn: Turn, job: TakeChat) -> None:
    """Give a waiting customer to the first operator who takes the chat."""
    desk = Desk.of(turn)
    try:
        take(desk, job.conversation_id)
    except DeskRefusal as refusal:
        refused(turn, desk, refusal)


def take(desk: Desk, conversation_id: UUID) -> Conversation:
    """Give a waiting customer to the one who acts; raises DeskRefusal: taken, gone, no room, not allowed."""
    desk.require(Permission.TAKE_CHATS)
    conversation = desk.locked(conversation_id)
    if conversation.chat_id == desk.me:
        raise DeskRefusal("desk.not_yours")
    if conversation.state in {ConversationState.CLOSED, ConversationState.AI}:
        raise DeskRefusal("handover.gone")
    if conversation.state != ConversationState.QUEUED:
        raise DeskRefusal("handover.taken")
    _join_on_the_floor(desk, conversation)
    return conversation


def take_next(desk: Desk) -> Conversation:
    """Give the one who acts whose turn it is, what was offered to them first; raises DeskRefusal.

    Whom somebody else holds just now is waited for, unless there is room for the next one too.
    """
    desk.require(Permission.TAKE_CHATS)
    seat, passed = _seat(desk), desk.uow.floor.passed(recent=0.0)
    waiting = desk.uow.floor.waiting()
    offered = [(talk, language) for talk, language in waiting if talk.offered_to == desk.me]
    suits = [
        candidate.id
        for candidate, language in offered + [item for item in waiting if item not in offered]
        if candidate.offered_to in {None, desk.me} and fitting([seat], candidate, language or "", passed)
    ]
    near = [(candidate_id, False) for candidate_id in suits[: max(1, seat.limit - seat.load)]]
    for candidate_id, wait in [*near, *((candidate_id, True) for candidate_id in suits)]:
        conversation = desk.uow.floor.hold_if(candidate_id, partial(_may_be_taken, desk), wait=wait)
        if conversation is not None:
            _join_on_the_floor(desk, conversation)
            return conversation
    raise DeskRefusal("desk.nobody_waits")


def use(desk: Desk, conversation: Conversation) -> None:
    """Make one of one's own chats the current one."""
    desk.operator().current_id = conversation.id


def join(desk: Desk, conversation: Conversation) -> None:
    """Join the one who acts to a waiting customer; both are told."""
    move(conversation, Act.TAKE)
    now = desk.uow.now()
    waited = (now - conversation.queued_at).total_seconds() if conversation.queued_at else 0.0
    conversation.returned = False
    conversation.offered_to = conversation.offered_until = None
    settle(desk, conversation, desk.me)
    desk.happened(DeskAct.TAKEN, conversation, desk.me, seconds=waited)
    desk.record(AuditAct.CHAT_TAKEN, conversation)
    DESK_WAIT.labels(str(conversation.line)).observe(waited)


def settle(desk: Desk, conversation: Conversation, staff_id: int) -> None:
    """Let a chat belong to an operator from now on, and tell both sides."""
    conversation.staff_id = staff_id
    desk.uow.floor.idle.discard(staff_id)
    place.leave_line(desk, conversation)
    conversation.heard_at = conversation.taken_at
    conversation.spoke_at = conversation.replied_at = conversation.nudged_at = conversation.reopen_until = None
    conversation.suggest_due = True
    desk.uow.operators.ensure(staff_id).current_id = conversation.id
    language = desk.language_of(conversation.chat_id)
    joined = desk.tools.words.text(language, "handover.joined", name=name_of(desk, staff_id, language))
    desk.send(conversation.chat_id, Outbound(html=joined), Author.SYSTEM, conversation)
    show_context(desk, conversation, staff_id)
    desk.uow.audit.record(AuditAct.DIALOG_READ, actor=staff_id, subject=f"conversation:{conversation.id}")
    hand_over(desk, conversation, staff_id)
    desk.wake()


def seat_of(desk: Desk, telegram_id: int) -> Seat | None:
    """Return somebody's seat, or None if they may not take chats now."""
    return next((seat for seat in seats(desk) if seat.telegram_id == telegram_id), None)


def has_room(seat: Seat) -> bool:
    """Return whether an operator may be given another chat by hand; offers of their own do not count against it."""
    return seat.load < seat.limit


def _may_be_taken(desk: Desk, conversation: Conversation) -> bool:
    return conversation.state == ConversationState.QUEUED and conversation.offered_to in {None, desk.me}


def _join_on_the_floor(desk: Desk, conversation: Conversation) -> None:
    """Join the one who acts to a locked customer, if there still is room once nobody else gives them any."""
    desk.uow.operators.hold(desk.me)
    desk.uow.floor.lock()
    _seat(desk)
    join(desk, conversation)


def _seat(desk: Desk) -> Seat:
    """Return the seat of the one who acts; raises DeskRefusal at the limit, which open offers count towards."""
    seat = seat_of(desk, desk.me)
    if seat is None:
        raise NotAllowedError(Permission.TAKE_CHATS)
    chats = len(desk.uow.floor.chats(desk.me))
    if chats >= seat.limit:
        raise DeskRefusal("desk.full", limit=seat.limit)
    if seat.availability == Availability.OFFLINE:
        raise DeskRefusal("desk.go_online")
    return seat
