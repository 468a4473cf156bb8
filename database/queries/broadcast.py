"""Queries over broadcasts: drafts and what they say, and about which of them something is to be done."""

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from sqlalchemy import Select, and_, or_, select

from database.models import Broadcast, BroadcastState, Message
from database.queries.broadcast_feed import FeedQueries
from database.types import db_now

_HELD = frozenset({BroadcastState.PAUSED, BroadcastState.CANCELLED})


class BroadcastQueries(FeedQueries):
    """The broadcasts of one bot."""

    def draft(self, author_id: int, body: str) -> Broadcast:
        """Keep a text that is not sent yet."""
        broadcast_id = uuid4()
        sealed = self.vault.seal(body, _identity(broadcast_id))
        broadcast = Broadcast(id=broadcast_id, bot_id=self.bot_id, author_id=author_id, body=sealed)
        self.session.add(broadcast)
        return broadcast

    def lock(self, broadcast_id: UUID) -> Broadcast | None:
        """Return a broadcast, locked until the commit."""
        statement = select(Broadcast).where(Broadcast.bot_id == self.bot_id, Broadcast.id == broadcast_id)
        return self._locked(statement)

    def get(self, broadcast_id: UUID) -> Broadcast | None:
        """Return a broadcast, to look at."""
        statement = select(Broadcast).where(Broadcast.bot_id == self.bot_id, Broadcast.id == broadcast_id)
        return self.session.scalars(statement).one_or_none()

    def unfinished(self, author_id: int) -> Broadcast | None:
        """Return the newest draft of somebody, locked until the commit."""
        own = select(Broadcast).where(Broadcast.bot_id == self.bot_id, Broadcast.author_id == author_id)
        newest = own.where(Broadcast.state == BroadcastState.DRAFT).order_by(Broadcast.created_at.desc()).limit(1)
        return self._locked(newest)

    def recent(self, limit: int, author_id: int | None = None) -> Sequence[Broadcast]:
        """Return the newest broadcasts, of one author if one is named; drafts that were thrown away are left out."""
        thrown_away = and_(Broadcast.state == BroadcastState.CANCELLED, Broadcast.submitted_at.is_(None))
        wanted = select(Broadcast).where(Broadcast.bot_id == self.bot_id, ~thrown_away)
        if author_id is not None:
            wanted = wanted.where(Broadcast.author_id == author_id)
        return self.session.scalars(wanted.order_by(Broadcast.created_at.desc(), Broadcast.id).limit(limit)).all()

    def body(self, broadcast_id: UUID) -> str:
        """Return a broadcast's body in clear."""
        sealed = self.session.scalars(select(Broadcast.body).where(Broadcast.id == broadcast_id)).one()
        return self.vault.open(sealed, _identity(broadcast_id))

    def body_to_send(self, broadcast_id: UUID) -> str | None:
        """Return a broadcast's body in clear, or None while it is held: its messages are to wait for another time."""
        of_it = select(Broadcast.state, Broadcast.body).where(Broadcast.id == broadcast_id)
        state, sealed = self.session.execute(of_it).one()
        return None if state in _HELD else self.vault.open(sealed, _identity(broadcast_id))

    def rewrite(self, broadcast: Broadcast, body: str) -> None:
        """Give a broadcast another body."""
        broadcast.body = self.vault.seal(body, _identity(broadcast.id))

    def expect_list(self, broadcast: Broadcast, file_id: str | None) -> None:
        """Keep where the file with a broadcast's accounts is until it was read."""
        broadcast.list_file = self.vault.seal(file_id, _identity(broadcast.id, "list_file")) if file_id else None

    def list_file(self, broadcast: Broadcast) -> str | None:
        """Return where the file with a broadcast's accounts is, if one is to be read."""
        sealed = broadcast.list_file
        return self.vault.open(sealed, _identity(broadcast.id, "list_file")) if sealed else None

    def shown_as(self, message_ids: Collection[int]) -> dict[int, int]:
        """Return the messenger's numbers of those of some messages that were sent, by their chats."""
        own = select(Message.chat_id, Message.telegram_message_id).where(
            Message.bot_id == self.bot_id, Message.id.in_(message_ids), Message.telegram_message_id.is_not(None)
        )
        return {chat_id: number for chat_id, number in self.session.execute(own) if number is not None}

    def _locked(self, statement: Select[Broadcast]) -> Broadcast | None:
        """Return a broadcast as it is once it is locked, not as the transaction may have seen it before."""
        locked = statement.with_for_update(key_share=True)
        return self.session.scalars(locked.execution_options(populate_existing=True)).one_or_none()

    def running(self) -> list[UUID]:
        """Return the broadcasts about which something is to be done now."""
        ending = and_(
            Broadcast.state == BroadcastState.CANCELLED,
            Broadcast.started_at.is_not(None),
            Broadcast.finished_at.is_(None),
        )
        due = and_(
            Broadcast.state == BroadcastState.SCHEDULED,
            or_(Broadcast.starts_at.is_(None), Broadcast.starts_at <= db_now()),
        )
        reads = and_(
            Broadcast.state == BroadcastState.DRAFT,
            or_(Broadcast.list_file.is_not(None), Broadcast.file_due_at <= db_now()),
        )
        statement = select(Broadcast.id).where(
            Broadcast.bot_id == self.bot_id, or_(Broadcast.state == BroadcastState.RUNNING, ending, due, reads)
        )
        return list(self.session.scalars(statement))


def _identity(broadcast_id: UUID, column: str = "body") -> str:
    return f"broadcasts:{broadcast_id}:{column}"
