"""Queries over built indexes: want one, build it by lease, find it, forget old ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, or_, select, update

from database.errors import StaleLease
from database.models import IndexState, IndexVersion
from database.queries.scope import Queries, rowcount
from database.types import db_now

MAX_ATTEMPTS = 3


@dataclass(frozen=True)
class IndexClaim:
    """An index that this worker may build until its lease ends; `attempt` fences what it writes."""

    id: UUID
    language: str
    basis: str
    attempt: int


class IndexQueries(Queries):
    """The indexes of one bot."""

    def want(self, language: str, basis: str) -> bool:
        """Ask for an index; False when it was asked for before, whatever became of it."""
        row = {"id": uuid4(), "bot_id": self.bot_id, "language": language, "basis": basis, "chunks": 0, "attempt": 0}
        return self.insert_new(IndexVersion, [row | {"state": IndexState.WANTED}]) > 0

    def get(self, language: str, basis: str) -> IndexVersion | None:
        """Return an index's row."""
        statement = select(IndexVersion).where(
            IndexVersion.bot_id == self.bot_id, IndexVersion.language == language, IndexVersion.basis == basis
        )
        return self.session.scalars(statement).one_or_none()

    def all(self) -> list[IndexVersion]:
        """Return the row of every index."""
        return list(self.session.scalars(select(IndexVersion).where(IndexVersion.bot_id == self.bot_id)))

    def newest(self, language: str) -> IndexVersion | None:
        """Return the index of a language that became ready last."""
        ready = select(IndexVersion).where(*self._ready(language)).order_by(IndexVersion.ready_at.desc())
        return self.session.scalars(ready.limit(1)).one_or_none()

    def wanted(self) -> bool:
        """Return whether an index waits to be built."""
        return self.session.scalar(select(IndexVersion.id).where(*self._open()).limit(1)) is not None

    def claim(self, lease: float) -> IndexClaim | None:
        """Lease the index that was wanted last, or return None; one that failed too often is given up."""
        self.execute(
            update(IndexVersion)
            .where(*self._open(), IndexVersion.attempt >= MAX_ATTEMPTS)
            .values(state=IndexState.FAILED, lease_until=None)
        )
        newest = select(IndexVersion.id).where(*self._open()).order_by(IndexVersion.created_at.desc()).limit(1)
        row = self.execute(
            update(IndexVersion)
            .where(IndexVersion.id == newest.with_for_update(key_share=True, skip_locked=True).scalar_subquery())
            .values(lease_until=db_now(lease), attempt=IndexVersion.attempt + 1)
            .returning(IndexVersion.id, IndexVersion.language, IndexVersion.basis, IndexVersion.attempt)
        ).one_or_none()
        return IndexClaim(row.id, row.language, row.basis, row.attempt) if row else None

    def ready(self, claim: IndexClaim, checksum: str, chunks: int) -> None:
        """Write down that an index lies in storage; raises StaleLease when somebody else builds it meanwhile."""
        self._settle(claim, state=IndexState.READY, checksum=checksum, chunks=chunks, ready_at=db_now())

    def release(self, claim: IndexClaim, seconds: float) -> None:
        """Let somebody try again after some seconds; raises StaleLease."""
        self._settle(claim, lease_until=db_now(seconds))

    def rebuild(self, index_id: UUID, checksum: str) -> bool:
        """Want an index again whose files are lost or damaged; False when somebody saw to it already."""
        result = self.execute(
            update(IndexVersion)
            .where(
                IndexVersion.bot_id == self.bot_id,
                IndexVersion.id == index_id,
                IndexVersion.state == IndexState.READY,
                IndexVersion.checksum == checksum,
            )
            .values(state=IndexState.WANTED, attempt=0, lease_until=None)
        )
        return rowcount(result) > 0

    def older(self, language: str, keep: int) -> list[IndexVersion]:
        """Return ready indexes of a language but for those that became ready last."""
        ready = select(IndexVersion).where(*self._ready(language)).order_by(IndexVersion.ready_at.desc())
        return list(self.session.scalars(ready.offset(keep).limit(100)))

    def forget(self, index_ids: Sequence[UUID]) -> None:
        """Forget indexes whose files are gone."""
        self.execute(delete(IndexVersion).where(IndexVersion.bot_id == self.bot_id, IndexVersion.id.in_(index_ids)))

    def _settle(self, claim: IndexClaim, **values: Any) -> None:
        result = self.execute(
            update(IndexVersion)
            .where(
                IndexVersion.id == claim.id,
                IndexVersion.attempt == claim.attempt,
                IndexVersion.state == IndexState.WANTED,
            )
            .values(**{"lease_until": None, **values})
        )
        if rowcount(result) != 1:
            raise StaleLease("the index was claimed by another worker meanwhile")

    def _open(self) -> tuple[Any, ...]:
        return (
            IndexVersion.bot_id == self.bot_id,
            IndexVersion.state == IndexState.WANTED,
            or_(IndexVersion.lease_until.is_(None), IndexVersion.lease_until <= db_now()),
        )

    def _ready(self, language: str) -> tuple[Any, ...]:
        return (
            IndexVersion.bot_id == self.bot_id,
            IndexVersion.language == language,
            IndexVersion.state == IndexState.READY,
        )
