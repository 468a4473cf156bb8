"""Queries over scheduled runs and over duties that one process at a time performs."""

from datetime import UTC, datetime

from sqlalchemy import select, update

from database.models import Duty, ScheduledRun
from database.queries.scope import Queries, rowcount
from database.types import db_now

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class ScheduleQueries(Queries):
    """What is due, and who does it."""

    def claim_run(self, job: str, due_at: datetime) -> bool:
        """Claim one run of a job; False when somebody else has it (contract.md, "scheduled job")."""
        row = {"job": job, "due_at": due_at}
        return self.insert_new(ScheduledRun, [row]) > 0

    def has_run(self, job: str, due_at: datetime) -> bool:
        """Tell whether somebody claimed a run of a job."""
        run = select(ScheduledRun.job).where(ScheduledRun.job == job, ScheduledRun.due_at == due_at)
        return self.session.scalar(run) is not None

    def take_duty(self, name: str, seconds: float) -> bool:
        """Take a duty for some seconds; False when somebody holds it."""
        self.insert_new(Duty, [{"name": name, "held_until": _NEVER}])
        result = self.execute(
            update(Duty).where(Duty.name == name, Duty.held_until <= db_now()).values(held_until=db_now(seconds))
        )
        return rowcount(result) > 0
