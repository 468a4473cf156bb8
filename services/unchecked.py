"""What the front let through unchecked: the worker asks the limits of it (contract.md, "When a part is away")."""

from services.errors import LimitsAway
from services.jobs import Job, Refusal, Refused
from services.limits import Limiter
from services.rates import limits_for
from services.turn import Turn

_MESSAGES = frozenset({"say", "share", "edit"})  # kinds that count against the limit of messages


def overtaxed(limiter: Limiter, turn: Turn, job: Job) -> Refused | None:
    """Return the refusal of a job that came too fast; its seconds are 0 when the person was told before.

    Raises LimitsAway while the limits can still not be asked.
    """
    kind = "message" if job.kind in _MESSAGES else job.kind
    limits = limits_for(turn.uow.scope.bot_id, turn.sender.telegram_id, kind, turn.tools.policy)
    try:
        [allowance] = limiter.take([limits])
    except ConnectionError as error:
        raise LimitsAway("the limits of an update cannot be asked") from error
    if allowance.granted:
        return None
    return Refused(reason=Refusal.TOO_FAST, seconds=max(1, round(allowance.wait)) if allowance.first else 0)
