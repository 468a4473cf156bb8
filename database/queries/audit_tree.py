"""Queries over the tree that seals the audit log."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    String,
    and_,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.types import NullType

from database.models import AuditEvent, AuditLeaf, AuditTree, AuditWaiting
from database.queries.audit import EVENT
from database.queries.scope import Queries
from database.types import db_now

UNREADABLE = (ValueError, TypeError)  # what SQLAlchemy raises for a row that holds what is no value of its column
_INSERT = insert(AuditLeaf)
_Key = TypeVar("_Key", int, UUID)


class AuditTreeQueries(Queries):
    """The tree of one bot: what waits for it, what is in it, and what should be."""

    def head(self) -> AuditTree | None:
        """Return the tree as it is now, or None before its first leaf."""
        return self.session.get(AuditTree, self.bot_id)

    def lock(self) -> AuditTree | None:
        """Return the tree, locked until the commit; None when another sealer has it."""
        empty = {"size": 0, "peaks": b"", "checkpoint": "", "stored_size": 0, "checked_size": 0, "findings": 0}
        statement = select(AuditTree).where(AuditTree.bot_id == self.bot_id).with_for_update(skip_locked=True)
        if self.head() is None:
            self.insert_new(AuditTree, [{"bot_id": self.bot_id, **empty}])
        return self.session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()

    def oldest_waiting(self) -> float | None:
        """Return for how many seconds the oldest event has waited to be sealed; None when none waits."""
        oldest = (
            select(AuditEvent.at, db_now())
            .join(AuditWaiting, AuditWaiting.event_id == AuditEvent.id)
            .where(AuditWaiting.bot_id == self.bot_id)
            .order_by(AuditWaiting.number)
            .limit(1)
        )
        try:
            found = self.session.execute(oldest).one_or_none()
        except UNREADABLE:  # for how long, its time does not say; the sealer takes it off the queue
            return 0.0
        return None if found is None else float((found[1] - found[0]).total_seconds())

    def waiting(self, limit: int) -> tuple[Sequence[int], Sequence[Row[Any]]]:
        """Return the first numbers in the queue, and their events that can be read, in the order in which they came.

        Each event has its `number`.
        """
        first = select(AuditWaiting.number, AuditWaiting.event_id).where(AuditWaiting.bot_id == self.bot_id)
        few = first.order_by(AuditWaiting.number).limit(limit).subquery()  # or a planner may join all there is
        there = AuditEvent.id == few.c.event_id
        numbers = self.session.scalars(select(few.c.number).join(AuditEvent, there).order_by(few.c.number)).all()
        joined = select(few.c.number, *EVENT).join(AuditEvent, there).order_by(few.c.number)
        return numbers, readable(lambda some: self.session.execute(joined.where(few.c.number.in_(some))).all(), numbers)

    def append(self, first: int, leaves: Sequence[tuple[UUID, bytes]]) -> None:
        """Write leaves (event and hash) from position `first` on."""
        rows = [
            {"bot_id": self.bot_id, "position": first + place, "event_id": event_id, "hash": digest}
            for place, (event_id, digest) in enumerate(leaves)
        ]
        if rows:
            self.session.connection().execute(_INSERT, rows)

    def waited(self, numbers: Sequence[int]) -> None:
        """Take these numbers off the queue, and no others: one that is lower may have been committed meanwhile."""
        self.execute(delete(AuditWaiting).where(AuditWaiting.bot_id == self.bot_id, AuditWaiting.number.in_(numbers)))

    def leaves(self, start: int, end: int) -> Sequence[Row[Any]]:
        """Return the leaves from one position to before another with their events, whose columns may all be None."""
        own = (AuditLeaf.bot_id == self.bot_id, AuditLeaf.position >= start, AuditLeaf.position < end)
        statement = (
            select(AuditLeaf.position, AuditLeaf.event_id, AuditLeaf.hash, *EVENT)
            .outerjoin(AuditEvent, AuditEvent.id == AuditLeaf.event_id)
            .where(*own)
        )
        return self.session.execute(statement.order_by(AuditLeaf.position)).all()

    def bare_leaves(self, start: int, end: int) -> Sequence[Row[Any]]:
        """Return leaves without their events, with whatever is in their columns."""
        own = (AuditLeaf.bot_id == self.bot_id, AuditLeaf.position >= start, AuditLeaf.position < end)
        named, digest = cast(AuditLeaf.event_id, String), type_coerce(AuditLeaf.hash, NullType())
        columns: list[ColumnElement[Any]] = [
            AuditLeaf.__table__.c.position,
            named.label("event_id"),
            named.label("id"),
            digest.label("hash"),
        ]
        return self.session.execute(select(*columns).where(*own).order_by(AuditLeaf.position)).all()

    def hashes(self, start: int, end: int) -> list[bytes]:
        """Return the hashes of the leaves from one position to before another."""
        own = (AuditLeaf.bot_id == self.bot_id, AuditLeaf.position >= start, AuditLeaf.position < end)
        return list(self.session.scalars(select(AuditLeaf.hash).where(*own).order_by(AuditLeaf.position)))

    def position_of(self, event_id: UUID) -> int | None:
        """Return where an event is in the tree."""
        own = (AuditLeaf.bot_id == self.bot_id, AuditLeaf.event_id == event_id)
        return self.session.scalar(select(AuditLeaf.position).where(*own))

    def beyond(self) -> int:
        """Return how many leaves lie where the tree as it is now has none."""
        size = select(AuditTree.size).where(AuditTree.bot_id == self.bot_id).scalar_subquery()
        strange = or_(AuditLeaf.position < 0, AuditLeaf.position >= func.coalesce(size, 0))
        counted = select(func.count()).select_from(AuditLeaf).where(AuditLeaf.bot_id == self.bot_id, strange)
        return int(self.session.execute(counted).scalar_one())

    def unsealed(self, after: str, limit: int) -> list[tuple[str, int | None, Row[Any] | None]]:
        """Return events without a leaf, in the order of their keys as text, after one.

        Each as key, number in the queue (None for one that does not wait) and row (None for one that cannot be read).
        """
        key = cast(AuditEvent.id, String)
        statement = (
            select(key, AuditWaiting.number)
            .outerjoin(AuditLeaf, and_(AuditLeaf.event_id == AuditEvent.id, AuditLeaf.bot_id == AuditEvent.bot_id))
            .outerjoin(AuditWaiting, AuditWaiting.event_id == AuditEvent.id)
            .where(AuditEvent.bot_id == self.bot_id, AuditLeaf.event_id.is_(None), key > after)
        )
        found = self.session.execute(statement.order_by(key).limit(limit))
        numbers: dict[str, int | None] = {row[0]: row[1] for row in found}
        keys = {key: UUID(key) for key in numbers if is_key(key)}
        events = select(*EVENT)
        rows = readable(lambda some: self.session.execute(events.where(EVENT.id.in_(some))).all(), [*keys.values()])
        known = {row.id: row for row in rows}
        return [(key, number, known.get(keys[key]) if key in keys else None) for key, number in numbers.items()]

    def orphans(self, limit: int) -> Sequence[str]:
        """Return keys that wait to be sealed although their event is gone."""
        statement = (
            select(cast(AuditWaiting.event_id, String))
            .outerjoin(AuditEvent, AuditEvent.id == AuditWaiting.event_id)
            .where(AuditWaiting.bot_id == self.bot_id, AuditEvent.id.is_(None))
        )
        return self.session.scalars(statement.limit(limit)).all()

    def stored(self, size: int) -> None:
        """Remember up to which size a checkpoint lies outside the database."""
        self._set(stored_size=size)

    def checked(self, size: int, findings: int) -> None:
        """Remember that a check of `size` events ended with some findings."""
        self._set(checked_at=db_now(), checked_size=size, findings=findings)

    def _set(self, **values: Any) -> None:
        self.execute(update(AuditTree).where(AuditTree.bot_id == self.bot_id).values(values))


def readable(load: Callable[[Sequence[_Key]], Sequence[Row[Any]]], keys: Sequence[_Key]) -> list[Row[Any]]:
    """Return the rows of some keys; what is no value of its column, as SQLite may keep it, hides that row alone."""
    try:
        return list(load(keys))
    except UNREADABLE:
        middle = len(keys) // 2
        return readable(load, keys[:middle]) + readable(load, keys[middle:]) if middle else []


def is_key(text: str) -> bool:
    """Tell whether what a column of keys holds is a key."""
    with suppress(ValueError):
        return bool(UUID(text))
    return False
