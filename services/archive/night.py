"""The night: once a day idle talks are closed, what closed is archived, and what is too old goes, in this order."""

from datetime import datetime, time, timedelta
from logging import getLogger

from database.db import Database
from database.errors import StaleLease
from services.archive.archiving import Archivist
from services.archive.errors import ArchiveBusy, ArchiveDamaged
from services.metrics import ARCHIVE_LAST, ARCHIVE_RUNS, ARCHIVE_WAITS
from services.retention.running import Retention
from services.storage import StorageError

_JOB = "night"
_PAUSE = 300.0  # seconds between two attempts of the same night

_log = getLogger(__name__)


class Night:
    """Runs once a day at a time in UTC; whoever writes the row of the run has come to its end, so a kill repeats it."""

    def __init__(self, database: Database, archivist: Archivist, retention: Retention, at: time, after: float) -> None:
        self._database = database
        self._archivist = archivist
        self._retention = retention
        self._at = at
        self._after = after

    def tick(self) -> bool:
        """Look whether the night's work is due, and do it; returns whether it came to its end just now."""
        with self._database.unit_of_work() as uow:
            due_at = last_due(uow.now(), self._at)
            ARCHIVE_WAITS.set(uow.archives.waits())
            if (last := uow.archives.last()) and last.verified_at:
                ARCHIVE_LAST.set(last.verified_at.timestamp())
            name = f"{_JOB}:{self._database.bot_id}"
            if uow.schedule.has_run(name, due_at) or not uow.schedule.take_duty(name, _PAUSE):
                return False
        if not self._work():
            return False
        with self._database.unit_of_work() as uow:
            return uow.schedule.claim_run(name, due_at)

    def _work(self) -> bool:
        """Do the night's work; without the archive nothing goes, and all of it is tried again later."""
        self._retention.close_idle()
        try:
            done = self._archivist.run(self._after)
        except ArchiveBusy:
            return False
        except (StorageError, StaleLease, ArchiveDamaged) as error:
            ARCHIVE_RUNS.labels("failed").inc()
            _log.error("nothing was archived, and nothing goes", extra={"error": str(error)})
            return False
        ARCHIVE_RUNS.labels("done").inc()
        gone = self._retention.run()
        said = {"conversations": done.conversations, "unreadable": done.unreadable, "removed": gone.rows}
        _log.info("the night's work is done", extra=said | {"failed": gone.failed})
        return not gone.failed


def last_due(now: datetime, at: time) -> datetime:
    """Return when the night's work was due last."""
    today = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)
