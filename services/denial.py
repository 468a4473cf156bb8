"""The refusal of an act that the front let through, while the role was taken away."""

from database.models import AuditAct
from services.turn import Turn


def not_allowed(turn: Turn, permission: str) -> None:
    """Refuse an act that the front let through: the role was taken away meanwhile."""
    record_refusal(turn, permission)
    turn.say("refused.not_allowed")


def record_refusal(turn: Turn, permission: str) -> None:
    """Write down that somebody tried what they may not do."""
    turn.uow.audit.record(AuditAct.REFUSED, actor=turn.sender.telegram_id, what=str(permission), at="worker")
