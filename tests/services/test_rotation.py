"""Rotation of keys in one process: rows that others hold, lookups, archives, columns of every table."""

from pathlib import Path

import pytest
from sqlalchemy import select

from database.db import Database
from database.models import Base, User
from database.sealed import vaulted
from services import rotation
from services.jobs import Say
from services.rotation import Rotator
from tests.database.fixtures import INDEX_KEY, KEY
from tests.database.people import person
from tests.services.archiving import CUSTOMER, Room
from tests.services.bank import MODERATOR
from tests.services.forgetting import OTHER, Forgetting
from tests.services.rotating import NEW, NEW_INDEX, keyed
from tests.services.traces import everything
from utils.encryption import BlindIndex, generate_key

PHONE = "+79123456789"


@pytest.fixture
def rotated(database: Database) -> Database:
    """Return a database with two people under the old keys, as processes see it while they rotate."""
    with database.unit_of_work() as uow:
        for number in (1, 2):
            uow.users.set_phone(person(uow, number), PHONE, None)
            uow.users.set_profile(person(uow, number), "Anna")
    return keyed(database, NEW, KEY)


def names(database: Database) -> list[str]:
    with database.reading() as uow:
        return [uow.users.profile(user) for number in (1, 2) if (user := uow.users.get(number))]


def test_every_sealed_column_of_every_table_is_sealed_anew(database: Database, tmp_path: Path) -> None:
    bank = Forgetting(database, tmp_path / "objects")
    bank.lives()
    bank.bank.accept(Say(text="an update that waits"), OTHER)
    with database.unit_of_work() as uow:
        uow.broadcasts.draft(MODERATOR, "News")
        uow.operators.set_name(uow.operators.ensure(MODERATOR), "Anna")
        uow.holds.place(OTHER, "case 17", None)
    new = Rotator(keyed(database, NEW, KEY), batch=3)
    tables = {table.table.name for table in vaulted(Base.metadata)}
    assert {place for place, number in new.left().items() if number} == tables, "this test has a row of each"
    before = sorted(everything(database))
    new.run()
    assert not any(new.left().values())
    clear = [(where, value) for where, value in before if where in sealed_columns()]
    after = sorted(everything(keyed(database, NEW)))
    assert [(where, value) for where, value in after if where in sealed_columns()] == clear


def sealed_columns() -> set[str]:
    return {f"{table.table.name}.{name}" for table in vaulted(Base.metadata) for name in table.sealed}


def test_a_row_that_somebody_holds_is_left_for_the_next_round(
    rotated: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if rotated.system == "sqlite":
        pytest.skip("nobody else writes there at the same time")
    rotator = Rotator(rotated)
    with rotated.unit_of_work() as uow:
        uow.users.hold([1])
        monkeypatch.setattr(rotation, "sleep", lambda _seconds: uow.session.commit())  # the other one ends meanwhile
        assert rotator.run() == 2
    assert names(keyed(rotated, NEW)) == ["Anna", "Anna"]


def test_lookups_find_people_under_either_index_key(rotated: Database) -> None:
    with rotated.unit_of_work() as uow:
        first = uow.users.get(1)
        assert first
        uow.users.set_phone(first, PHONE, None)
        mark = uow.users.phone_mark(PHONE)
    old = keyed(rotated, KEY, index=(INDEX_KEY,))
    with old.reading() as uow:
        before = uow.users.phone_mark(PHONE)
    with rotated.reading() as uow:
        assert uow.users.is_phone_mark(PHONE, mark)
        assert uow.users.is_phone_mark(PHONE, before), "a button of before the rotation"
        assert not uow.users.is_phone_mark("+79990000000", mark)


def test_a_change_of_the_index_key_alone_is_a_rotation_too(database: Database) -> None:
    with database.unit_of_work() as uow:
        user = person(uow)
        uow.users.set_phone(user, PHONE, tier="typed")  # type: ignore[arg-type]
    new = keyed(database, KEY)
    assert Rotator(new).run() == 1
    with new.reading() as uow:
        found = uow.session.scalars(select(User.phone_index).where(User.bot_id == database.bot_id)).one()
    assert found == BlindIndex(NEW_INDEX).of(PHONE)


def test_a_row_of_an_older_process_is_found_though_one_that_no_key_opens_went(database: Database) -> None:
    stranger, new = keyed(database, generate_key()), Rotator(keyed(database, NEW, KEY))
    with stranger.unit_of_work() as uow:
        lost = uow.holds.place(1, "case 1", None).id
    new.run()
    with database.unit_of_work() as uow:
        uow.session.delete(uow.holds.lock(lost))
        uow.holds.place(2, "case 2", None)
    new.run()
    assert not any(new.left().values())


def test_archives_of_before_open_without_the_keys_of_their_time(database: Database, tmp_path: Path) -> None:
    talk = Room(database, tmp_path).talk()
    Room(database, tmp_path).archive()
    Rotator(keyed(database, NEW, KEY)).run()
    room = Room(keyed(database, NEW), tmp_path)
    [restored] = room.restore(lambda restorer: restorer.customer(CUSTOMER))
    assert (restored.conversation_id, room.findings()) == (talk, [])
