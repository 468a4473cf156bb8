"""Queries over who waits for a person: places in the queue, how long chats took, quick questions meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from database.models import Callback, CallbackState, Conversation, ConversationState, Delivery, Message
from database.queries.scope import Queries
from database.queries.turns import is_before, queue_order
from database.types import db_now

_MEASURED = 50  # chats; the last ones
_MEASURED_DAYS = 28
_LONGEST_LINE = 1_000
_SHIFT = 1_800.0  # seconds since the last chat within which somebody counts as being there


@dataclass(frozen=True)
class InLine:
    """A waiting customer, and what they were told when."""

    conversation_id: UUID
    told_place: int | None
    told_at: datetime | None
    told_until: datetime | None


@dataclass(frozen=True)
class Quick:
    """A question that a waiting customer asked; `queued_at` tells this wait from another one."""

    conversation_id: UUID
    chat_id: int
    user_id: UUID
    message_id: int
    queued_at: datetime


class WaitingQueries(Queries):
    """The queue of one bot, as those who wait see it."""

    def line(self) -> Sequence[InLine]:
        """Return who waits, in the order in which it is their turn."""
        statement = (
            select(Conversation.id, Conversation.told_place, Conversation.told_at, Conversation.told_until)
            .where(Conversation.bot_id == self.bot_id, Conversation.state == ConversationState.QUEUED)
            .order_by(*queue_order())
        )
        return [InLine(*row) for row in self.session.execute(statement.limit(_LONGEST_LINE))]

    def place(self, conversation: Conversation) -> int:
        """Return a waiting customer's place: 1 is the next."""
        statement = select(func.count()).where(
            Conversation.bot_id == self.bot_id,
            Conversation.state == ConversationState.QUEUED,
            Conversation.id != conversation.id,
            is_before(conversation),
        )
        return int(self.session.scalar(statement) or 0) + 1

    def took(self) -> Sequence[float]:
        """Return how many seconds the last chats with a person took."""
        statement = (
            select(Conversation.taken_at, Conversation.closed_at)
            .where(
                Conversation.bot_id == self.bot_id,
                Conversation.taken_at.is_not(None),
                Conversation.closed_at > db_now(-_MEASURED_DAYS * 86_400.0),
            )
            .order_by(Conversation.closed_at.desc())
            .limit(_MEASURED)
        )
        rows = self.session.execute(statement).all()
        return [(closed - taken).total_seconds() for taken, closed in rows if taken and closed]

    def in_hand(self) -> Sequence[int]:
        """Return who serves each chat that is with a person now."""
        statement = select(Conversation.staff_id).where(
            Conversation.bot_id == self.bot_id, Conversation.state == ConversationState.WITH_OPERATOR
        )
        return [staff_id for staff_id in self.session.scalars(statement) if staff_id is not None]

    def served_lately(self) -> set[int]:
        """Return who ended a chat within the last half hour."""
        statement = select(Conversation.staff_id).where(
            Conversation.bot_id == self.bot_id,
            Conversation.taken_at.is_not(None),
            Conversation.closed_at > db_now(-_SHIFT),
        )
        return {staff_id for staff_id in self.session.scalars(statement.distinct()) if staff_id is not None}

    def last_words(self, conversation_id: UUID) -> int | None:
        """Return the number of the last message that the customer wrote."""
        statement = select(func.max(Message.id)).where(
            Message.conversation_id == conversation_id, Message.state == Delivery.RECEIVED
        )
        return self.session.scalar(statement)

    def claim_quick(self, lease: float) -> Quick | None:
        """Lease a question of somebody who waits, or return None; a worker that dies leaves it to another one."""
        asked = (
            select(Conversation.id)
            .where(self._asks_quickly())
            .order_by(Conversation.quick_question)
            .limit(1)
            .with_for_update(key_share=True, skip_locked=True)
        )
        row = self.execute(
            update(Conversation)
            .where(Conversation.id == asked.scalar_subquery())
            .values(quick_lease=db_now(lease))
            .returning(
                Conversation.id,
                Conversation.chat_id,
                Conversation.user_id,
                Conversation.quick_question,
                Conversation.queued_at,
            )
        ).one_or_none()
        return Quick(row.id, row.chat_id, row.user_id, row.quick_question, row.queued_at) if row else None

    def wanted(self) -> bool:
        """Tell whether somebody waits who may have to be told something."""
        line = select(Conversation.id).where(
            Conversation.bot_id == self.bot_id, Conversation.state == ConversationState.QUEUED
        )
        calls = select(Callback.id).where(
            Callback.bot_id == self.bot_id, Callback.state == CallbackState.OPEN, Callback.announced_at.is_(None)
        )
        return any(self.session.scalar(waits.limit(1)) is not None for waits in (line, calls))

    def _asks_quickly(self) -> ColumnElement[bool]:
        return and_(
            Conversation.bot_id == self.bot_id,
            Conversation.quick_question.is_not(None),
            Conversation.state == ConversationState.QUEUED,
            or_(Conversation.quick_lease.is_(None), Conversation.quick_lease <= db_now()),
        )
