"""Leftovers: files from the console that no message came to name, because who took them in was killed before it."""

from datetime import UTC, datetime, timedelta
from logging import getLogger
from uuid import UUID

from database.db import Database
from services.sealed_files import key_of, marks
from services.storage import ObjectStore, StorageError

_PAUSE = 900.0  # seconds between two looks
_PATIENCE = timedelta(hours=1)  # after which nobody writes a message for a file any more

_log = getLogger(__name__)


class Leftovers:
    """Looks at what was marked on its way into the storage, and lets go what nobody needs."""

    def __init__(self, database: Database, storage: ObjectStore) -> None:
        self._database = database
        self._storage = storage

    def run(self) -> None:
        """Look, if nobody did so lately; a storage that is away is looked at next time."""
        with self._database.unit_of_work() as uow:
            if not uow.schedule.take_duty(f"leftovers:{self._database.bot_id}", _PAUSE):
                return
            now = uow.now()
        try:
            gone = self.clear(now - _PATIENCE)
        except StorageError as error:
            _log.warning("leftover files were not looked for", extra={"error": type(error).__name__})
            return
        if gone:
            _log.info("files that no message names were removed", extra={"number": gone})

    def clear(self, before: datetime) -> int:
        """Remove files marked before a moment that have no row, and their marks; returns how many files.

        Raises StorageError.
        """
        gone, bot_id = 0, self._database.bot_id
        for key in self._storage.keys(marks(bot_id)):
            seconds, _, uid = key.removeprefix(marks(bot_id)).partition(".")
            if datetime.fromtimestamp(int(seconds), UTC) >= before:
                continue
            with self._database.reading() as uow:
                named = uow.attachments.by_uid(UUID(uid)) is not None
            if not named:
                self._storage.remove(key_of(bot_id, UUID(uid)))
                gone += 1
            self._storage.remove(key)
        return gone
