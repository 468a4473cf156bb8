"""Reading: an operator reads their own customers; whoever reads another's says why, and that is recorded."""

from dataclasses import dataclass
from datetime import datetime

from database.models import AuditAct, Author, Conversation, ConversationState, DeskAct
from services.access import Permission
from services.desk.desk import Desk
from services.desk.keys import short
from services.desk.people import name_of, supervisors
from services.dialog import spoken
from services.errors import DeskRefusal
from utils.masking import mask

SHOWN, MOST = 20, 100  # messages
_SHORTEST, _LONGEST = 5, 500  # characters of a reason; it is shown in one message


@dataclass(frozen=True)
class Line:
    """One message of a customer's history, in plain words."""

    id: int
    author: Author
    text: str
    conversation: str


def history(desk: Desk, conversation: Conversation, limit: int = SHOWN, reason: str = "") -> list[Line]:
    """Return the last messages of a customer, oldest first, over all their conversations; raises DeskRefusal.

    Another's customer is read only with a reason, which supervisors are shown at once.
    """
    desk.require(Permission.TAKE_CHATS)
    if not own(desk, conversation):
        _break_glass(desk, conversation, reason)
    lines: list[Line] = []
    for talk in desk.uow.floor.of_customer(conversation.user_id):
        said = desk.uow.messages.history(talk, min(max(1, limit), MOST) - len(lines))
        lines = [Line(item.id, item.author, spoken(item), talk.hex) for item in said] + lines
        if len(lines) >= limit:
            break
    return lines


def watch(desk: Desk, conversation: Conversation) -> bool:
    """Let a supervisor read a chat along from now on, or no more; returns which. Raises DeskRefusal."""
    desk.require(Permission.SUPERVISE)
    if conversation.watched_by == desk.me:
        conversation.watched_by = None
        return False
    if conversation.state != ConversationState.WITH_OPERATOR:
        raise DeskRefusal("handover.gone")
    conversation.watched_by = desk.me
    desk.happened(DeskAct.WATCHED, conversation, desk.me)
    desk.record(AuditAct.CHAT_WATCHED, conversation)
    return True


def reads(desk: Desk, seconds: float) -> list[tuple[datetime, int, str]]:
    """Return who lately read whose customer for a reason: when, the operator, the conversation's digits."""
    return [
        (event.at, event.operator_id or 0, event.conversation_id.hex[:6] if event.conversation_id else "")
        for event in desk.uow.desk.lately(DeskAct.READ, seconds)
    ]


def own(desk: Desk, conversation: Conversation) -> bool:
    """Return whether a customer is the actor's own now."""
    return belongs(conversation, desk.me, desk.uow.now())


def belongs(conversation: Conversation, staff_id: int, now: datetime) -> bool:
    """Return whether a customer is an operator's own at a moment: served, offered, or just closed."""
    if conversation.state == ConversationState.QUEUED:
        return conversation.offered_to == staff_id
    if conversation.staff_id != staff_id:
        return False
    still = conversation.reopen_until is not None and conversation.reopen_until > now
    return conversation.state == ConversationState.WITH_OPERATOR or still


def _break_glass(desk: Desk, conversation: Conversation, reason: str) -> None:
    reason = mask(reason.strip()).text[:_LONGEST]
    if len(reason) < _SHORTEST:
        raise DeskRefusal("desk.why", id=short(conversation))
    desk.uow.desk.note(conversation, f"🔓 {reason}", desk.me)
    desk.happened(DeskAct.READ, conversation, desk.me)
    desk.record(AuditAct.DIALOG_READ, conversation, reason_given=True)
    for supervisor in supervisors(desk):
        if supervisor != desk.me:
            name = name_of(desk, desk.me, desk.language_of(supervisor))
            desk.tell(supervisor, "desk.read_by", name=name, id=short(conversation), reason=reason)
