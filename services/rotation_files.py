"""Rotation of keys in storage: files of dialogs that were kept are sealed anew, one after the other."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from database.db import Database
from database.models import Attachment, AttachmentState, Rotation
from services.errors import FileError
from services.rotation import Progress
from services.sealed_files import is_current, key_of, open_pieces, seal_pieces
from services.storage import ObjectMissing, ObjectStore
from utils.encryption import EncryptionError

PLACE = "files"
_BATCH = 20  # files between two notes of how far it is


class FileRotator:
    """Brings the stored files of a bot under its newest key; one that is read meanwhile is there whole, old or new."""

    def __init__(self, database: Database, storage: ObjectStore) -> None:
        self._database = database
        self._storage = storage

    def run(self, told: Progress = lambda _place, _row: None) -> None:
        """Rotate until all stored files are under the newest key; raises StorageError."""
        since = self._again()
        while not (row := self._step(since)).done_at:
            told(PLACE, row)
        told(PLACE, row)

    def left(self) -> int:
        """Return how many stored files have not been looked at under these keys."""
        with self._database.reading() as uow:
            row = uow.rotations.all().get(PLACE)
            return 0 if row and row.done_at else uow.rotations.stored_after(row.cursor if row else "")

    def _again(self) -> datetime | None:
        """Begin again where all was done, with what was stored since: a process with an old list of keys may have."""
        with self._database.unit_of_work() as uow:
            row = uow.rotations.hold(PLACE)
            if row.done_at is None:
                return None
            row.cursor, row.done_at = "", None
            return row.created_at

    def _step(self, since: datetime | None) -> Rotation:
        with self._database.unit_of_work() as uow:
            row = uow.rotations.hold(PLACE)
            files = () if row.done_at else uow.rotations.files(row.cursor, _BATCH, since)
            if not files and not row.done_at:
                row.done_at = uow.now()
        if not files:
            return row
        changed, unreadable = 0, 0
        for file in files:
            try:
                changed += self._renew(file)
            except (EncryptionError, FileError):
                unreadable += 1
        with self._database.unit_of_work() as uow:
            row = uow.rotations.hold(PLACE)
            row.cursor, row.rows = str(files[-1].id), row.rows + changed
            row.unreadable += unreadable
            return row

    def _renew(self, file: Attachment) -> bool:
        """Seal a file anew, unless it is under the newest key or gone; raises EncryptionError, StorageError."""
        keyring, key = self._database.vault.keyring, key_of(file.bot_id, file.uid)
        with TemporaryDirectory(prefix="rotation-") as folder:
            old, new = Path(folder) / "old", Path(folder) / "new"
            try:
                self._storage.fetch(key, old)
            except ObjectMissing:
                return False
            if is_current(keyring, old):
                return False
            seal_pieces(keyring, file.uid, open_pieces(keyring, file.uid, old), new)
            self._storage.put(key, new)
        with self._database.reading() as uow:
            now = uow.attachments.by_uid(file.uid)
        if now is None or now.state != AttachmentState.STORED or now.sha256 != file.sha256:
            self._storage.remove(key)  # it went or was replaced meanwhile: what was just put is not what it is now
        return True
