"""The archive in the administrators' panel: what was archived, what waits, and what is damaged."""

from pathlib import Path

import pytest

from database.db import Database
from services.access import Role
from services.administration.jobs import Administer
from services.retention.hold import place
from tests.services.archiving import CUSTOMER, OTHER, Room
from tests.services.bank import ADMIN, MODERATOR

OPEN = Administer(section="archive")


@pytest.fixture
def room(sqlite: Database, tmp_path: Path) -> Room:
    room = Room(sqlite, tmp_path)
    room.bank.grant(ADMIN, Role.ADMIN)
    return room


def test_it_shows_what_was_archived_and_what_waits(room: Room) -> None:
    [screen] = room.bank.does(OPEN, ADMIN)
    assert "archives.none" in screen
    assert "archives.nothing_waits" in screen
    room.talk(CUSTOMER)
    [screen] = room.bank.does(OPEN, ADMIN)
    assert "archives.waits hours=0" in screen
    room.archive()
    with room.database.unit_of_work() as uow:
        uow.archives.checked(room.archives()[0].id, 2)
        place(uow, CUSTOMER, "case 7", actor=None)
    [screen] = room.bank.does(OPEN, ADMIN)
    assert "number=1 at=" in screen
    assert "archives.findings number=2" in screen
    assert "archives.holds number=1" in screen


def test_more_archives_are_on_the_next_page_and_nobody_else_sees_them(room: Room) -> None:
    room.most = 1
    for who in range(100, 109):
        room.talk(who)
    room.archive()
    [first] = room.bank.does(OPEN, ADMIN)
    [second] = room.bank.does(Administer(section="archive", arguments=("1",)), ADMIN)
    assert (first.count("archives.row"), second.count("archives.row")) == (8, 1)
    room.bank.grant(MODERATOR, Role.MODERATOR)
    assert not any("archives.row" in told for who in (OTHER, MODERATOR) for told in room.bank.does(OPEN, who))
