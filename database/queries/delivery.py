"""Queries over messages on their way out: what may be sent next, what became of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update

from database.models import Author, Delivery, Message, Priority
from database.queries import outbox
from database.queries.outbox import OVERTAKEN
from database.queries.scope import Queries, rowcount
from database.types import db_now


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt to send; `attempt` fences it against a later attempt, `failures` adds up.

    `album` holds the messenger's number of each file where there are several.
    """

    message_id: int
    attempt: int
    state: Delivery
    telegram_message_id: int | None = None
    reason: str | None = None
    delay: float = 0.0
    resend: bool = False
    failures: int = 0
    album: tuple[int, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """A message that may be sent."""

    id: int
    chat_id: int
    priority: int


@dataclass(frozen=True)
class Started:
    """A message that is being sent; its body is sealed."""

    id: int
    uid: UUID
    chat_id: int
    broadcast_id: UUID | None
    body: bytes | None
    priority: int
    attempt: int
    failures: int
    resends: int
    traceparent: str | None


class DeliveryQueries(Queries):
    """The outbox of one bot. A message in SENDING is the lease of its chat: nothing overtakes it."""

    def candidates(self, limit: int) -> list[Waiting]:
        """Return the next message of each chat that has one, in order of service, locked until the commit."""
        return [Waiting(*row) for row in self.run(outbox.NEXT, {"bot": self.bot_id, "most": limit})]

    def start(self, message_ids: Collection[int], lease: float) -> list[Started]:
        """Record that these messages are being sent; committed before the call, so that a kill leaves a trace.

        Returns those that still waited, in order of service. Raises SQLAlchemy's IntegrityError when somebody else
        is sending another message of one of their chats: a constraint holds what `candidates` cannot see yet.
        """
        rows = self.run(outbox.START, {"ids": list(message_ids), "lease": lease})
        return sorted((Started(*row) for row in rows), key=lambda message: (message.priority, message.id))

    def extend(self, message_ids: Collection[int], lease: float) -> None:
        """Give messages that are being sent, as of now, another lease."""
        own = update(Message).where(Message.bot_id == self.bot_id, Message.id.in_(message_ids))
        self.execute(own.where(Message.state == Delivery.SENDING).values(lease_until=db_now(lease)))

    def postpone(self, delays: Sequence[tuple[int, float]]) -> None:
        """Put messages off by some seconds each, because of the limits."""
        if delays:
            self.run(outbox.POSTPONE, [{"message": message_id, "delay": delay} for message_id, delay in delays])

    def waits_in(self, chat_ids: Collection[int]) -> bool:
        """Return whether messages of some chats are ready to be sent."""
        return self.run(outbox.WAIT_THERE, {"bot": self.bot_id, "chats": list(chat_ids)}).first() is not None

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Write what became of attempts; one that was overtaken by a later attempt changes nothing."""
        rows = [
            {
                "of_message": outcome.message_id,
                "of_attempt": outcome.attempt,
                "to_state": outcome.state,
                "to_message": outcome.telegram_message_id,
                "why": outcome.reason,
                "again": int(outcome.resend),
                "failed": outcome.failures,
                "delay": outcome.delay,
            }
            for outcome in outcomes
        ]
        if rows:
            self.run(outbox.SETTLE, rows)

    def expire(self) -> tuple[int, int]:
        """Take messages whose sender died out of SENDING: replies go out once more, broadcasts stay UNKNOWN.

        Returns how many were unknown, and how many of those will be sent again (architecture.md, promise 4).
        """
        lost = and_(Message.bot_id == self.bot_id, Message.state == Delivery.SENDING, Message.lease_until <= db_now())
        again = and_(lost, Message.priority != Priority.BROADCAST, Message.resends == 0)
        for_good = and_(lost, or_(Message.priority == Priority.BROADCAST, Message.resends > 0))  # time goes on between
        resent = self.execute(
            update(Message).where(again).values(state=Delivery.PENDING, resends=1, lease_until=None, reason="unknown")
        )
        given_up = self.execute(
            update(Message).where(for_good).values(state=Delivery.UNKNOWN, lease_until=None, reason="unknown")
        )
        return rowcount(resent) + rowcount(given_up), rowcount(resent)

    def drop(self, conversation_id: UUID, author: Author) -> None:
        """Take back what was not sent yet; what is being sent right now will not be repeated."""
        own = update(Message).where(Message.conversation_id == conversation_id, Message.author == author)
        pending = own.where(Message.state.in_((Delivery.PENDING, Delivery.DEAD)))
        sending = own.where(Message.state == Delivery.SENDING)
        self.execute(pending.values(state=Delivery.DROPPED, reason=OVERTAKEN))
        self.execute(sending.values(resends=1, reason=OVERTAKEN))

    def next_in(self, horizon: float) -> float | None:
        """Return in how many seconds the next message may go out, or None when there is none within the horizon."""
        statement = select(func.min(func.coalesce(Message.not_before, Message.created_at)), db_now()).where(
            Message.bot_id == self.bot_id,
            Message.state == Delivery.PENDING,
            or_(Message.not_before.is_(None), Message.not_before <= db_now(horizon)),
        )
        earliest, now = self.session.execute(statement).one()
        return None if earliest is None else max(0.0, (earliest - now).total_seconds())

    def counts(self) -> dict[str, int]:
        """Return how many messages are in each state of delivery."""
        statement = (
            select(Message.state, func.count())
            .where(Message.bot_id == self.bot_id, Message.state != Delivery.RECEIVED)
            .group_by(Message.state)
        )
        return {state: int(number) for state, number in self.session.execute(statement)}
