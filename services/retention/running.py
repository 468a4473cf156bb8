"""Running: what is older than the schedule says goes, class by class, in small transactions; and the plan of that."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from logging import getLogger
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.exc import SQLAlchemyError

from database.db import Database
from services.archive.shelf import Shelf
from services.conversation import Act, forget_question, move
from services.metrics import RETAINED
from services.retention.archives import Archives
from services.retention.dialogs import By, Dialogs, record
from services.retention.schedule import ARCHIVES, CONVERSATIONS, FILES, Planned, Schedule
from services.retention.trust import Trust
from services.storage import ObjectStore, StorageError

_BATCH = 500  # rows in one transaction, so that nobody waits for their locks

_log = getLogger(__name__)


@dataclass
class Gone:
    """How many rows went of each class, and of which classes something went wrong: its name, and what."""

    rows: dict[str, int] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


class Retention:
    """Keeps one bot's rows no longer than its schedule says; `shelf` reads archives in a folder that it is given."""

    def __init__(
        self, database: Database, schedule: Schedule, shelf: Callable[[Path], Shelf], files: ObjectStore, **by: By
    ) -> None:
        self._database = database
        self.schedule = schedule
        self._shelf = shelf
        self._files = files
        self._by = by

    def plan(self) -> list[Planned]:
        """Return what a run would do now; nothing is changed."""
        with self._database.reading() as uow:
            now = uow.now()
        return [self._planned(kind, before) for kind, before in self.schedule.due(now)]

    def run(self) -> Gone:
        """Let go what is due. A class that fails keeps its rows, and holds up no other one."""
        gone = Gone()
        with self._database.reading() as uow:
            now = uow.now()
        with self._dialogs() as dialogs:
            for kind, before in self.schedule.due(now):
                try:
                    gone.rows[kind] = rows = self._let_go(dialogs, kind, before)
                except (StorageError, SQLAlchemyError) as error:
                    gone.failed[kind] = str(error) if isinstance(error, StorageError) else type(error).__name__
                    said = {"class": kind, "error": gone.failed[kind]}
                    _log.error("a class of data is kept longer than it should be", extra=said)
                    continue
                RETAINED.labels(kind).inc(rows)
        return gone

    def close_idle(self) -> int:
        """Close talks with the AI in which nobody has said anything for long; returns how many."""
        closed = 0
        while self.schedule.idle:
            with self._database.unit_of_work() as uow:
                quiet = uow.leaving.idle(self.schedule.idle, _BATCH)
                for conversation in quiet:
                    forget_question(conversation)
                    move(conversation, Act.END)
                    conversation.closed_at = uow.now()
            closed += len(quiet)
            if len(quiet) < _BATCH:
                break
        return closed

    def _let_go(self, dialogs: Dialogs, kind: str, before: datetime) -> int:
        if kind == CONVERSATIONS:
            return dialogs.conversations(before, **self._by)
        if kind == FILES:
            return dialogs.files(before, **self._by)
        if kind == ARCHIVES:
            with TemporaryDirectory(prefix="retention-") as room:
                return Archives(self._database, self._shelf(Path(room))).run(before, **self._by)
        rows = 0
        while True:
            with self._database.unit_of_work() as uow:
                some = uow.retention.remove(kind, before, _BATCH)
                if some:
                    record(uow, kind, some, before, self._by)
            rows += some
            if some < _BATCH:
                return rows

    def _planned(self, kind: str, before: datetime) -> Planned:
        days = self.schedule.days[kind]
        with self._database.reading() as uow:
            if kind == CONVERSATIONS:
                overdue, unarchived = uow.leaving.overdue(before)
                return Planned(kind, days, before, overdue, unarchived)
            if kind == FILES:
                return Planned(kind, days, before, uow.leaving.files_overdue(before))
            if kind == ARCHIVES:
                over, needed = uow.archive_ends.overdue(before)
                return Planned(kind, days, before, over, needed=needed)
            return Planned(kind, days, before, uow.retention.overdue(kind, before))

    @contextmanager
    def _dialogs(self) -> Iterator[Dialogs]:
        with TemporaryDirectory(prefix="retention-") as room:
            yield Dialogs(self._database, Trust(self._database, self._shelf(Path(room))), self._files)
