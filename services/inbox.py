"""The inbox's front door: stores accepted updates in one insert and wakes the workers once they are safe."""

from collections.abc import Sequence
from logging import getLogger
from time import perf_counter

from database.db import Database
from database.models import InboxRow
from database.queries.inbox import UNREADABLE, NewUpdate
from services.metrics import ACCEPT_ERRORS, ACCEPT_SECONDS, ACCEPTED
from services.ports import Accepted, Wakeups
from utils.conventions import insert
from utils.tracing import SpanKind, spans

_log = getLogger(__name__)


class DatabaseInbox:
    """Rows are the truth; the wake-up is a hint that may get lost."""

    def __init__(self, database: Database, wakeups: Wakeups) -> None:
        self._database = database
        self._wakeups = wakeups

    def accept(self, updates: Sequence[Accepted]) -> None:
        """Store updates durably, each once, and wake the workers; raises SQLAlchemy's errors."""
        started = perf_counter()
        rows = [
            NewUpdate(update.update_id, update.chat_id, _kind(update), update.body, update.traceparent)
            for update in updates
        ]
        traces = [update.traceparent for update in updates]
        attributes = insert(self._database.system, InboxRow.__tablename__, len(rows))
        try:
            with (
                spans("INSERT inbox", traces, kind=SpanKind.CLIENT, attributes=attributes),
                self._database.unit_of_work() as uow,
            ):
                uow.inbox.accept(rows)
        except Exception:
            ACCEPT_ERRORS.inc()
            raise
        ACCEPT_SECONDS.observe(perf_counter() - started)
        for update in updates:
            ACCEPTED.labels(_kind(update)).inc()
        try:
            self._wakeups.inbox(sorted({update.chat_id for update in updates} - {0}))
        except Exception:  # noqa: BLE001 - the rows are safe: whoever gave them must not do so for ever
            _log.exception("workers were not woken, the sweep finds the rows")


def _kind(update: Accepted) -> str:
    return update.kind if update.readable else UNREADABLE
