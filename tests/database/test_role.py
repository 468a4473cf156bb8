"""Roles: granted and revoked for one bot, at most two seconds old in the front, and an error rather than a guess."""

import pytest
from sqlalchemy.exc import OperationalError

from database.db import Database
from database.engine import make_engine
from database.rbac import MAX_AGE, RoleCache
from tests.database.fixtures import another_bot
from tests.twins import Clock


def grant(database: Database, telegram_id: int, role: str) -> bool:
    with database.unit_of_work() as uow:
        return uow.roles.grant(telegram_id, role, granted_by=None)


def test_a_role_is_granted_once_and_revoked_once(database: Database) -> None:
    assert [grant(database, 7, "admin"), grant(database, 7, "admin"), grant(database, 7, "moderator")] == [
        True,
        False,
        True,
    ]
    with database.unit_of_work() as uow:
        assert uow.roles.of(7) == {"admin", "moderator"}
        assert [uow.roles.revoke(7, "admin"), uow.roles.revoke(7, "admin")] == [True, False]
        assert uow.roles.all() == {7: {"moderator"}}


def test_a_role_counts_in_its_own_bot_only(database: Database) -> None:
    other = another_bot(database.engine)
    grant(database, 7, "admin")
    with other.unit_of_work() as uow:
        assert uow.roles.of(7) == frozenset()
        assert not uow.roles.revoke(7, "admin")
        uow.roles.switch_ai(enabled=False)
    with database.reading() as uow:
        assert uow.roles.of(7) == {"admin"}
        assert uow.roles.ai_enabled()


def test_a_bot_without_a_row_has_no_ai(database: Database) -> None:
    unknown = Database(database.engine, -1, database.vault)
    with unknown.reading() as uow:
        assert not uow.roles.ai_enabled()


def test_the_cache_is_at_most_two_seconds_old(database: Database) -> None:
    clock = Clock()
    cache = RoleCache(database, clock=clock)
    assert cache.roles_of(7) == frozenset()
    grant(database, 7, "admin")
    clock.now += MAX_AGE - 0.01
    assert cache.roles_of(7) == frozenset()
    clock.now += 0.01
    assert cache.roles_of(7) == {"admin"}
    with database.unit_of_work() as uow:
        uow.roles.revoke(7, "admin")
    clock.now += MAX_AGE
    assert cache.roles_of(7) == frozenset()
    assert MAX_AGE <= 2.0


def test_without_the_database_nobody_gets_an_old_role(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    cache = RoleCache(sqlite, clock=clock)
    grant(sqlite, 7, "admin")
    assert cache.roles_of(7) == {"admin"}
    away = Database(make_engine("postgresql+psycopg://nobody@127.0.0.1:1/none"), sqlite.bot_id, sqlite.vault)
    monkeypatch.setattr(cache, "_database", away)
    clock.now += MAX_AGE
    for _ in range(2):
        with pytest.raises(OperationalError):
            cache.roles_of(7)
    monkeypatch.setattr(cache, "_database", sqlite)
    assert cache.roles_of(7) == {"admin"}
