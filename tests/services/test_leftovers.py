"""Files from the console whose taker was killed go after an hour; those that a message names stay."""

from datetime import timedelta
from pathlib import Path

import pytest

from database.db import Database
from services.desk.desk import Desk
from services.desk.enclosing import send_files
from services.errors import FileGoneError
from services.gateways.folder_storage import FolderStorage
from services.leftovers import Leftovers
from services.storage import StorageError
from services.uploads import Upload, Uploads
from tests.services.bank import POLICY
from tests.services.desking import ANNA, Floor
from tests.twins import TwinRunning

WORDS = b"some words"


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "objects")


@pytest.fixture
def uploads(database: Database, storage: FolderStorage) -> Uploads:
    return Uploads(database.vault.keyring, database.bot_id, storage, TwinRunning(POLICY))


def taken_in(uploads: Uploads) -> list[Upload]:
    with uploads.tray([("a.txt", len(WORDS))]) as tray:
        tray.write(WORDS)
        return tray.keep()


def look(database: Database, storage: FolderStorage, hours: float) -> int:
    """Look as if so many hours had gone by since just now."""
    with database.reading() as uow:
        before = uow.now() + timedelta(hours=hours - 1, seconds=5)
    return Leftovers(database, storage).clear(before)


def test_what_no_message_names_goes_after_an_hour(database: Database, uploads: Uploads, storage: FolderStorage) -> None:
    [lost] = taken_in(uploads)
    assert look(database, storage, hours=0.5) == 0
    assert uploads.content(lost.uid) == WORDS
    assert look(database, storage, hours=1) == 1
    with pytest.raises(FileGoneError):
        uploads.content(lost.uid)
    assert storage.keys("") == []


def test_what_a_message_names_stays(database: Database, uploads: Uploads, storage: FolderStorage) -> None:
    floor = Floor.of(database, ANNA)
    floor.meet(ANNA, 1)
    kept = taken_in(uploads)
    with database.unit_of_work() as uow:
        desk = Desk(uow, floor.tools, ANNA)
        send_files(desk, desk.locked(floor.conversation(1).id), kept, "")
    assert look(database, storage, hours=1) == 0
    assert uploads.content(kept[0].uid) == WORDS
    assert len(storage.keys("")) == 1, "its mark has gone"


class Away(FolderStorage):
    """A storage that cannot be listed."""

    looks = 0

    def keys(self, prefix: str) -> list[str]:
        """Fail, and count that."""
        self.looks += 1
        raise StorageError(prefix)


def test_a_storage_that_is_away_is_looked_at_later_by_one_of_all(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    away = Away(tmp_path)
    for _ in range(2):
        Leftovers(database, away).run()
    assert away.looks == 1
    assert "leftover files were not looked for" in caplog.text
