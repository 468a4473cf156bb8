"""Archives whose time is over: first nobody counts on one any more, then storage lets go of it, then its row goes.

Whoever is killed between leaves an archive that was given up: the next archiving, or the next run, clears it away.
"""

from datetime import datetime

from database.db import Database
from services.archive.shelf import Shelf
from services.retention.dialogs import By, record


class Archives:
    """Lets archives of one bot go."""

    def __init__(self, database: Database, shelf: Shelf) -> None:
        self._database = database
        self._shelf = shelf

    def run(self, before: datetime, **by: By) -> int:
        """Let archives go that are of days before a moment; returns how many went. Raises StorageError."""
        with self._database.reading() as uow:
            over = uow.archive_ends.over(before)
        gone = 0
        for archive in over:
            with self._database.unit_of_work() as uow:
                uow.users.hold(uow.archive_ends.customers(archive.id))  # nobody places a hold meanwhile
                if not uow.archive_ends.end(archive.id, before):
                    continue
                record(uow, "archives", 1, before, by | {"archive": str(archive.id), "day": archive.day.isoformat()})
            gone += 1
            self._shelf.clear(archive)
            with self._database.unit_of_work() as uow:
                uow.archives.drop(archive.id)
        return gone
