"""The night's work is done once a day, by one of several, and again when somebody was killed over it."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from database.db import Database
from database.models import Conversation, Duty
from database.types import db_now
from services.archive.archiving import Archivist
from services.archive.night import Night, last_due
from services.storage import StorageError
from tests.services.archiving import CUSTOMER, NOW, Room
from tests.services.keeping_days import aged, keeper, number
from tests.services.test_archive_damage import Flaky

LATELY = (datetime.now(UTC) - timedelta(hours=1)).time()  # no other night comes while these tests run


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Room:
    return Room(database, tmp_path)


def night(room: Room, archivist: Archivist | None = None, at: time = LATELY) -> Night:
    return Night(room.database, archivist or room.archivist(), keeper(room, conversations=300), at, NOW)


def let_pause_pass(room: Room) -> None:
    with room.database.unit_of_work() as uow:
        mine = update(Duty).where(Duty.name == f"night:{room.database.bot_id}")
        uow.session.execute(mine.values(held_until=db_now(-1)), execution_options={"synchronize_session": False})


def test_what_closed_is_archived_and_what_is_old_goes_once_a_day(room: Room) -> None:
    room.talk()
    aged(room, 400)
    assert night(room).tick()
    assert (len(room.archives()), number(room.database, Conversation)) == (1, 0)
    room.talk()
    let_pause_pass(room)
    assert not night(room).tick(), "the day's work is done"
    assert room.unarchived() == 1


def test_two_at_once_are_one(room: Room) -> None:
    room.talk()
    first, second = night(room), night(room)
    assert first.tick()
    assert not second.tick()
    assert len(room.archives()) == 1


def test_a_storage_that_is_away_keeps_everything_and_is_asked_again_after_a_pause(room: Room, tmp_path: Path) -> None:
    room.talk()
    aged(room, 400)
    failing = night(room, room.archivist(Flaky(tmp_path / "archive", "part")))
    assert not failing.tick()
    assert (room.archives(), number(room.database, Conversation)) == ([], 1)
    assert not failing.tick(), "not before the pause is over"
    let_pause_pass(room)
    assert failing.tick()
    assert number(room.database, Conversation) == 0


def test_a_night_that_somebody_was_killed_over_is_made_up_for(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.talk(CUSTOMER)
    working = night(room)
    with monkeypatch.context() as patch:
        patch.setattr(Archivist, "run", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            working.tick()
    let_pause_pass(room)
    assert working.tick()
    assert room.unarchived() == 0


def test_what_could_not_go_is_tried_again_the_same_night(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.talk()
    aged(room, 400)
    working = night(room)

    def away(*_: object, **__: object) -> int:
        raise StorageError("away")

    with monkeypatch.context() as patch:
        patch.setattr("services.retention.dialogs.Dialogs.conversations", away)
        assert not working.tick()
    let_pause_pass(room)
    assert working.tick()
    assert number(room.database, Conversation) == 0


@pytest.mark.parametrize(
    ("now", "due"), [((2026, 11, 4, 2, 59), (2026, 11, 3, 3)), ((2026, 11, 4, 3, 0), (2026, 11, 4, 3))]
)
def test_the_time_of_the_day(now: tuple[int, ...], due: tuple[int, ...]) -> None:
    assert last_due(datetime(*now, tzinfo=UTC), time(3)) == datetime(*due, tzinfo=UTC)  # type: ignore[misc, arg-type]
