"""Queries over the list of a broadcast: frozen in pieces, fed into the outbox, taken back from there."""

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from sqlalchemy import and_, case, delete, func, insert, literal, or_, select, update

from database.models import (
    Author,
    Broadcast,
    BroadcastKind,
    BroadcastRecipient,
    Delivery,
    Message,
    Priority,
    Skip,
    User,
)
from database.queries.audience import AudienceQueries, Segment, opted_out
from database.queries.scope import Queries, rowcount, table
from database.types import db_now

_QUEUE = insert(table(Message))
_TO_DO = and_(BroadcastRecipient.queued_at.is_(None), BroadcastRecipient.skipped.is_(None))
_PLAIN = {"synchronize_session": False}


class FeedQueries(Queries):
    """The lists of one bot's broadcasts."""

    def freeze(self, broadcast: Broadcast, piece: int) -> int:
        """Write the next piece of the list as it was at the start; returns how many of it will be written to.

        The server copies the rows, so that nobody's memory grows with them.
        """
        segment = Segment.of(broadcast.segment)
        skipped = case((opted_out(broadcast.kind), literal(Skip.OPTED_OUT.value)), else_=None)
        people = (
            select(literal(broadcast.id), User.telegram_id, User.bot_id, skipped)
            .where(
                AudienceQueries(self.scope).within(broadcast.id, segment),
                User.consent_version.is_not(None),
                User.blocked_at.is_(None),
                User.barred_at.is_(None),
                User.created_at <= broadcast.started_at,
                User.telegram_id > (broadcast.frozen_to or 0),
            )
            .order_by(User.telegram_id)
            .limit(piece)
        )
        columns = ["broadcast_id", "chat_id", "bot_id", "skipped"]
        written = rowcount(self.execute(insert(BroadcastRecipient).from_select(columns, people)))
        if written < piece:
            broadcast.frozen_at = self.scope.now
        if written:
            last = select(func.max(BroadcastRecipient.chat_id)).where(BroadcastRecipient.broadcast_id == broadcast.id)
            broadcast.frozen_to = self.session.scalars(last).one()
        return written

    def feed(self, broadcast_id: UUID, room: int, kind: str = BroadcastKind.SERVICE) -> int:
        """Write messages for the next recipients, at most `room` of them waiting; returns how many were dealt with.

        Who opted out, took the consent back or blocked the bot since the list was frozen is left out.
        """
        waiting = self.session.scalars(
            select(func.count())
            .select_from(Message)
            .where(Message.broadcast_id == broadcast_id, Message.state == Delivery.PENDING)
        ).one()
        chats = list(
            self.session.scalars(
                select(BroadcastRecipient.chat_id)
                .where(BroadcastRecipient.broadcast_id == broadcast_id, _TO_DO)
                .order_by(BroadcastRecipient.chat_id)
                .limit(max(0, room - waiting))
                .with_for_update(key_share=True, skip_locked=True)
            )
        )
        if chats:
            gone = self._skip(broadcast_id, chats, kind)
            self._queue(broadcast_id, [chat_id for chat_id in chats if chat_id not in gone])
        return len(chats)

    def take_back(self, broadcast_id: UUID, unsent: Collection[int] | None = None) -> int:
        """Take the messages that wait out of the outbox, for another time; returns how many there were.

        `unsent`: these messages instead, which were to be sent, and of which nothing has left.
        """
        these = Message.state == Delivery.PENDING if unsent is None else Message.id.in_(unsent)
        gone = delete(Message).where(Message.broadcast_id == broadcast_id, these)
        chats = list(self.session.scalars(gone.returning(Message.chat_id), execution_options=_PLAIN))
        if chats:
            self._mark(broadcast_id, chats, queued_at=None)
        return len(chats)

    def open(self, broadcast_id: UUID) -> bool:
        """Return whether some of its messages wait or are being sent."""
        unsent = Message.state.in_((Delivery.PENDING, Delivery.SENDING))
        statement = select(Message.id).where(Message.broadcast_id == broadcast_id, unsent).limit(1)
        return self.session.scalars(statement).first() is not None

    def _skip(self, broadcast_id: UUID, chats: Sequence[int], kind: str) -> set[int]:
        blocked = or_(User.blocked_at.is_not(None), User.barred_at.is_not(None))
        unwilling = or_(opted_out(kind), User.consent_version.is_(None))
        found = self.session.execute(
            select(User.telegram_id, blocked).where(
                User.bot_id == self.bot_id, User.telegram_id.in_(chats), or_(blocked, unwilling)
            )
        )
        gone = {chat_id: Skip.BLOCKED if has_blocked else Skip.OPTED_OUT for chat_id, has_blocked in found}
        for why in set(gone.values()):
            self._mark(broadcast_id, [chat_id for chat_id, reason in gone.items() if reason == why], skipped=why)
        return set(gone)

    def _queue(self, broadcast_id: UUID, chats: Sequence[int]) -> None:
        rows = [
            {
                "bot_id": self.bot_id,
                "uid": uuid4(),
                "chat_id": chat_id,
                "broadcast_id": broadcast_id,
                "author": Author.SYSTEM,
                "state": Delivery.PENDING,
                "priority": Priority.BROADCAST,
            }
            for chat_id in chats
        ]
        if rows:
            self.run(_QUEUE, rows)
            self._mark(broadcast_id, chats, queued_at=db_now())

    def _mark(self, broadcast_id: UUID, chats: Sequence[int], **values: object) -> None:
        theirs = and_(BroadcastRecipient.broadcast_id == broadcast_id, BroadcastRecipient.chat_id.in_(chats))
        self.execute(update(BroadcastRecipient).where(theirs).values(**values))
