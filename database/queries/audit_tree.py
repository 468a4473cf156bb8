"""Queries over the tree that seals the audit log."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, insert, or_, select, update

from database.models import AuditEvent, AuditLeaf, AuditTree, AuditWaiting
from database.queries.audit import EVENT
from database.queries.scope import Queries
from database.types import db_now

_INSERT = insert(AuditLeaf)


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
        oldest = self.session.execute(
            select(AuditEvent.at, db_now())
            .join(AuditWaiting, AuditWaiting.event_id == AuditEvent.id)
            .where(AuditWaiting.bot_id == self.bot_id)
            .order_by(AuditWaiting.number)
            .limit(1)
        ).one_or_none()
        return None if oldest is None else float((oldest[1] - oldest[0]).total_seconds())

    def waiting(self, limit: int) -> Sequence[Row[Any]]:
        """Return events that wait, in the order in which they came, each with its `number` in the queue."""
        first = select(AuditWaiting.number, AuditWaiting.event_id).where(AuditWaiting.bot_id == self.bot_id)
        few = first.order_by(AuditWaiting.number).limit(limit).subquery()  # or a planner may join all there is
        joined = select(few.c.number, *EVENT).join(AuditEvent, AuditEvent.id == few.c.event_id)
        return self.session.execute(joined.order_by(few.c.number)).all()

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
        """Return leaves without their events."""
        own = (AuditLeaf.bot_id == self.bot_id, AuditLeaf.position >= start, AuditLeaf.position < end)
        columns: list[ColumnElement[Any]] = [*AuditLeaf.__table__.columns, AuditLeaf.event_id.label("id")]
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

    def unsealed(self, limit: int) -> Sequence[Row[Any]]:
        """Return events without a leaf, each with its `number` in the queue: None for one that does not wait."""
        statement: Select[Any] = (
            select(*EVENT, AuditWaiting.number)
            .outerjoin(AuditLeaf, and_(AuditLeaf.event_id == AuditEvent.id, AuditLeaf.bot_id == AuditEvent.bot_id))
            .outerjoin(AuditWaiting, AuditWaiting.event_id == AuditEvent.id)
            .where(AuditEvent.bot_id == self.bot_id, AuditLeaf.event_id.is_(None))
        )
        return self.session.execute(statement.order_by(AuditEvent.at).limit(limit)).all()

    def orphans(self, limit: int) -> Sequence[UUID]:
        """Return ids that wait to be sealed although their event is gone."""
        statement = (
            select(AuditWaiting.event_id)
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
