"""What a person is told when the front let their act not through."""

from database.models import AuditAct
from services.access import Permission
from services.jobs import Refusal, Refused, StaleButton
from services.turn import Turn


def refused(turn: Turn, job: Refused) -> None:
    """Tell why, and when to try again; whoever wrote too much may still call a person."""
    if job.reason == Refusal.NOT_ALLOWED:
        turn.uow.audit.record(AuditAct.REFUSED, actor=turn.sender.telegram_id, what=job.what, at="front")
    person = ((turn.button("answer.person", "person"),),) if job.reason == Refusal.TOO_FAST else ()
    turn.say(f"refused.{job.reason}", buttons=person, seconds=job.seconds)


def stale_button(turn: Turn, job: StaleButton) -> None:
    """Tell that the button's time is over."""
    del job
    turn.say("button.stale")


def not_allowed(turn: Turn, permission: Permission) -> None:
    """Refuse an act that the front let through: the role was taken away meanwhile."""
    turn.uow.audit.record(AuditAct.REFUSED, actor=turn.sender.telegram_id, what=permission.value, at="worker")
    turn.say("refused.not_allowed")
