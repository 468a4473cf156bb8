"""The shelf: built indexes in object storage, and copies of them on this machine, to be mapped into memory."""

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from database.models import IndexState, IndexVersion
from services.knowledge.artifact import unpack
from services.storage import ObjectStore

_ROOM = "room-"  # what folders are called in which something is being made
_LONGEST = 6 * 3600.0  # seconds that making it may take; whoever began a folder that is older was killed


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

    @contextmanager
    def room(self) -> Iterator[Path]:
        """Give a folder to make something in, on the disk where the copies are; it is gone afterwards."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=_ROOM) as room:
            yield Path(room)

    def fetch(self, index: IndexVersion) -> Path:
        """Return the folder of an index, with a copy made if there is none.

        Raises StorageError; ObjectMissing and ArtifactDamagedError mean that the index has to be built again.
        """
        if folder := self.folder_of(index):
            return folder
        name = _name(index.id, index.checksum or "")
        with self.room() as room:
            file, parts = room / "packed", room / "parts"
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
        self.drop_copies([_name(index.id, index.checksum or "")])

    def remove(self, index: IndexVersion) -> None:
        """Remove an index from storage and its copy from this machine; raises StorageError."""
        self._storage.remove(self._prefix + _name(index.id, index.checksum or ""))
        self.drop_copy(index)

    def stored(self) -> list[str]:
        """Return the names of what lies in storage; raises StorageError."""
        return [key.removeprefix(self._prefix) for key in self._storage.keys(self._prefix)]

    def copies(self) -> list[str]:
        """Return the names of the copies on this machine, and of rooms that somebody who was killed left behind."""
        if not self._folder.is_dir():
            return []
        return [path.name for path in self._folder.iterdir() if not path.name.startswith(_ROOM) or _is_left(path)]

    def drop(self, names: Iterable[str]) -> None:
        """Remove indexes from storage; raises StorageError."""
        for name in names:
            self._storage.remove(self._prefix + name)

    def drop_copies(self, names: Iterable[str]) -> None:
        """Remove copies from this machine."""
        for name in names:
            shutil.rmtree(self._folder / name, ignore_errors=True)


def left_over(names: Iterable[str], known: Iterable[IndexVersion]) -> list[str]:
    """Return the names that belong to no index any more.

    `known` has to be read after `names`: every index has its row before anything of it is stored. One that is wanted
    keeps all that is called after it, as whoever builds it may be about to write down which it is.
    """
    rows = list(known)
    ready = {_name(row.id, row.checksum or "") for row in rows if row.state == IndexState.READY}
    wanted = {str(row.id) for row in rows if row.state == IndexState.WANTED}
    return [name for name in names if name not in ready and name.partition(".")[0] not in wanted]


def _is_left(room: Path) -> bool:
    try:
        return time.time() - room.stat().st_mtime > _LONGEST
    except FileNotFoundError:  # it ended just now
        return False


def _name(index_id: UUID, checksum: str) -> str:
    return f"{index_id}.{checksum[:12]}"
