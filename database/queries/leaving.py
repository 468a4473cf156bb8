"""Queries over conversations that leave the database: which may, and all rows that go with them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select, tuple_, update

from database.models import (
    Answer,
    Attachment,
    AttachmentState,
    Conversation,
    ConversationState,
    DeskEvent,
    DeskNote,
    Message,
    Rating,
)
from database.queries.archive import Place
from database.queries.hold import HoldQueries
from database.queries.retention import Overdue
from database.queries.scope import Queries, rowcount
from database.types import db_now


class LeavingQueries(Queries):
    """The conversations of one bot that ended long ago."""

    def overdue(self, before: datetime) -> tuple[Overdue, int]:
        """Count conversations that ended before a moment, and those neither held nor in an archive as they ended."""
        ended = self._ended(before)
        rows, held = self._count(ended), self._count(ended, self._held())
        return Overdue(rows, held), rows - held - self._count(ended, self._archived(), ~self._held())

    def leaving(self, before: datetime, after: Place | None, limit: int) -> list[Conversation]:
        """Return conversations that ended before a moment, are archived and not held, in order behind a place."""
        statement = select(Conversation).where(self._ended(before), self._archived(), ~self._held())
        if after is not None:
            statement = statement.where(tuple_(Conversation.closed_at, Conversation.id) > tuple_(*after))
        return list(self.session.scalars(statement.order_by(Conversation.closed_at, Conversation.id).limit(limit)))

    def lock(self, conversation_ids: Collection[UUID], before: datetime) -> list[Conversation]:
        """Return those of some conversations that still may leave, locked until the commit."""
        own = select(Conversation).where(
            self._ended(before), self._archived(), ~self._held(), Conversation.id.in_(conversation_ids)
        )
        return list(self.session.scalars(own.order_by(Conversation.id).with_for_update()))

    def remove(self, conversation_ids: Collection[UUID]) -> int:
        """Remove conversations with all that belongs to them; what is counted of the desk stays, without them.

        Returns how many rows went, thumbs apart.
        """
        talks = list(conversation_ids)
        counted = update(DeskEvent).where(DeskEvent.bot_id == self.bot_id, DeskEvent.conversation_id.in_(talks))
        self.execute(counted.values(conversation_id=None))
        said = select(Message.id).where(Message.bot_id == self.bot_id, Message.conversation_id.in_(talks))
        self.execute(delete(Attachment).where(Attachment.bot_id == self.bot_id, Attachment.conversation_id.in_(talks)))
        copies = update(Attachment).where(Attachment.bot_id == self.bot_id, Attachment.copy_id.in_(said))
        self.execute(copies.values(copy_id=None))
        gone = 0
        for model in (DeskNote, Answer, Rating, Message):
            own = (model.bot_id == self.bot_id, model.conversation_id.in_(talks))
            gone += rowcount(self.execute(delete(model).where(*own)))
        ended = delete(Conversation).where(Conversation.bot_id == self.bot_id, Conversation.id.in_(talks))
        return gone + rowcount(self.execute(ended))

    def files(self, before: datetime, after: int, limit: int) -> list[Attachment]:
        """Return files that were stored before a moment, of conversations that are archived and not held."""
        statement = (
            select(Attachment)
            .join(Conversation, Conversation.id == Attachment.conversation_id)
            .where(self._kept(before), self._archived(), ~self._held(), Attachment.id > after)
        )
        return list(self.session.scalars(statement.order_by(Attachment.id).limit(limit)))

    def files_overdue(self, before: datetime) -> Overdue:
        """Count files that were stored before a moment."""
        kept = (
            select(func.count())
            .select_from(Attachment)
            .join(Conversation, Conversation.id == Attachment.conversation_id)
        )
        rows, held = (
            int(self.session.scalar(kept.where(self._kept(before), *more)) or 0) for more in ((), (self._held(),))
        )
        return Overdue(rows, held)

    def dropped(self, uids: Collection[UUID]) -> None:
        """Write down that the bytes of files are not in our storage any more; what they were is still known."""
        own = update(Attachment).where(Attachment.bot_id == self.bot_id, Attachment.uid.in_(uids))
        self.execute(own.values(state=AttachmentState.ELSEWHERE, stored_at=None))

    def idle(self, days: int, limit: int) -> list[Conversation]:
        """Return conversations with the AI in which nobody has said anything for some days, locked."""
        since = db_now(-86_400.0 * days)
        lately = select(Message.id).where(Message.conversation_id == Conversation.id, Message.created_at >= since)
        quiet = and_(
            Conversation.bot_id == self.bot_id,
            Conversation.state == ConversationState.AI,
            Conversation.created_at < since,
            Conversation.answer_due_at.is_(None),
            ~lately.exists(),
        )
        return list(
            self.session.scalars(select(Conversation).where(quiet).limit(limit).with_for_update(skip_locked=True))
        )

    def _ended(self, before: datetime) -> ColumnElement[bool]:
        closed = and_(Conversation.state == ConversationState.CLOSED, Conversation.closed_at < before)
        return and_(Conversation.bot_id == self.bot_id, closed)

    def _archived(self) -> ColumnElement[bool]:
        return Conversation.archived_end == Conversation.closed_at

    def _held(self) -> ColumnElement[bool]:
        return HoldQueries(self.scope).holds(Conversation.chat_id)

    def _kept(self, before: datetime) -> ColumnElement[bool]:
        stored = and_(Attachment.state == AttachmentState.STORED, Attachment.stored_at < before)
        return and_(Attachment.bot_id == self.bot_id, stored)

    def _count(self, *conditions: ColumnElement[bool]) -> int:
        return int(self.session.scalar(select(func.count()).select_from(Conversation).where(*conditions)) or 0)
