"""Queries over broadcasts: the draft, its frozen list of recipients, feeding the outbox, the report."""

from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, func, insert, literal, select, update

from database.models import Author, Broadcast, BroadcastRecipient, BroadcastState, Delivery, Message, Priority, User
from database.queries.scope import Queries, rowcount, table
from database.types import db_now

_QUEUE = insert(table(Message))


class BroadcastQueries(Queries):
    """The broadcasts of one bot."""

    def draft(self, author_id: int, body: str) -> Broadcast:
        """Keep a text that is not sent yet."""
        broadcast_id = uuid4()
        broadcast = Broadcast(
            id=broadcast_id,
            bot_id=self.bot_id,
            author_id=author_id,
            state=BroadcastState.DRAFT,
            body=self.vault.seal(body, _identity(broadcast_id)),
        )
        self.session.add(broadcast)
        return broadcast

    def lock(self, broadcast_id: UUID) -> Broadcast | None:
        """Return a broadcast, locked until the commit."""
        statement = select(Broadcast).where(Broadcast.bot_id == self.bot_id, Broadcast.id == broadcast_id)
        return self.session.scalars(statement.with_for_update(key_share=True)).one_or_none()

    def body(self, broadcast_id: UUID) -> str:
        """Return a broadcast's body in clear."""
        sealed = self.session.scalars(select(Broadcast.body).where(Broadcast.id == broadcast_id)).one()
        return self.vault.open(sealed, _identity(broadcast_id))

    def audience(self) -> int:
        """Return how many people a broadcast would go to."""
        return self.session.scalars(select(func.count()).select_from(User).where(self._reachable())).one()

    def freeze(self, broadcast_id: UUID) -> int:
        """Write the list of recipients, one row each, as it is now; returns its length."""
        people = select(literal(broadcast_id), User.telegram_id, User.bot_id).where(self._reachable())
        columns = ["broadcast_id", "chat_id", "bot_id"]
        return rowcount(self.execute(insert(BroadcastRecipient).from_select(columns, people)))

    def running(self) -> list[UUID]:
        """Return the broadcasts under way."""
        statement = select(Broadcast.id).where(
            Broadcast.bot_id == self.bot_id, Broadcast.state == BroadcastState.RUNNING
        )
        return list(self.session.scalars(statement))

    def feed(self, broadcast_id: UUID, room: int) -> int:
        """Write messages for the next recipients, at most `room` of them waiting; returns how many were written."""
        waiting = self.session.scalars(
            select(func.count())
            .select_from(Message)
            .where(Message.broadcast_id == broadcast_id, Message.state == Delivery.PENDING)
        ).one()
        chats = list(
            self.session.scalars(
                select(BroadcastRecipient.chat_id)
                .where(BroadcastRecipient.broadcast_id == broadcast_id, BroadcastRecipient.queued_at.is_(None))
                .order_by(BroadcastRecipient.chat_id)
                .limit(max(0, room - waiting))
                .with_for_update(key_share=True, skip_locked=True)
            )
        )
        if chats:
            self._queue(broadcast_id, chats)
        return len(chats)

    def report(self, broadcast_id: UUID) -> dict[str, int]:
        """Return how many recipients there are in all, and how many of their messages are in each state."""
        total = self.session.scalars(
            select(func.count()).select_from(BroadcastRecipient).where(BroadcastRecipient.broadcast_id == broadcast_id)
        ).one()
        rows = self.session.execute(
            select(Message.state, func.count()).where(Message.broadcast_id == broadcast_id).group_by(Message.state)
        )
        return {"total": total} | {state: int(number) for state, number in rows}

    def _queue(self, broadcast_id: UUID, chats: list[int]) -> None:
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
        self.run(_QUEUE, rows)
        self.execute(
            update(BroadcastRecipient)
            .where(BroadcastRecipient.broadcast_id == broadcast_id, BroadcastRecipient.chat_id.in_(chats))
            .values(queued_at=db_now())
        )

    def _reachable(self) -> ColumnElement[bool]:
        return and_(User.bot_id == self.bot_id, User.consent_version.is_not(None), User.blocked_at.is_(None))


def _identity(broadcast_id: UUID) -> str:
    return f"broadcasts:{broadcast_id}:body"
