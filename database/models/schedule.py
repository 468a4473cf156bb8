"""Runs of scheduled jobs: whoever inserts the row runs it, so two schedulers are safe."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created


class ScheduledRun(Created, Base):
    """One run of a job that was due at a moment."""

    __tablename__ = "scheduled_runs"

    job: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)


class Duty(Base):
    """A duty that one process at a time performs, such as the sweep; held until a moment."""

    __tablename__ = "duties"

    name: Mapped[str] = mapped_column(primary_key=True)
    held_until: Mapped[datetime]
