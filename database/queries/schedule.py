"""Queries over scheduled runs and over duties that one process at a time performs."""

from datetime import datetime

from sqlalchemy import update

from database.models import Duty, ScheduledRun
from database.queries.scope import Queries, rowcount
from database.types import db_now


class ScheduleQueries(Queries):
    """What is due, and who does it."""

    def claim_run(self, job: str, due_at: datetime) -> bool:
        """Claim one run of a job; False when somebody else has it (contract.md, "scheduled job")."""
        row = {"job": job, "due_at": due_at}
        return rowcount(self.execute(self.scope.insert_ignore(ScheduledRun, [row]))) > 0

    def take_duty(self, name: str, seconds: float) -> bool:
        """Take a duty for some seconds; False when somebody holds it."""
        self.execute(self.scope.insert_ignore(Duty, [{"name": name, "held_until": db_now(-1)}]))
        result = self.execute(
            update(Duty).where(Duty.name == name, Duty.held_until <= db_now()).values(held_until=db_now(seconds))
        )
        return rowcount(result) > 0
