"""Who comes first, the AI or a person: the customer's choice, else the bank's."""

from database.models import Conversation, Mode
from services.desk.desk import Desk
from services.turn import Turn
from services.waiting import closed
from services.waiting.desk import has_somebody_free
from services.waiting.rules import First


def person_first(turn: Turn, conversation: Conversation) -> str | None:
    """Return why a question goes to a person at once, as the text that says so, or None when the AI answers it."""
    if not turn.uow.roles.ai_enabled():
        return "handover.ai_off"
    reason = _reason(turn)
    return None if reason and closed.was_offered(turn, conversation) else reason


def _reason(turn: Turn) -> str | None:
    if turn.user.mode != Mode.AUTO:
        return "handover.by_mode" if turn.user.mode == Mode.HUMAN else None
    match turn.tools.policy.waiting.first:
        case First.OPERATORS:
            return "handover.queued"
        case First.AI_WHEN_BUSY:
            return "handover.queued" if has_somebody_free(Desk.of(turn)) else None
        case First.AI:
            return None
