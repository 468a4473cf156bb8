"""Queries over the audit log: writing an act down, and finding acts again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, tuple_

from database.models import AuditAct, AuditEvent
from database.queries.scope import Queries
from utils.identifiers import time_ordered_id

EVENT = AuditEvent.__table__.columns  # all columns, in the order of the table
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_INSERT = insert(AuditEvent)  # without the mapper, which took two thirds of the time of an act


@dataclass(frozen=True)
class Wanted:
    """Which acts are looked for; what is None does not matter. `until` itself is not among them."""

    act: str | None = None
    actor: int | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class AuditQueries(Queries):
    """What was done in one bot, and by whom; `recorded` are acts that are not written yet."""

    recorded: list[dict[str, Any]] = field(default_factory=list)

    def record(
        self, act: AuditAct, *, actor: int | None, subject: str = "", **details: str | int | bool | None
    ) -> None:
        """Write down an act in the transaction of the act itself; all acts of a unit are one insert, before its commit.

        `actor` is a Telegram account or None for the system; `subject` names a row of ours, as `conversation:<uuid>`;
        `details` are ids, states and numbers, never anything personal: these rows are never erased.
        """
        said = _json(dict(sorted(details.items())))
        event_id = time_ordered_id()
        vouched = _vouched(self.bot_id, event_id, (act.value, actor, subject, said))
        row = {"id": event_id, "bot_id": self.bot_id, "act": act.value, "actor": actor, "subject": subject}
        self.recorded.append({**row, "details": said, "stamp": self.vault.keyring.stamp(vouched)})

    def write(self) -> None:
        """Insert what was recorded; the unit of work does this last, so that nobody else has to."""
        if self.recorded:
            self.session.connection().execute(_INSERT, self.recorded)
            self.recorded.clear()

    def find(self, wanted: Wanted, limit: int, before: tuple[datetime, UUID] | None = None) -> Sequence[AuditEvent]:
        """Return acts, the newest first; `before` is time and id of the last one of the page before."""
        statement = select(AuditEvent).where(*self._conditions(wanted))
        if before is not None:
            statement = statement.where(tuple_(AuditEvent.at, AuditEvent.id) < tuple_(*before))
        newest = statement.order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        return self.session.scalars(newest.limit(limit)).all()

    def oldest(self, wanted: Wanted, limit: int, after: tuple[datetime, UUID] | None = None) -> Sequence[AuditEvent]:
        """Return acts, the oldest first; `after` is time and id of the last one that is known already."""
        statement = select(AuditEvent).where(*self._conditions(wanted))
        if after is not None:
            statement = statement.where(tuple_(AuditEvent.at, AuditEvent.id) > tuple_(*after))
        return self.session.scalars(statement.order_by(AuditEvent.at, AuditEvent.id).limit(limit)).all()

    def latest(self, act: AuditAct) -> AuditEvent | None:
        """Return the newest act of a kind."""
        return next(iter(self.find(Wanted(act=act), 1)), None)

    def _conditions(self, wanted: Wanted) -> list[Any]:
        conditions: list[Any] = [AuditEvent.bot_id == self.bot_id]
        for column, value in (
            (AuditEvent.act, wanted.act),
            (AuditEvent.actor, wanted.actor),
            (AuditEvent.subject, wanted.subject),
        ):
            if value is not None:
                conditions.append(column == value)
        if wanted.since is not None:
            conditions.append(AuditEvent.at >= wanted.since)
        if wanted.until is not None:
            conditions.append(AuditEvent.at < wanted.until)
        return conditions


def stamped(event: AuditEvent | Row[Any]) -> bytes:
    """Return what the stamp of an event vouches for: all of it but the time, which the database gives it later."""
    return _vouched(event.bot_id, event.id, (event.act, event.actor, event.subject, event.details))


def _vouched(bot_id: int, event_id: UUID, said: tuple[str, int | None, str, str]) -> bytes:
    return _json(("audit", bot_id, str(event_id), *said)).encode()


def sealed(event: AuditEvent | Row[Any]) -> bytes:
    """Return what the leaf of an event is the hash of: the whole row."""
    at = event.at.isoformat(timespec="microseconds")
    parts = (event.bot_id, str(event.id), at, event.act, event.actor, event.subject, event.details, event.stamp.hex())
    return _json(parts).encode()
