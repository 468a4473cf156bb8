"""Rows that are nothing but rows go by the days of their class, in batches, and never past a legal hold."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from database.db import Database
from database.models import Conversation, Message
from database.queries.retention import CLASSES
from services.jobs import Say
from services.retention.hold import lift, place
from services.retention.schedule import Schedule
from tests.services.archiving import CUSTOMER, OTHER, Room
from tests.services.keeping_days import applied, keeper, one_of_each


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Room:
    return Room(database, tmp_path)


@pytest.mark.parametrize("kind", CLASSES)
def test_a_class_goes_by_its_days_and_by_itself(database: Database, tmp_path: Path, kind: str) -> None:
    room = Room(database, tmp_path)
    for days in (5, 40):
        one_of_each(database, OTHER, days)
    before = {name: _counted(room, name) for name in CLASSES}
    schedule = keeper(room, **{kind: 30})
    [planned] = schedule.plan()
    assert planned.goes == before[kind] // 2 > 0
    assert schedule.run().rows == {kind: planned.goes}
    assert {name: _counted(room, name) for name in CLASSES} == before | {kind: before[kind] - planned.goes}
    assert applied(room) == [(kind, planned.goes)]


def _counted(room: Room, kind: str) -> int:
    with room.database.reading() as uow:
        return uow.retention.overdue(kind, uow.now()).rows


@pytest.mark.parametrize("kind", ["notices", "broadcasts", "updates", "callbacks", "holds"])
def test_rows_of_a_customer_under_a_hold_stay(database: Database, tmp_path: Path, kind: str) -> None:
    room = Room(database, tmp_path)
    one_of_each(database, OTHER, 40)
    with database.unit_of_work() as uow:
        hold = place(uow, OTHER, "case 7", actor=None)
    schedule = keeper(room, **{kind: 30})
    [planned] = schedule.plan()
    assert planned.overdue.rows == planned.overdue.held > 0
    assert schedule.run().rows == {kind: 0}
    with database.unit_of_work() as uow:
        lift(uow, hold.id, "over", actor=None)
    assert schedule.run().rows == {kind: planned.overdue.rows}


def test_rows_go_in_batches(sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.retention.running._BATCH", 2)
    for days in range(31, 36):
        one_of_each(sqlite, OTHER, days)
    room = Room(sqlite, tmp_path)
    assert keeper(room, updates=30).run().rows == {"updates": 5}
    assert applied(room) == [("updates", 2), ("updates", 2), ("updates", 1)]


def test_a_talk_that_nobody_goes_on_with_is_closed_and_the_next_words_begin_another(room: Room) -> None:
    room.bank.asks("How much?", CUSTOMER)
    room.bank.asks("How much?", OTHER)
    room.bank.run()
    with room.database.unit_of_work() as uow:
        long_ago = uow.now() - timedelta(days=366)
        for model in (Conversation, Message):
            own = update(model).where(model.bot_id == room.database.bot_id, model.chat_id == CUSTOMER)
            uow.session.execute(own.values(created_at=long_ago), execution_options={"synchronize_session": False})
    assert keeper(room, idle=90).close_idle() == 1
    first = room.bank.conversation(CUSTOMER)
    assert (first.state, first.closed_at is not None) == ("closed", True)
    assert room.bank.conversation(OTHER).state == "ai"
    room.bank.does(Say(text="And now?"), CUSTOMER)
    assert room.bank.conversation(CUSTOMER).id != first.id
    assert keeper(room).close_idle() == 0


def test_a_schedule_says_what_it_keeps() -> None:
    schedule = Schedule({"updates": 30})
    assert "updates" not in schedule.kept()
    assert {"conversations", "files", "sessions"} <= set(schedule.kept())
