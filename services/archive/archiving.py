"""Archiving: what closed goes to object storage, is read back, and only then counts as archived.

The order is the promise: parts, the manifest, all of it read back and opened, one transaction that says so. Whoever is
killed before that leaves an archive that nobody counts on; the next one finishes it, if its manifest is there, or
takes it away.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from database.db import Database
from database.models import Archive
from database.queries.archive import Due, Place, Writing
from services.archive.binding import LEASE, Binding
from services.archive.errors import ArchiveBusy, ArchiveDamaged
from services.archive.filling import Filling
from services.archive.packing import PART_BYTES, Packer
from services.metrics import ARCHIVED
from services.storage import ObjectStore, StorageError

_MOST = 10_000  # conversations in one archive, so that a kill costs no more than those
_PAGE = 100  # conversations read at once


@dataclass
class Done:
    """What a run did; `unreadable` are conversations that do not open and so stay where they are, `size` in bytes."""

    archives: list[UUID] = field(default_factory=list)
    conversations: int = 0
    messages: int = 0
    files: int = 0
    size: int = 0
    unreadable: int = 0

    def count(self, archive: Archive) -> None:
        """Add an archive that is whole."""
        self.archives.append(archive.id)
        self.conversations += archive.conversations
        self.messages += archive.messages
        self.files += archive.files
        self.size += archive.size
        ARCHIVED.inc(archive.conversations)


class Archivist:
    """Writes the archives of one bot: `store` is where they go, `files` where the bytes of attachments lie.

    `by` are details that the audit log is told of who does it.
    """

    def __init__(  # noqa: PLR0913 - each part is named
        self,
        database: Database,
        store: ObjectStore,
        files: ObjectStore,
        *,
        part_bytes: int = PART_BYTES,
        most: int = _MOST,
        by: Mapping[str, str | int | bool | None] | None = None,
    ) -> None:
        self._database = database
        self._store = store
        self._files = files
        self._part_bytes = part_bytes
        self._most = most
        self._by = by or {}

    def run(self, after: float) -> Done:
        """Archive what closed some seconds ago or earlier, day after day; what was done before is not done again.

        Raises ArchiveBusy when somebody else does so, StorageError, StaleLease, and ArchiveDamaged when what was
        written does not come back as it was.
        """
        done = Done()
        self._finish_left(done)
        with self._database.reading() as uow:
            until = uow.now() - timedelta(seconds=after)
        place: Place | None = None
        while first := self._due(until, place, 1):
            place = self._archive(first[0], until, place, done)
        return done

    def _finish_left(self, done: Done) -> None:
        """See to the archive that somebody was killed over, if there is one, and to what could not be taken away."""
        with self._database.reading() as uow:
            left = uow.archives.abandoned()
        with TemporaryDirectory(prefix="archive-") as room:
            for abandoned in left:
                Binding(self._database, self._store, abandoned, Path(room)).clear()
        with self._database.unit_of_work() as uow:
            writing = uow.archives.take_over(LEASE)
        if writing is None:
            return
        with TemporaryDirectory(prefix="archive-") as room:
            binding = Binding(self._database, self._store, writing, Path(room))
            try:
                if binding.is_sealed():
                    done.count(binding.complete(**self._by))
                else:
                    binding.give_up()
            except ArchiveDamaged:
                binding.give_up()
            except StorageError:
                binding.let_go()
                raise

    def _archive(self, first: Due, until: datetime, place: Place | None, done: Done) -> Place:
        """Write an archive of the day of the first conversation behind a place; returns the last one's place."""
        day = first.ended_at.astimezone(UTC).date()
        until = min(until, datetime.combine(day + timedelta(days=1), time(), UTC))
        with self._database.unit_of_work() as uow:
            writing = uow.archives.begin(day, LEASE)
        if writing is None:
            raise ArchiveBusy("another process is writing an archive")
        pages = _Pages(self._due, until, place, self._most)
        with TemporaryDirectory(prefix="archive-") as room:
            binding = Binding(self._database, self._store, writing, Path(room))
            try:
                self._fill(writing, binding, Path(room), pages, done)
            except BaseException:
                binding.give_up()
                raise
        return pages.place or (first.ended_at, first.id)

    def _fill(self, writing: Writing, binding: Binding, room: Path, pages: Iterable[list[Due]], done: Done) -> None:
        filling = Filling(self._database, self._files, writing, Packer(room, binding.put, self._part_bytes), room)
        for page in pages:
            filling.add(page)
        with self._database.reading() as uow:
            manifest = filling.manifest(uow.now())
        if manifest is None:
            binding.give_up()
        else:
            binding.seal(manifest)
            done.count(binding.complete(**self._by))
        done.unreadable += filling.unreadable

    def _due(self, until: datetime, place: Place | None, limit: int) -> list[Due]:
        with self._database.reading() as uow:
            return uow.archives.due(until, place, limit)


class _Pages:
    """What is due before a moment and behind a place, page by page; `place` is then that of the last one."""

    def __init__(
        self, due: Callable[[datetime, Place | None, int], list[Due]], until: datetime, place: Place | None, most: int
    ) -> None:
        self._due = due
        self._until = until
        self._after = place
        self._most = most
        self.place: Place | None = None

    def __iter__(self) -> Iterator[list[Due]]:
        left = self._most
        while left > 0 and (page := self._due(self._until, self.place or self._after, min(_PAGE, left))):
            self.place = page[-1].ended_at, page[-1].id
            left -= len(page)
            yield page
