"""The shelf: built indexes in object storage, and copies of them on this machine, to be mapped into memory."""

import shutil
import tempfile
from pathlib import Path
from uuid import UUID

from database.models import IndexVersion
from services.knowledge.artifact import unpack
from services.storage import ObjectStore


class Shelf:
    """Keeps indexes under `index/<bot>/<id>.<checksum's beginning>`; a copy is made once and used by all processes."""

    def __init__(self, storage: ObjectStore, folder: Path, bot_id: int) -> None:
        self._storage = storage
        self._folder = folder / str(bot_id)
        self._prefix = f"index/{bot_id}/"

    def put(self, index_id: UUID, checksum: str, file: Path) -> None:
        """Store a packed index; raises StorageError."""
        self._storage.put(self._prefix + _name(index_id, checksum), file)

    def folder_of(self, index: IndexVersion) -> Path | None:
        """Return the folder of an index that has a copy here."""
        folder = self._folder / _name(index.id, index.checksum or "")
        return folder if folder.is_dir() else None

    def fetch(self, index: IndexVersion) -> Path:
        """Return the folder of an index, with a copy made if there is none.

        Raises StorageError; ObjectMissing and ArtifactDamagedError mean that the index has to be built again.
        """
        if folder := self.folder_of(index):
            return folder
        name = _name(index.id, index.checksum or "")
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix="fetch-") as room:
            file, parts = Path(room) / "packed", Path(room) / "parts"
            self._storage.fetch(self._prefix + name, file)
            unpack(file, parts, index.checksum or "")
            try:
                parts.rename(self._folder / name)
            except OSError:  # another process was faster, and its copy is as good
                if not (self._folder / name).is_dir():
                    raise
        return self._folder / name

    def drop_copy(self, index: IndexVersion) -> None:
        """Remove the copy of an index; processes that have it mapped keep what they have."""
        shutil.rmtree(self._folder / _name(index.id, index.checksum or ""), ignore_errors=True)

    def remove(self, index: IndexVersion) -> None:
        """Remove an index from storage and its copy from this machine; raises StorageError."""
        self._storage.remove(self._prefix + _name(index.id, index.checksum or ""))
        self.drop_copy(index)


def _name(index_id: UUID, checksum: str) -> str:
    return f"{index_id}.{checksum[:12]}"
