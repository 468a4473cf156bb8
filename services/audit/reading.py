"""The audit log for those who may read it: a page of acts at a time; each search is an act itself."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from database.db import Database, UnitOfWork
from database.models import AuditAct, AuditEvent
from database.queries.audit import Wanted
from services.access import Permission, allowed

PAGE = 50
Place = tuple[datetime, UUID]


@dataclass(frozen=True)
class Page:
    """Acts, the newest first, the place after which the next page begins, and how the log itself is."""

    events: tuple[AuditEvent, ...]
    next: Place | None
    sealed: int
    checked_at: datetime | None
    findings: int


class Reading:
    """Reads for one person at a time, by the roles of that moment."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def search(self, by: int, wanted: Wanted, before: Place | None = None) -> Page | None:
        """Return a page of what is looked for, or None for somebody who may not read.

        Each page is written down, with the moment that it begins before: the address of a page may be typed by hand.
        """
        with self._database.unit_of_work() as uow:
            if not allowed(uow.roles.of(by), Permission.READ_AUDIT):
                uow.audit.record(AuditAct.REFUSED, actor=by, what=Permission.READ_AUDIT.value, at="console")
                return None
            page = _page(uow, wanted, before)
            _record(uow, by, wanted, before, page)
            return page


def _record(uow: UnitOfWork, by: int, wanted: Wanted, before: Place | None, page: Page) -> None:
    """Write down who looked for what; a subject only if there is one, since anything may be typed into a field."""
    fields = ",".join(name for name, value in asdict(wanted).items() if value is not None)
    known = wanted.subject if wanted.subject and page.events else ""
    account = None if wanted.actor is None else str(wanted.actor)
    details = {"fields": fields, "account": account} | ({"before": before[0].isoformat()} if before else {})
    uow.audit.record(AuditAct.AUDIT_READ, actor=by, subject=known, **details)


def _page(uow: UnitOfWork, wanted: Wanted, before: Place | None) -> Page:
    found = uow.audit.find(wanted, PAGE + 1, before)
    shown, tree = tuple(found[:PAGE]), uow.audit_tree.head()
    return Page(
        events=shown,
        next=(shown[-1].at, shown[-1].id) if len(found) > PAGE else None,
        sealed=tree.size if tree else 0,
        checked_at=tree.checked_at if tree else None,
        findings=tree.findings if tree else 0,
    )
