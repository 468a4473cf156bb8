"""The sweep: finds rows that a dead worker, a lost wake-up or a wiped broker left behind, and wakes somebody."""

from logging import getLogger
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from database.db import Database
from services.metrics import LEASE_OVERDUE, QUEUE_AGE, QUEUE_DEPTH, QUEUES_MEASURED, SWEPT, UNKNOWN_SENDS
from services.ports import Wakeups

INTERVAL = 5.0  # contract.md, "Timing": every worker process looks every 5 s, one of them at a time
_GRACE = 2.0  # seconds a row may wait before its wake-up counts as lost
_CHATS = 200

_log = getLogger(__name__)


class Sweeper:
    """Sweeps from a thread of its own in each worker process; a duty row lets one of them through."""

    def __init__(self, database: Database, wakeups: Wakeups) -> None:
        self._database = database
        self._wakeups = wakeups
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="sweep", daemon=True)

    def start(self) -> None:
        """Start sweeping."""
        self._thread.start()

    def stop(self) -> None:
        """Stop sweeping."""
        self._stopped.set()

    def sweep(self) -> None:
        """Look once, if nobody else does."""
        with self._database.unit_of_work() as uow:
            if not uow.schedule.take_duty(f"sweep:{self._database.bot_id}", INTERVAL * 0.9):
                return
            unknown, resent = uow.delivery.expire()
            chats = uow.inbox.waiting_chats(_CHATS, older_than=_GRACE)
            due = uow.conversations.due(older_than=_GRACE)
            waiting = uow.delivery.next_in(horizon=INTERVAL) is not None
            broadcasts = bool(uow.broadcasts.running())
            summaries = uow.memory.summaries_due()
            uow.golden.request_begun()
            knowledge = uow.golden.waits() or uow.indexes.wanted()
            people = uow.waiting.wanted()
            erasures = uow.erasures.waits()
            backlog, leases = uow.backlog.all(), uow.leases.overdue()
        UNKNOWN_SENDS.labels("yes").inc(resent)
        UNKNOWN_SENDS.labels("no").inc(unknown - resent)
        for what, number in (("inbox", len(chats)), ("answers", len(due)), ("unknown", unknown)):
            SWEPT.labels(what).inc(number)
        for queue in backlog:
            QUEUE_DEPTH.labels(queue.queue).set(queue.waiting)
            QUEUE_AGE.labels(queue.queue).set(queue.oldest)
        for lease in leases:
            LEASE_OVERDUE.labels(lease.queue).set(lease.seconds)
        QUEUES_MEASURED.set_to_current_time()
        if chats:
            self._wakeups.inbox(chats)
        if due:
            self._wakeups.answers(due)
        for waits, wake in (
            (waiting or resent, self._wakeups.delivery),
            (broadcasts, self._wakeups.broadcasts),
            (summaries, self._wakeups.summaries),
            (knowledge, self._wakeups.knowledge),
            (people, self._wakeups.waiting),
            (erasures, self._wakeups.erasures),
        ):
            if waits:
                wake()

    def _run(self) -> None:
        while not self._stopped.wait(INTERVAL):
            try:
                self.sweep()
            except SQLAlchemyError as error:
                _log.warning("the sweep waits for the database", extra={"error": type(error).__name__})
            except Exception:  # noqa: BLE001 - the thread must outlive whatever one look meets
                _log.exception("a sweep failed")
