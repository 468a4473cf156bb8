"""Whoever reads a large archive back shows that they are alive, so that nobody begins it anew without an end."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from database.db import Database
from database.models import Archive, ArchiveState
from services.archive.binding import LEASE
from services.gateways.folder_storage import FolderStorage
from tests.services.archiving import CUSTOMER, OTHER, Room


class Slow(FolderStorage):
    """Storage that takes seven minutes for each part that is read back, while others look for work."""

    database: Database
    parts = 0

    def fetch(self, key: str, file: Path) -> None:
        """Copy what a key holds, minutes later."""
        super().fetch(key, file)
        if "part" not in key:
            return
        self.parts += 1
        with self.database.unit_of_work() as uow:
            mine = select(Archive).where(Archive.bot_id == uow.scope.bot_id, Archive.state == ArchiveState.WRITING)
            row = uow.session.scalars(mine).one()
            assert row.lease_until
            row.lease_until -= timedelta(minutes=7)
        with self.database.unit_of_work() as uow:
            assert uow.archives.take_over(LEASE) is None, "its writer is reading"


def test_nobody_takes_an_archive_over_that_takes_long_to_read_back(database: Database, tmp_path: Path) -> None:
    room = Room(database, tmp_path, part_bytes=1)
    for who in (CUSTOMER, OTHER, 3):
        room.talk(who)
    slow = Slow(tmp_path / "archive")
    slow.database = database
    assert room.archive(slow).conversations == slow.parts == 3
