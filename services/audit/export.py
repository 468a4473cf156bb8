"""Events as JSON objects for a system that watches (SIEM), in the order of their time."""

import json
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from database.db import Database
from database.models import AuditEvent
from database.queries.audit import Wanted

_PAGE = 1000


def fields_of(event: AuditEvent) -> dict[str, object]:
    """Return an event as it is told to others."""
    return {
        "id": str(event.id),
        "at": event.at.isoformat(),
        "bot": event.bot_id,
        "act": event.act,
        "actor": event.actor,
        "subject": event.subject,
        "details": json.loads(event.details),
    }


def exported(database: Database, wanted: Wanted, after: tuple[datetime, UUID] | None = None) -> Iterator[AuditEvent]:
    """Return events, the oldest first, a page in memory at a time; `after` is the last one that is known already."""
    while True:
        with database.reading() as uow:
            page = uow.audit.oldest(wanted, _PAGE, after)
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1].at, page[-1].id
