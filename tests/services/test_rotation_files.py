"""Rotation of keys in storage: files that are read, kept, edited or removed while they are sealed anew."""

from pathlib import Path
from uuid import UUID

import pytest

from database.db import Database
from database.models import Attachment, AttachmentState
from services.gateways.folder_storage import FolderStorage
from services.rotation_files import FileRotator
from services.sealed_files import key_of, open_pieces, seal_pieces
from tests.database.fixtures import KEY
from tests.database.people import conversation
from tests.services.rotating import NEW, keyed
from utils.encryption import Keyring, UnknownKeyError


def kept(database: Database, storage: FolderStorage, folder: Path) -> UUID:
    """Keep a file under the newest key that a process has; returns its name in storage."""
    with database.unit_of_work() as uow:
        talk = conversation(uow)
        said = uow.messages.received(talk, "a file", None, answered=True)
        more = {"size": 5, "mime": "x/y", "name": "a", "album": None, "source_message_id": None}
        file = uow.attachments.add(said, talk, kind="document", file_id="1", **more)  # type: ignore[arg-type]
        uow.session.flush()
        sha = seal_pieces(database.vault.keyring, file.uid, [b"he", b"ron"], folder / "sealed")
        storage.put(key_of(database.bot_id, file.uid), folder / "sealed")
        uow.attachments.settle(file, AttachmentState.STORED, sha)
        return file.uid


def test_stored_files_are_sealed_anew_and_read_meanwhile(database: Database, tmp_path: Path) -> None:
    storage, new = FolderStorage(tmp_path / "objects"), keyed(database, NEW, KEY)
    uids = [kept(database, storage, tmp_path) for _ in range(3)]
    storage.remove(key_of(database.bot_id, uids[2]))  # was kept, and is lost
    files = FileRotator(new, storage)
    assert files.left() == 3
    files.run()
    assert files.left() == 0
    for uid in uids[:2]:
        storage.fetch(key_of(database.bot_id, uid), tmp_path / "fetched")
        assert b"".join(open_pieces(Keyring([NEW]), uid, tmp_path / "fetched")) == b"heron"
        with pytest.raises(UnknownKeyError):
            list(open_pieces(Keyring([KEY]), uid, tmp_path / "fetched"))
    with new.reading() as uow:
        assert uow.rotations.all()["files"].rows == 2
        assert {row.state for row in uow.session.query(Attachment).filter_by(bot_id=database.bot_id)} == {"stored"}


def test_a_file_that_an_older_process_kept_meanwhile_is_found_by_the_next_rotation(
    database: Database, tmp_path: Path
) -> None:
    storage = FolderStorage(tmp_path / "objects")
    files = FileRotator(keyed(database, NEW, KEY), storage)
    files.run()
    uid = kept(database, storage, tmp_path)
    files.run()
    storage.fetch(key_of(database.bot_id, uid), tmp_path / "fetched")
    assert b"".join(open_pieces(Keyring([NEW]), uid, tmp_path / "fetched")) == b"heron"


def test_a_file_that_goes_while_it_is_sealed_anew_does_not_come_back(database: Database, tmp_path: Path) -> None:
    class Leaving(FolderStorage):
        def fetch(self, key: str, file: Path) -> None:
            super().fetch(key, file)
            self.remove(key)  # as the retention does
            with database.unit_of_work() as uow:
                uow.leaving.dropped([uid])

    storage = Leaving(tmp_path / "objects")
    uid = kept(database, storage, tmp_path)
    FileRotator(keyed(database, NEW, KEY), storage).run()
    assert storage.keys("attachments/") == []


def test_a_file_that_an_edit_replaces_while_it_is_sealed_anew_is_not_its_old_self(
    database: Database, tmp_path: Path
) -> None:
    class Edited(FolderStorage):
        def fetch(self, key: str, file: Path) -> None:
            super().fetch(key, file)
            with database.unit_of_work() as uow:
                row = uow.attachments.by_uid(uid)
                assert row
                sha = seal_pieces(database.vault.keyring, uid, [b"crane"], tmp_path / "sealed")
                self.put(key, tmp_path / "sealed")
                uow.attachments.settle(row, AttachmentState.STORED, sha)

    storage = Edited(tmp_path / "objects")
    uid = kept(database, storage, tmp_path)
    FileRotator(keyed(database, NEW, KEY), storage).run()
    assert storage.keys("attachments/") == [], "the next reader has it fetched again"
