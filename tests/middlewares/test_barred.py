"""Whom the bank bars: kept out at the front, in silence once told, and nobody else because of it."""

import pytest
from sqlalchemy.exc import OperationalError

from database.barred import BarredCache
from database.db import Database
from middlewares.barred import KeepOut
from middlewares.chain import Chain, Incoming
from services.access import Permission
from services.jobs import Refusal, Refused, Sender
from tests.database.people import person
from tests.twins import Clock

BARRED, TOLD, OTHER = 1, 2, 3


@pytest.fixture
def barred(database: Database) -> Database:
    with database.unit_of_work() as uow:
        for telegram_id in (BARRED, TOLD):
            uow.users.bar(person(uow, telegram_id), barred=True)
        person(uow, TOLD).barred_told = True
        person(uow, OTHER)
    return database


def test_only_they_are_refused_and_told_once(barred: Database) -> None:
    batch = [Incoming(Sender(telegram_id=number), Permission.TALK, "message") for number in (BARRED, TOLD, OTHER, 4)]
    Chain([KeepOut(BarredCache(barred))]).check(batch)
    assert [incoming.refused for incoming in batch] == [Refused(reason=Refusal.BARRED)] * 2 + [None] * 2
    assert [incoming.silent for incoming in batch] == [False, True, False, False]


def test_a_change_is_seen_within_two_seconds(barred: Database) -> None:
    clock = Clock()
    cache = BarredCache(barred, clock=clock)
    assert cache.barred() == {BARRED: False, TOLD: True}
    with barred.unit_of_work() as uow:
        uow.users.bar(person(uow, BARRED), barred=False)
    clock.now += 1.9
    assert BARRED in cache.barred()
    clock.now += 0.1
    assert cache.barred() == {TOLD: True}


def test_with_the_database_away_the_last_copy_holds(barred: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, asked = Clock(), []
    cache = BarredCache(barred, clock=clock)
    before = cache.barred()

    def away() -> None:
        asked.append(clock.now)
        raise OperationalError("SELECT", {}, OSError("away"))

    monkeypatch.setattr(barred, "reading", away)
    clock.now += 2
    assert [cache.barred() for _ in range(3)] == [before] * 3
    assert len(asked) == 1
