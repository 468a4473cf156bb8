"""What a person is told when the front let their act not through."""

from database.models import AuditAct
from services import doubt
from services.desk import queueing
from services.jobs import Refusal, Refused, StaleButton
from services.metrics import TRIGGERS
from services.turn import Turn


def refused(turn: Turn, job: Refused) -> None:
    """Tell why, and when to try again; whoever wrote too much may call a person, and is given one if it goes on."""
    if job.reason == Refusal.BARRED:
        _turn_away(turn)
        return
    if job.reason == Refusal.NOT_ALLOWED:
        turn.uow.audit.record(AuditAct.REFUSED, actor=turn.sender.telegram_id, what=job.what, at="front")
    conversation = turn.uow.conversations.open_for(turn.user.telegram_id)
    too_fast = job.reason == Refusal.TOO_FAST
    if too_fast and conversation and doubt.limited(conversation, turn.tools.policy.misses):
        TRIGGERS.labels("limits").inc()
        queueing.queue(turn, conversation, "handover.limits")
        return
    person = ((turn.button("answer.person", "person"),),) if too_fast else ()
    turn.say(f"refused.{job.reason}", buttons=person, seconds=job.seconds)


def _turn_away(turn: Turn) -> None:
    """Tell somebody whom the bank bars so, once; whoever is let in again has to say once more what they wanted."""
    if turn.user.barred_at is None:
        turn.say("refused.unavailable")
    elif not turn.user.barred_told:
        turn.user.barred_told = True
        turn.say("refused.barred")


def stale_button(turn: Turn, job: StaleButton) -> None:
    """Tell that the button's time is over."""
    del job
    turn.say("button.stale")
