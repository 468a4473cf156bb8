"""Whatever is done to archives in storage is found, named, and keeps rows where they are."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from database.db import Database
from database.models import ArchiveState
from database.queries.scope import Vault
from services.archive.checking import check_all
from services.archive.errors import ArchiveDamaged, NotArchived
from services.archive.shelf import Shelf
from services.gateways.folder_storage import FolderStorage
from services.storage import StorageError
from tests.database.fixtures import INDEX_KEY
from tests.services.archiving import CUSTOMER, OTHER, Room
from utils.encryption import BlindIndex, Keyring, UnknownKeyError, generate_key
from utils.identifiers import time_ordered_id


@pytest.fixture
def room(sqlite: Database, tmp_path: Path) -> Room:
    room = Room(sqlite, tmp_path)
    for who in (CUSTOMER, OTHER):
        room.talk(who)
    room.archive()
    return room


def stored(room: Room, name: str) -> Path:
    [path] = (room.folder / "archive").rglob(name)
    return path


def changed(path: Path, at: int = -1) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(bytes(content))


def resigned(room: Room, change: Callable[[dict[str, object]], None], ring: Keyring) -> None:
    """Change the manifest and stamp it anew, as somebody with a key does."""
    path = stored(room, "manifest.json")
    manifest = json.loads(path.read_text())["manifest"]
    change(manifest)
    said = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    path.write_text(json.dumps({"manifest": manifest, "stamp": ring.stamp(said.encode()).hex()}))


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda room: changed(stored(room, "part-00000")), "part-00000 has another checksum"),
        (lambda room: stored(room, "part-00000").unlink(), "part-00000 is missing in storage"),
        (lambda room: stored(room, "part-00000").write_bytes(b""), "part-00000 has another checksum"),
        (lambda room: stored(room, "manifest.json").unlink(), "manifest.json is missing in storage"),
        (lambda room: changed(stored(room, "manifest.json"), 40), "the manifest is not the one that was written"),
        (lambda room: stored(room, "manifest.json").write_text("{}"), "the manifest is not the one that was written"),
    ],
)
def test_damage_is_found_and_named(room: Room, damage: Callable[[Room], None], told: str) -> None:
    assert room.findings() == room.findings(deep=False) == []
    damage(room)
    for deep in (True, False):
        [finding] = room.findings(deep=deep)
        assert told in finding
    with pytest.raises(ArchiveDamaged, match=told):
        room.restore(lambda restorer: restorer.customer(CUSTOMER))


def test_without_the_database_a_manifest_still_vouches_for_itself(room: Room, tmp_path: Path) -> None:
    [archive] = room.archives()
    archive.manifest = None  # as if only the storage was left
    shelf = Shelf(room.kept, room.database.vault.keyring, room.database.bot_id, tmp_path)
    assert shelf.manifest(archive).counts.conversations == 2
    stranger = Keyring([generate_key()])
    resigned(room, lambda manifest: manifest.update(made_at="2020-01-01T00:00:00Z"), stranger)
    with pytest.raises(UnknownKeyError, match="no key with id"):
        shelf.manifest(archive)
    resigned(room, lambda manifest: manifest.update(root="00" * 32), room.database.vault.keyring)
    with pytest.raises(ArchiveDamaged, match="not those under its root"):
        shelf.manifest(archive)
    stored(room, "manifest.json").write_text("[]")
    with pytest.raises(ArchiveDamaged, match="cannot be read"):
        shelf.manifest(archive)


def test_a_wrong_key_is_told(room: Room, tmp_path: Path) -> None:
    keys = Keyring([generate_key()])
    other = Database(room.database.engine, room.database.bot_id, Vault(keys, BlindIndex(INDEX_KEY)))
    shelf = Shelf(room.kept, keys, other.bot_id, tmp_path)
    [checked] = check_all(other, shelf)
    assert "no key with id" in checked.findings[0]
    with other.reading() as uow:
        [archive] = uow.archives.whole()
    assert archive.findings == 2, "no data key opens without it"
    list(check_all(room.database, Shelf(room.kept, room.database.vault.keyring, other.bot_id, tmp_path)))
    assert room.archives()[0].findings == 0
    with pytest.raises(NotArchived, match="there is no archive"):
        list(check_all(room.database, shelf, [time_ordered_id()]))


class Forgetful(FolderStorage):
    """Storage that gives back other bytes than it was given."""

    def fetch(self, key: str, file: Path) -> None:
        """Copy what a key holds, all but a bit of it."""
        super().fetch(key, file)
        if "part" in key:
            changed(file)


class Flaky(FolderStorage):
    """Storage that fails some times."""

    def __init__(self, folder: Path, fails: str, times: int = 1) -> None:
        super().__init__(folder)
        self._fails, self._left = fails, times

    def put(self, key: str, file: Path) -> None:
        """Keep a file, or fail."""
        if self._fails in key and self._left:
            self._left -= 1
            raise StorageError("away")
        super().put(key, file)


def test_what_does_not_come_back_as_it_was_does_not_count(sqlite: Database, tmp_path: Path) -> None:
    room = Room(sqlite, tmp_path)
    room.talk()
    with pytest.raises(ArchiveDamaged, match=r"does not come back: part-00000 has another checksum"):
        room.archive(Forgetful(tmp_path / "archive"))
    assert (room.archives(), room.unarchived(), room.objects()) == ([], 1, [])
    assert room.archive().conversations == 1


@pytest.mark.parametrize("fails", ["part", "manifest"])
def test_a_storage_that_fails_leaves_nothing_and_the_next_run_goes_on(
    sqlite: Database, tmp_path: Path, fails: str
) -> None:
    room = Room(sqlite, tmp_path)
    room.talk()
    flaky = Flaky(tmp_path / "archive", fails)
    with pytest.raises(StorageError, match="away"):
        room.archive(flaky)
    assert (room.archives(), room.objects()) == ([], [])
    assert room.archives(ArchiveState.ABANDONED) == []
    assert room.archive(flaky).conversations == 1
    assert room.findings() == []


class Clinging(Flaky):
    """Storage that fails, and does not let go of what it has, as one does that is locked."""

    clings = True

    def remove(self, key: str) -> None:
        """Forget a key, or refuse."""
        if self.clings:
            raise StorageError("AccessDenied")
        super().remove(key)


def test_what_storage_does_not_let_go_of_is_cleared_once_it_does(sqlite: Database, tmp_path: Path) -> None:
    room = Room(sqlite, tmp_path)
    room.talk()
    clinging = Clinging(tmp_path / "archive", "manifest")
    with pytest.raises(StorageError, match="away"):
        room.archive(clinging)
    assert (len(room.archives(ArchiveState.ABANDONED)), len(room.objects())) == (1, 1)
    assert room.archive(clinging).conversations == 1
    assert len(room.archives(ArchiveState.ABANDONED)) == 1
    clinging.clings = False
    room.archive(clinging)
    kept = str(room.archives()[0].id)
    assert {name.split("/")[1] for name in room.objects()} == {kept}
    assert (room.archives(ArchiveState.ABANDONED), room.findings()) == ([], [])
