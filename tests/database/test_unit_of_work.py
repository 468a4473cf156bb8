"""The unit of work: all or nothing, and what follows a commit follows only that."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from database.db import Database
from database.engine import make_engine
from tests.database.people import person


def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    done: list[str] = []

    def fails() -> None:
        with database.unit_of_work() as uow:
            person(uow, 1)
            uow.after_commit(lambda: done.append("woken"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    with database.reading() as uow:
        assert uow.users.get(1) is None
    assert done == []


def test_what_follows_a_commit_sees_its_rows_and_comes_in_order(database: Database) -> None:
    seen: list[tuple[str, int]] = []

    def look(name: str) -> None:
        with database.reading() as uow:
            seen.append((name, uow.users.counts()["all"]))

    with database.unit_of_work() as uow:
        person(uow, 1)
        uow.after_commit(lambda: look("first"))
        uow.after_commit(lambda: look("second"))
        assert seen == []
    assert seen == [("first", 1), ("second", 1)]


def test_what_fails_after_a_commit_takes_nothing_back(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    def fails() -> None:
        raise RuntimeError("the hint got lost")

    with database.unit_of_work() as uow:
        person(uow, 1)
        uow.after_commit(fails)
        uow.after_commit(lambda: done.append("woken"))
    with database.reading() as uow:
        assert uow.users.get(1)
    assert done == ["woken"]
    assert "what follows a commit failed" in caplog.text


def test_the_time_is_told_while_somebody_else_asks_who_waits_for_the_writer(database: Database) -> None:
    """In SQLite the other one waits for this one's lock; waiting for each other would end as "database is locked"."""
    asking = Event()

    def ask() -> datetime:
        with database.unit_of_work() as uow:
            return uow.now()

    def taken(*_connection: object) -> None:
        asking.set()

    with ThreadPoolExecutor(1) as pool:
        with database.unit_of_work() as writing:
            person(writing, 1)
            writing.session.flush()
            event.listen(database.engine, "checkout", taken)
            try:
                other = pool.submit(ask)
                assert asking.wait(30)
                mine = writing.now()
            finally:
                event.remove(database.engine, "checkout", taken)
        assert abs(other.result() - mine) < timedelta(minutes=1)


def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    with database.unit_of_work() as writing:
        person(writing, 1)
        with database.reading() as uow:
            assert uow.users.get(1) is None


def test_errors_do_not_show_what_was_written(database: Database) -> None:
    with pytest.raises(DBAPIError, match="no_such_table") as raised, database.unit_of_work() as uow:
        uow.session.execute(text("INSERT INTO no_such_table VALUES (:words)"), {"words": "my card is lost"})
    assert "my card is lost" not in str(raised.value)


def test_a_database_that_is_away_is_said_at_once(database: Database) -> None:
    database.ping()
    away = Database(make_engine("postgresql+psycopg://nobody@127.0.0.1:1/none"), 1, database.vault)
    with pytest.raises(OperationalError):
        away.ping()
