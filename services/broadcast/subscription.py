"""Customers who want no marketing, or want it again; what the bank has to tell them comes either way."""

from database.models import AuditAct
from services.broadcast.jobs import Subscribe
from services.turn import Turn


def subscribe(turn: Turn, job: Subscribe) -> None:
    """Keep what a customer wants, and say so; twice is once."""
    if turn.uow.users.opt_out(turn.user, out=not job.on):
        act = AuditAct.OPTED_IN if job.on else AuditAct.OPTED_OUT
        turn.uow.audit.record(act, actor=turn.user.telegram_id)
    turn.say("subscription.on" if job.on else "subscription.off")
