"""When a version holds: between its dates, by the database's clock."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from database.db import Database
from database.models import KnowledgeVersion
from services.knowledge.errors import DecidedError, WrongDatesError
from services.knowledge.lifecycle import Dates
from services.sweep import Sweeper
from tests.services.room import ADMIN, CARDS, FEE, LIMITS, Room
from tests.twins import TwinWakeups

NEW = {**CARDS, FEE: "The card is 9 a month."}


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


def now(database: Database) -> datetime:
    with database.reading() as uow:
        return uow.now()


def shift(database: Database, version_id: UUID, **moments: datetime) -> None:
    """Move a version's dates, as if time had gone by."""
    with database.unit_of_work() as uow:
        uow.session.execute(update(KnowledgeVersion).where(KnowledgeVersion.id == version_id).values(**moments))


def test_a_version_holds_between_its_dates(room: Room) -> None:
    standing = room.publishes(CARDS)
    moment, hour = now(room.database), timedelta(hours=1)
    shift(room.database, standing, effective_from=moment - 9 * hour)
    campaign = room.uploads(NEW)
    room.approves(campaign, dates=Dates(moment + hour, moment + 2 * hour))
    assert room.holds() == {"cards": 1}
    shift(room.database, campaign, effective_from=moment - hour)
    assert room.holds() == {"cards": 2}
    shift(room.database, campaign, effective_to=moment)
    assert room.holds() == {"cards": 1}


def test_a_version_whose_day_has_come_is_asked_the_golden_questions_again(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    room.publishes({LIMITS: CARDS[LIMITS]})
    moment, day = now(room.database), timedelta(days=1)
    later = room.uploads({LIMITS: "Ask us."})
    room.approves(later, dates=Dates(moment + day))
    room.publishes(CARDS)
    room.asks("how much is a card", FEE)
    wakeups = TwinWakeups()
    Sweeper(room.database, wakeups).sweep()
    assert wakeups.checks == 0, "its day has not come"
    shift(room.database, later, effective_from=now(room.database), decided_at=moment - day)
    with room.database.unit_of_work() as uow:
        uow.golden.request_begun()
        uow.golden.request_begun()
    room.checker.run()
    assert caplog.text.count("the knowledge in force does worse on the golden questions") == 1
    with room.database.unit_of_work() as uow:
        uow.golden.request_begun()
        assert not uow.golden.waits(), "once is enough"


def test_a_version_that_is_not_in_force_does_no_worse_than_what_is(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    room.publishes({LIMITS: CARDS[LIMITS]})
    moment, day = now(room.database), timedelta(days=1)
    later, long_ago = room.uploads({LIMITS: "Ask us."}), room.uploads({LIMITS: "Ask them."})
    for version in (later, long_ago):
        room.approves(version, dates=Dates(moment + day))
    shift(room.database, long_ago, effective_from=moment - 2 * day, decided_at=moment - 3 * day)
    room.publishes(CARDS)
    room.asks("how much is a card", FEE)
    with room.database.unit_of_work() as uow:
        uow.golden.request_begun()
        assert not uow.golden.waits(), "one is still to come, the other was overlaid"
    room.questions.check()
    with room.database.unit_of_work() as uow:
        uow.golden.request(later)
    room.checker.run()
    assert "does worse" not in caplog.text


def test_a_start_in_the_past_is_now(room: Room) -> None:
    before = now(room.database)
    version = room.approves(room.uploads(CARDS), dates=Dates(before - timedelta(days=1)))
    assert version.effective_from
    assert version.effective_from >= before


@pytest.mark.parametrize(("start", "end"), [(None, -1), (2, 1), (1, 1), (-2, -1)])
def test_dates_at_which_nothing_holds_are_refused(room: Room, start: int | None, end: int) -> None:
    moment, day = now(room.database), timedelta(days=1)
    with pytest.raises(WrongDatesError):
        room.approves(
            room.uploads(CARDS), dates=Dates(None if start is None else moment + start * day, moment + end * day)
        )


def test_dates_are_changed_later_but_not_a_start_that_is_past(room: Room) -> None:
    moment, day = now(room.database), timedelta(days=1)
    version_id = room.uploads(CARDS)
    room.approves(version_id, dates=Dates(moment + day))
    assert room.editing.schedule(version_id, ADMIN, Dates(moment + 2 * day)).effective_from == moment + 2 * day
    begun = room.editing.schedule(version_id, ADMIN, Dates(moment, moment + 3 * day))
    assert room.holds() == {"cards": 1}
    again = room.editing.schedule(version_id, ADMIN, Dates(moment + day, None))
    assert (again.effective_from, again.effective_to) == (begun.effective_from, None)
    with pytest.raises(DecidedError):
        room.editing.schedule(room.uploads(NEW), ADMIN, Dates())
