"""Ending chats: by either side, by an operator's `/done` with a code and time to wrap up, or by silence."""

from datetime import timedelta

from database.models import AuditAct, Author, Conversation, ConversationState, DeskAct
from services import rating
from services.access import Permission
from services.conversation import Act, move
from services.desk.addressing import may_speak
from services.desk.choosing import refused
from services.desk.desk import Desk
from services.desk.keys import short
from services.desk.offering import call_next
from services.desk.queueing import give_back_all
from services.errors import DeskRefusal
from services.jobs import End
from services.metrics import DESK_ABANDONED, DESK_HANDLING
from services.ports import Button, Outbound
from services.silence import silence_ai
from services.turn import Turn


def end(turn: Turn, job: End) -> None:
    """End the chat that the sender serves, else the sender's own; both sides are told."""
    del job
    desk = Desk.of(turn)
    try:
        current = desk.current()
        served = desk.mine(desk.locked(current)) if current else None
    except DeskRefusal as refusal:
        refused(turn, desk, refusal)
        return
    conversation = served or turn.uow.conversations.open_for(turn.user.telegram_id)
    if conversation is None:
        turn.say("end.nothing")
    elif served and not may_speak(desk):
        give_back_all(desk, desk.me)
        turn.say("refused.not_allowed")
    else:
        close(desk, conversation)


def done(desk: Desk, conversation: Conversation) -> None:
    """Close a chat as its operator, or as a supervisor anybody's: the customer may come back to it for a while.

    The operator is asked how it ended, and is offered nobody until that or the time to wrap up is over. Raises
    DeskRefusal.
    """
    own = conversation.staff_id == desk.me
    desk.require(Permission.TAKE_CHATS if own else Permission.SUPERVISE)
    if conversation.state not in {ConversationState.WITH_OPERATOR, ConversationState.QUEUED}:
        raise DeskRefusal("handover.gone")
    if conversation.state == ConversationState.QUEUED:
        desk.require(Permission.SUPERVISE)
    staff_id = conversation.staff_id
    if staff_id is not None and desk.rules.wrap_up:
        operator = desk.uow.operators.ensure(staff_id)
        operator.wrap_until = desk.uow.now() + timedelta(seconds=desk.rules.wrap_up)
    close(desk, conversation, reopen=True)
    desk.record(AuditAct.CHAT_CLOSED, conversation, own=own)
    if own and desk.rules.codes:
        _ask_code(desk, conversation)


def code(desk: Desk, conversation: Conversation, name: str) -> None:
    """Keep how a closed chat of one's own ended; that ends the time to wrap up. Raises DeskRefusal."""
    desk.require(Permission.TAKE_CHATS)
    if conversation.staff_id != desk.me:
        raise DeskRefusal("desk.not_yours")
    if conversation.state != ConversationState.CLOSED or name not in desk.rules.codes:
        raise DeskRefusal("button.stale")
    conversation.disposition = name
    desk.operator().wrap_until = None
    desk.wake()


def close(  # noqa: PLR0913 - what is told to whom, each named
    desk: Desk,
    conversation: Conversation,
    *,
    told: str = "end.done",
    told_staff: str = "end.done_staff",
    reopen: bool = False,
    rate: bool = True,
) -> None:
    """Close a conversation and tell both sides; with `reopen` words go to the same operator again for a while.

    `rate` is whether the customer is asked what it was worth.
    """
    served, now = conversation.state == ConversationState.WITH_OPERATOR, desk.uow.now()
    staff_id = conversation.staff_id if served else None  # one who came back by a link has had an operator before
    _count(desk, conversation)
    silence_ai(desk, conversation)
    move(conversation, Act.END)
    conversation.closed_at = now
    conversation.offered_to = conversation.offered_until = conversation.nudged_at = conversation.watched_by = None
    if reopen and staff_id is not None and desk.rules.reopen:
        conversation.reopen_until = now + timedelta(seconds=desk.rules.reopen)
    if rate:
        rating.ask(desk, conversation)  # first: after the end is confirmed nothing may come
    _tell_end(desk, conversation.chat_id, told, conversation)
    if staff_id is not None:
        _tell_end(desk, staff_id, told_staff, conversation)
        call_next(desk, staff_id)
        desk.wake()


def _count(desk: Desk, conversation: Conversation) -> None:
    now = desk.uow.now()
    if conversation.state == ConversationState.QUEUED:
        waited = (now - conversation.queued_at).total_seconds() if conversation.queued_at else 0.0
        desk.happened(DeskAct.ABANDONED, conversation, seconds=waited)
        DESK_ABANDONED.labels(str(conversation.line)).inc()
    elif conversation.state == ConversationState.WITH_OPERATOR and conversation.taken_at is not None:
        handled = (now - conversation.taken_at).total_seconds()
        desk.happened(DeskAct.ENDED, conversation, conversation.staff_id, seconds=handled)
        DESK_HANDLING.labels(str(conversation.line)).observe(handled)


def _ask_code(desk: Desk, conversation: Conversation) -> None:
    buttons = tuple(
        (Button(label=label_of(desk, "code", name), data=f"desk:code:{conversation.id.hex}:{place}"),)
        for place, name in enumerate(desk.rules.codes)
    )
    desk.tell(desk.me, "desk.how_ended", buttons=buttons, id=short(conversation))


def label_of(desk: Desk, family: str, name: str) -> str:
    """Return what a code or a break of the bank's own list is called: by the catalogue if it knows it, else itself."""
    known = {f"{kind}.{each}" for kind, names in LABELS.items() for each in names}
    if f"{family}.{name}" not in known:
        return name
    return desk.text(desk.me, f"desk.code.{name}" if family == "code" else f"desk.break.{name}")


LABELS = {
    "code": ("solved", "complaint", "fraud", "no_answer", "other"),
    "break": ("break", "lunch", "training", "meeting"),
}


def _tell_end(desk: Desk, chat_id: int, key: str, conversation: Conversation) -> None:
    html = desk.text(chat_id, key)
    desk.send(chat_id, Outbound(html=html, clear_keyboard=True), Author.SYSTEM, conversation)
