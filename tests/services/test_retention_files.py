"""Bytes of files go once an archive holds them, and neither hold anything up nor go before they may."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update

from database.db import Database
from database.models import Attachment, Conversation
from services.access import Role
from services.gateways.folder_storage import FolderStorage
from services.jobs import End
from services.retention.hold import place
from services.sealed_files import key_of
from tests.services.archiving import CUSTOMER, Room
from tests.services.bank import MODERATOR
from tests.services.keeping import Cabinet
from tests.services.keeping_days import aged, keeper, number

YEAR = 365


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Room:
    return Room(database, tmp_path)


def opened(cabinet: Cabinet) -> UUID:
    """Let the customer send a file and their moderator open it, which keeps it; returns its name."""
    cabinet.line.connect()
    uid = cabinet.sent(b"%PDF-1.7 " + b"x" * 500)
    cabinet.read(uid, MODERATOR)
    return uid


def of_last_year(room: Room, folder: Path) -> UUID:
    """Let a conversation with a file have ended more than a year ago; returns the file's name."""
    uid = opened(Cabinet(room.line, folder / "objects"))
    room.bank.does(End())
    room.line.deliver()
    aged(room, 400)
    return uid


def test_a_lost_file_neither_keeps_its_conversation_nor_fills_archives_every_night(room: Room, tmp_path: Path) -> None:
    uid = of_last_year(room, tmp_path)
    room.files.remove(key_of(room.database.bot_id, uid))
    schedule = keeper(room, conversations=YEAR)
    for _ in range(3):
        room.archive()
        schedule.run()
    assert (number(room.database, Conversation), len(room.archives())) == (0, 1)


@pytest.mark.parametrize("kind", ["conversations", "files"])
def test_a_hold_that_is_placed_while_archives_are_looked_at_keeps_files(room: Room, tmp_path: Path, kind: str) -> None:
    class Slow(FolderStorage):
        def fetch(self, key: str, file: Path) -> None:
            super().fetch(key, file)
            if "part" in key:
                with room.database.unit_of_work() as uow:
                    place(uow, CUSTOMER, "case 8", actor=None)

    uid = of_last_year(room, tmp_path)
    room.archive()
    with room.database.unit_of_work() as uow:
        old = uow.now() - timedelta(days=400)
        uow.session.execute(update(Attachment).where(Attachment.uid == uid).values(stored_at=old))
    room.kept = Slow(tmp_path / "archive")
    assert keeper(room, **{kind: YEAR}).run().rows == {kind: 0}
    assert list((tmp_path / "objects").rglob(str(uid)))


def test_bytes_of_files_go_when_they_are_archived(room: Room, tmp_path: Path) -> None:
    cabinet = Cabinet(room.line, tmp_path / "objects")
    uid = opened(cabinet)
    with room.database.unit_of_work() as uow:
        stored_long_ago = uow.now() - timedelta(days=2 * YEAR)
        own = update(Attachment).where(Attachment.uid == uid)
        uow.session.execute(own.values(stored_at=stored_long_ago))
    schedule = keeper(room, files=YEAR)
    assert schedule.run().rows == {"files": 0}, "its conversation still goes on"
    room.bank.does(End())
    room.archive()
    assert schedule.run().rows == {"files": 1}
    assert list((tmp_path / "objects").rglob(str(uid))) == []
    assert (room.archive().archives, room.findings()) == ([], []), "the dialog is still the one that is archived"
    room.bank.grant(MODERATOR, Role.SUPERVISOR)
    assert cabinet.read(uid, MODERATOR), "the messenger still has it"
