"""Queries over messages on their way out: what may be sent next, what became of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    Table,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from database.models import Author, Delivery, Message, Priority
from database.queries.scope import Queries, rowcount
from database.types import db_now

OVERTAKEN = "overtaken"  # the reason of what was taken back because somebody came first
_OPEN = (Delivery.SENDING, Delivery.PENDING, Delivery.UNKNOWN)  # states in which an outcome may still be learnt


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt to send; `attempt` fences it against a later attempt, `failures` adds up."""

    message_id: int
    attempt: int
    state: Delivery
    telegram_message_id: int | None = None
    reason: str | None = None
    delay: float = 0.0
    resend: bool = False
    failures: int = 0


class DeliveryQueries(Queries):
    """The outbox of one bot. A message in SENDING is the lease of its chat: nothing overtakes it."""

    def candidates(self, limit: int) -> list[Message]:
        """Return the next message of each chat that has one, in order of service, locked until the commit."""
        other = aliased(Message)
        ahead = exists().where(
            other.bot_id == self.bot_id,
            other.chat_id == Message.chat_id,
            or_(
                other.state == Delivery.SENDING,
                and_(
                    other.state == Delivery.PENDING,
                    or_(
                        other.priority < Message.priority,
                        and_(other.priority == Message.priority, other.id < Message.id),
                    ),
                ),
            ),
        )
        statement = (
            select(Message)
            .where(self._ready(), ~ahead)
            .order_by(Message.priority, Message.id)
            .limit(limit)
            .with_for_update(key_share=True, skip_locked=True, of=Message)
        )
        return list(self.session.scalars(statement))

    def start(self, message_ids: Collection[int], lease: float) -> list[Message]:
        """Record that these messages are being sent; committed before the call, so that a kill leaves a trace.

        Returns those that still waited, in order of service. Raises SQLAlchemy's IntegrityError when somebody else
        is sending another message of one of their chats: a constraint holds what `candidates` cannot see yet.
        """
        started = self.execute(
            update(Message)
            .where(Message.id.in_(message_ids), Message.state == Delivery.PENDING)
            .values(state=Delivery.SENDING, attempt=Message.attempt + 1, lease_until=db_now(lease))
            .returning(Message)
            .execution_options(populate_existing=True)
        ).scalars()
        return sorted(started, key=lambda message: (message.priority, message.id))

    def postpone(self, delays: Sequence[tuple[int, float]]) -> None:
        """Put messages off by some seconds each, because of the limits."""
        for message_id, delay in delays:
            self.execute(update(Message).where(Message.id == message_id).values(not_before=db_now(delay)))

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Write what became of attempts; one that was overtaken by a later attempt changes nothing."""
        for delay in {outcome.delay for outcome in outcomes}:
            rows = [
                {
                    "of_message": outcome.message_id,
                    "of_attempt": outcome.attempt,
                    "to_state": outcome.state,
                    "to_message": outcome.telegram_message_id,
                    "why": outcome.reason,
                    "again": int(outcome.resend),
                    "failed": outcome.failures,
                }
                for outcome in outcomes
                if outcome.delay == delay
            ]
            self.session.connection().execute(_settle(delay), rows)

    def expire(self) -> tuple[int, int]:
        """Take messages whose sender died out of SENDING: replies go out once more, broadcasts stay UNKNOWN.

        Returns how many were unknown, and how many of those will be sent again (architecture.md, promise 4).
        """
        lost = and_(Message.bot_id == self.bot_id, Message.state == Delivery.SENDING, Message.lease_until <= db_now())
        again = and_(lost, Message.priority != Priority.BROADCAST, Message.resends == 0)
        resent = self.execute(
            update(Message).where(again).values(state=Delivery.PENDING, resends=1, lease_until=None, reason="unknown")
        )
        given_up = self.execute(
            update(Message).where(lost).values(state=Delivery.UNKNOWN, lease_until=None, reason="unknown")
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

    def _ready(self) -> ColumnElement[bool]:
        return and_(
            Message.bot_id == self.bot_id,
            Message.state == Delivery.PENDING,
            or_(Message.not_before.is_(None), Message.not_before <= db_now()),
        )


def _settle(delay: float) -> Update:
    table = Message.__table__
    assert isinstance(table, Table)  # noqa: S101 - tells mypy what a mapped class's table is
    state, resend = bindparam("to_state", type_=String), bindparam("again", type_=Integer)
    taken_back = and_(table.c.reason == OVERTAKEN, or_(state == Delivery.PENDING, state == Delivery.DEAD))
    return (
        update(table)
        .where(
            table.c.id == bindparam("of_message"),
            table.c.attempt == bindparam("of_attempt"),
            or_(*(table.c.state == state for state in _OPEN)),  # executemany knows no IN
        )
        .values(
            state=case((and_(taken_back, resend == 1), Delivery.UNKNOWN), (taken_back, Delivery.DROPPED), else_=state),
            telegram_message_id=bindparam("to_message"),
            reason=case((taken_back, OVERTAKEN), else_=bindparam("why", type_=String)),
            resends=table.c.resends + resend,
            failures=bindparam("failed", type_=Integer),
            lease_until=None,
            not_before=db_now(delay) if delay else None,
            sent_at=case((state == Delivery.SENT, db_now()), else_=None),
        )
    )
