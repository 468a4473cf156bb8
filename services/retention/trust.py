"""Trust: which archives lie in storage as they were written, looked at before anything goes because of them."""

from collections.abc import Collection
from logging import getLogger
from uuid import UUID

from database.db import Database
from services.archive.checking import check_all
from services.archive.shelf import Shelf

_log = getLogger(__name__)


class Trust:
    """What archives hold that are whole at this moment."""

    def __init__(self, database: Database, shelf: Shelf) -> None:
        self._database = database
        self._shelf = shelf
        self._files: dict[UUID, frozenset[UUID] | None] = {}

    def look(self, archive_ids: Collection[UUID]) -> bool:
        """Check sums of archives that were not looked at yet; returns whether there were any. Raises StorageError."""
        if unseen := sorted(set(archive_ids) - set(self._files)):
            for checked in check_all(self._database, self._shelf, unseen, deep=False):
                sound = checked.manifest is not None and not checked.findings
                if not sound:
                    _log.error("an archive is damaged, nothing goes because of it", extra={"found": checked.shown})
                records = checked.manifest.records if checked.manifest else ()
                kept = frozenset(record.id for record in records if record.kind == "file")
                self._files[checked.archive.id] = kept if sound else None
        return bool(unseen)

    def is_whole(self, archive_id: UUID) -> bool:
        """Tell whether an archive that was looked at is whole."""
        return self._files[archive_id] is not None

    def holds(self, archive_id: UUID, file: UUID) -> bool:
        """Tell whether an archive that was looked at holds the bytes of a file."""
        return file in (self._files[archive_id] or ())
