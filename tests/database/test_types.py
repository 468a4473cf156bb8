"""Times mean the same on both databases: UTC, comparable, by the database's clock."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from database.db import Database
from database.models import ScheduledRun
from database.types import db_now

_MOMENTS = st.datetimes(
    min_value=datetime(1970, 1, 2),  # noqa: DTZ001 - hypothesis adds the zones
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001 - the same
    timezones=st.sampled_from([UTC, timezone.max, timezone.min]),
)


@given(moment=_MOMENTS)
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_moment_comes_back_in_utc(database: Database, moment: datetime) -> None:
    with database.unit_of_work() as uow:
        uow.session.add(ScheduledRun(job=f"moment:{moment.isoformat()}", due_at=moment))
        uow.session.flush()
        uow.session.expire_all()
        [kept] = uow.session.scalars(select(ScheduledRun.due_at).where(ScheduledRun.due_at == moment))
        uow.session.rollback()
    assert kept == moment
    assert kept.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with database.unit_of_work() as uow, pytest.raises(StatementError, match="without a zone"):
        uow.session.scalar(select(ScheduledRun.job).where(ScheduledRun.due_at == datetime(2026, 1, 1)))  # noqa: DTZ001


def test_the_clock_is_the_databases_and_moves_within_a_transaction(database: Database) -> None:
    with database.unit_of_work() as uow:
        before = datetime.now(UTC)
        first = uow.session.scalars(select(db_now())).one()
        while (second := uow.session.scalars(select(db_now())).one()) == first:
            pass
        assert uow.now() == uow.now(), "a transaction asks once"
    assert abs(first - before) < timedelta(minutes=1)
    assert second > first


@pytest.mark.parametrize("ahead", [0.0, 0.00001, 0.5, 2.5, -3.25, 86_400.0, -86_400.0, 1e7])
def test_the_clock_can_be_asked_ahead(database: Database, ahead: float) -> None:
    with database.unit_of_work() as uow:
        before, then, after = uow.session.execute(select(db_now(), db_now(ahead), db_now())).one()
    rounding = timedelta(milliseconds=1)
    assert before - rounding <= then - timedelta(seconds=ahead) <= after + rounding


def test_stored_moments_compare_with_the_clock(database: Database) -> None:
    with database.unit_of_work() as uow:
        soon = uow.now() + timedelta(minutes=1)
        uow.session.add(ScheduledRun(job=f"soon:{database.bot_id}", due_at=soon))
        uow.session.flush()
        due = select(ScheduledRun.job).where(ScheduledRun.job == f"soon:{database.bot_id}")
        assert uow.session.scalar(due.where(ScheduledRun.due_at <= db_now(30))) is None
        assert uow.session.scalar(due.where(ScheduledRun.due_at <= db_now(120))) is not None
