"""The clerk: a thread of each worker that seals what was recorded, and once a day has the whole log checked."""

from collections.abc import Mapping, Sequence
from logging import getLogger
from threading import Event, Thread
from time import monotonic

from database.db import Database
from services.audit.checking import Check, Report
from services.audit.checkpoint import Checkpoint, Notary
from services.audit.configuration import record_configuration
from services.audit.errors import NotVouchedFor
from services.audit.outside import Checkpoints
from services.audit.sealing import Sealer
from services.metrics import AUDIT_AGE, AUDIT_CHECKED, AUDIT_FINDINGS, AUDIT_STOPPED
from services.storage import StorageError

INTERVAL = 0.5  # seconds between two looks, so that an act is sealed within one
DAY = 86_400.0
_CLAIM = 900.0  # seconds after which a check that came to no end is made by somebody else
_QUIET = 60.0  # seconds between two complaints about the same trouble

_log = getLogger(__name__)


class Clerk:
    """Seals, publishes checkpoints and checks; what it cannot do now it tries again."""

    def __init__(
        self, database: Database, notary: Notary, checkpoints: Checkpoints, pause: float, facts: Mapping[str, str]
    ) -> None:
        self._database = database
        self.notary = notary
        self._checkpoints = checkpoints
        self._sealer = Sealer(database, notary, checkpoints, pause)
        self._facts = facts
        self._complained = float("-inf")
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="audit", daemon=True)

    def start(self) -> None:
        """Write down what this process runs with, and start sealing; raises SQLAlchemy's errors."""
        record_configuration(self._database, self._facts)
        self._thread.start()

    def stop(self) -> None:
        """Stop sealing; what waits is sealed by the next worker."""
        self._stopped.set()

    def waits(self) -> float:
        """Return for how many seconds the oldest act has waited to be sealed; 0 when none does."""
        return self._sealer.waits() or 0.0

    def work(self) -> None:
        """Seal all that waits, and publish a checkpoint if one is due; raises SQLAlchemy's errors."""
        try:
            waited = self._sealer.waits()
            AUDIT_AGE.set(waited or 0.0)
            while waited is not None and not self._stopped.is_set() and self._sealer.seal():
                pass
            published = self._sealer.publish()
        except (NotVouchedFor, StorageError) as error:
            if isinstance(error, NotVouchedFor):
                AUDIT_STOPPED.set(1)
            self._complain(error)
        else:
            if published:  # only that shows that the log goes on from what lies outside: most looks find nothing due
                AUDIT_STOPPED.set(0)

    def check(self, more: Sequence[Checkpoint | NotVouchedFor] = ()) -> Report:
        """Check the whole log now, and remember what came of it; raises StorageError and SQLAlchemy's errors.

        `more` are checkpoints that somebody kept elsewhere.
        """
        with self._database.reading() as uow:
            report = Check(uow, self.notary, [*self._checkpoints.each_day(), *more]).run()
        with self._database.unit_of_work() as uow:
            uow.audit_tree.checked(report.size, report.number)
        AUDIT_FINDINGS.set(report.number)
        AUDIT_CHECKED.set_to_current_time()
        return report

    def daily(self) -> None:
        """Check the log if nobody did so for a day, and print its newest checkpoint in the log of this process."""
        with self._database.unit_of_work() as uow:
            tree = uow.audit_tree.head()
            if tree is None or not tree.size:
                return
            if tree.checked_at is not None:  # by whichever worker, before whichever start
                AUDIT_FINDINGS.set(tree.findings)
                AUDIT_CHECKED.set(tree.checked_at.timestamp())
                if (uow.now() - tree.checked_at).total_seconds() < DAY:
                    return
            if not uow.schedule.take_duty(f"audit-check:{self._database.bot_id}", _CLAIM):
                return
        try:
            report = self.check()
        except StorageError as error:
            self._complain(error)
            return
        said = {"events": report.size, "findings": report.number, "checkpoint": tree.checkpoint}
        (_log.error if report.number else _log.info)("audit log checked", extra=said)

    def _complain(self, error: Exception) -> None:
        if monotonic() - self._complained >= _QUIET:
            self._complained = monotonic()
            _log.error("the audit log is not sealed or has no checkpoint outside", extra={"error": str(error)})

    def _run(self) -> None:
        while not self._stopped.wait(INTERVAL):
            try:
                self.work()
            except Exception as error:  # noqa: BLE001 - whatever it is, the next look may find it gone
                _log.warning("nothing was sealed", extra={"error": type(error).__name__})
