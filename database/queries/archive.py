"""Queries over archives: what is due, the one that is being written, and those that are known to be whole."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, delete, insert, or_, select, tuple_, update

from database.errors import StaleLease
from database.models import Archive, ArchivedConversation, ArchiveState, Conversation, ConversationState
from database.queries.scope import Queries, rowcount, table
from database.types import db_now
from utils.identifiers import time_ordered_id

Place = tuple[datetime, UUID]
"""Where a conversation stands among those that are due: its end, and its key."""


@dataclass(frozen=True)
class Due:
    """A closed conversation that is to be archived."""

    id: UUID
    chat_id: int
    ended_at: datetime


@dataclass(frozen=True)
class Writing:
    """The lease on the archive that is being written; `attempt` fences every later write."""

    id: UUID
    day: date
    attempt: int


@dataclass(frozen=True)
class Mark:
    """What a verified archive holds of a conversation."""

    conversation_id: UUID
    key_id: UUID
    ended_at: datetime
    stamp: bytes


_TALKS = table(Conversation)
_ARCHIVED = (
    update(_TALKS)
    .where(_TALKS.c.bot_id == bindparam("bot"), _TALKS.c.id == bindparam("key"), _TALKS.c.closed_at == bindparam("end"))
    .values(archived_end=bindparam("end"))
)


class ArchiveQueries(Queries):
    """The archives of one bot."""

    def due(self, until: datetime, after: Place | None, limit: int) -> list[Due]:
        """Return conversations that closed before a moment and are in no archive as they ended, in their order."""
        statement = select(Conversation.id, Conversation.chat_id, Conversation.closed_at).where(
            *self._unarchived(), Conversation.closed_at < until
        )
        if after is not None:
            statement = statement.where(tuple_(Conversation.closed_at, Conversation.id) > tuple_(*after))
        rows = self.session.execute(statement.order_by(Conversation.closed_at, Conversation.id).limit(limit))
        return [Due(row.id, row.chat_id, row.closed_at) for row in rows]

    def waits(self) -> float:
        """Return how many seconds ago the first conversation closed that is in no archive; 0 when all are."""
        first = select(Conversation.closed_at, db_now()).where(*self._unarchived()).order_by(Conversation.closed_at)
        row = self.session.execute(first.limit(1)).one_or_none()
        return max(0.0, (row[1] - row[0]).total_seconds()) if row and row[0] else 0.0

    def begin(self, day: date, lease: float) -> Writing | None:
        """Begin an archive of a day; None when another one is being written."""
        archive_id = time_ordered_id()
        row = {"id": archive_id, "bot_id": self.bot_id, "day": day, "state": ArchiveState.WRITING, "attempt": 1}
        if not self.insert_new(Archive, [row]):
            return None
        self.extend(Writing(archive_id, day, 1), lease)
        return Writing(archive_id, day, 1)

    def take_over(self, lease: float) -> Writing | None:
        """Return the archive whose writer came to no end, leased anew; None when there is none."""
        left = self.execute(
            update(Archive)
            .where(self._mine(ArchiveState.WRITING), Archive.lease_until <= db_now())
            .values(lease_until=db_now(lease), attempt=Archive.attempt + 1)
            .returning(Archive.id, Archive.day, Archive.attempt)
        ).one_or_none()
        return Writing(left.id, left.day, left.attempt) if left else None

    def extend(self, writing: Writing, lease: float) -> None:
        """Hold an archive for some more seconds; raises StaleLease when it is no longer ours."""
        self._change(writing, lease_until=db_now(lease))

    def abandon(self, writing: Writing) -> None:
        """Give an archive up; raises StaleLease."""
        self._change(writing, state=ArchiveState.ABANDONED, lease_until=None)

    def abandoned(self) -> list[Writing]:
        """Return archives that were given up and may have left something in storage."""
        left = select(Archive).where(self._mine(ArchiveState.ABANDONED)).order_by(Archive.id).limit(100)
        return [Writing(row.id, row.day, row.attempt) for row in self.session.scalars(left)]

    def drop(self, archive_id: UUID) -> None:
        """Forget an archive that was given up, of which nothing is left."""
        self.execute(delete(Archive).where(self._mine(ArchiveState.ABANDONED), Archive.id == archive_id))

    def finish(self, writing: Writing, marks: Sequence[Mark], **counts: Any) -> None:
        """Write down that an archive is whole, and which conversations are in it; raises StaleLease."""
        self._change(
            writing,
            state=ArchiveState.VERIFIED,
            lease_until=None,
            verified_at=db_now(),
            checked_at=db_now(),
            conversations=len(marks),
            **counts,
        )
        rows = [{"bot_id": self.bot_id, "archive_id": writing.id} | vars(mark) for mark in marks]
        if rows:
            self.session.execute(insert(ArchivedConversation), rows)
            ends = [{"bot": self.bot_id, "key": mark.conversation_id, "end": mark.ended_at} for mark in marks]
            self.run(_ARCHIVED, ends)

    def get(self, archive_id: UUID) -> Archive:
        """Return an archive in whatever state; raises NoResultFound."""
        return self.session.scalars(
            select(Archive).where(Archive.bot_id == self.bot_id, Archive.id == archive_id)
        ).one()

    def checked(self, archive_id: UUID, findings: int) -> None:
        """Write down what a check of an archive found."""
        own = update(Archive).where(Archive.bot_id == self.bot_id, Archive.id == archive_id)
        self.execute(own.values(checked_at=db_now(), findings=findings))

    def last(self) -> Archive | None:
        """Return the archive that was verified last."""
        newest = select(Archive).where(self._mine(ArchiveState.VERIFIED)).order_by(Archive.verified_at.desc())
        return self.session.scalars(newest.limit(1)).one_or_none()

    def page(self, skip: int, limit: int) -> list[Archive]:
        """Return verified archives, the newest first, but for the first ones."""
        newest = select(Archive).where(self._mine(ArchiveState.VERIFIED)).order_by(Archive.id.desc())
        return list(self.session.scalars(newest.offset(skip).limit(limit)))

    def whole(self, archive_ids: Collection[UUID] | None = None, day: date | None = None) -> list[Archive]:
        """Return verified archives, the oldest first: all, some of them, or those of a day."""
        statement = select(Archive).where(self._mine(ArchiveState.VERIFIED))
        if archive_ids is not None:
            statement = statement.where(Archive.id.in_(archive_ids))
        if day is not None:
            statement = statement.where(Archive.day == day)
        return list(self.session.scalars(statement.order_by(Archive.id)))

    def of_conversations(self, conversation_ids: Collection[UUID]) -> dict[UUID, ArchivedConversation]:
        """Return where each of some conversations was archived last."""
        own = ArchivedConversation.conversation_id.in_(conversation_ids)
        return self._latest(self._marks(own))

    def of_keys(self, key_ids: Collection[UUID]) -> dict[UUID, ArchivedConversation]:
        """Return where each conversation that some data keys open was archived last."""
        return self._latest(self._marks(ArchivedConversation.key_id.in_(key_ids)))

    def members(self, archive_id: UUID) -> list[UUID]:
        """Return the conversations that an archive holds."""
        mine = ArchivedConversation.bot_id == self.bot_id, ArchivedConversation.archive_id == archive_id
        return list(self.session.scalars(select(ArchivedConversation.conversation_id).where(*mine)))

    def forget(self, conversation_ids: Collection[UUID]) -> None:
        """Want conversations archived again, whose rows changed since."""
        own = update(Conversation).where(Conversation.bot_id == self.bot_id, Conversation.id.in_(conversation_ids))
        self.execute(own.values(archived_end=None))

    def _marks(self, wanted: ColumnElement[bool]) -> Sequence[ArchivedConversation]:
        mine = select(ArchivedConversation).where(ArchivedConversation.bot_id == self.bot_id, wanted)
        return self.session.scalars(mine.order_by(ArchivedConversation.archive_id)).all()

    def _latest(self, marks: Sequence[ArchivedConversation]) -> dict[UUID, ArchivedConversation]:
        return {mark.conversation_id: mark for mark in marks}  # ids of archives grow with time

    def _unarchived(self) -> tuple[ColumnElement[bool], ...]:
        """Return the condition in the words of its index, which is used only then."""
        changed = or_(Conversation.archived_end.is_(None), Conversation.archived_end != Conversation.closed_at)
        return Conversation.bot_id == self.bot_id, Conversation.state == ConversationState.CLOSED, changed

    def _mine(self, state: ArchiveState) -> ColumnElement[bool]:
        return and_(Archive.bot_id == self.bot_id, Archive.state == state)

    def _change(self, writing: Writing, **values: Any) -> None:
        own = update(Archive).where(
            self._mine(ArchiveState.WRITING), Archive.id == writing.id, Archive.attempt == writing.attempt
        )
        if not rowcount(self.execute(own.values(**values))):
            raise StaleLease("the archive was taken over by another process meanwhile")
