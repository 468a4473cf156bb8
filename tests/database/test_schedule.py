"""Scheduled runs and duties: whoever comes first has it, and nobody else."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from database.db import Database
from database.models import Duty
from database.types import db_now
from tests.database.threads import together

DUE = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_of_many_schedulers_one_runs_a_job(database: Database) -> None:
    job = f"report:{database.bot_id}"

    def scheduler(_: int) -> bool:
        with database.unit_of_work() as uow:
            return uow.schedule.claim_run(job, DUE)

    assert sum(together(scheduler)) == 1
    with database.unit_of_work() as uow:
        assert uow.schedule.claim_run(job, DUE + timedelta(hours=1)), "the next time is another run"


def test_of_many_processes_one_has_a_duty_until_its_time_is_over(database: Database) -> None:
    name = f"sweep:{database.bot_id}"

    def process(_: int) -> bool:
        with database.unit_of_work() as uow:
            return uow.schedule.take_duty(name, 60)

    assert sum(together(process)) == 1
    with database.unit_of_work() as uow:
        over = update(Duty).where(Duty.name == name).values(held_until=db_now(-1))
        uow.session.execute(over, execution_options={"synchronize_session": False})
    assert sum(together(process)) == 1
