"""Queries over what became of a broadcast: in numbers, and person by person."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, tuple_

from database.models import BroadcastRecipient, Delivery, Message, Skip
from database.queries.scope import Queries

BLOCKED = "blocked"  # the reason of a message to somebody who blocked the bot
_ENDED = frozenset({Delivery.SENT, Delivery.UNKNOWN, Delivery.FAILED, Delivery.DEAD, Delivery.DROPPED})
_FAILED = frozenset({Delivery.FAILED, Delivery.DEAD, Delivery.DROPPED})


@dataclass(frozen=True)
class Tally:
    """How far a broadcast is: `total` people are on its list; `failed` by reason; the others wait or are under way."""

    total: int = 0
    sent: int = 0
    blocked: int = 0
    unknown: int = 0
    opted_out: int = 0
    failed: dict[str, int] = field(default_factory=dict)

    @property
    def failures(self) -> int:
        """How many did not get it for a reason of their own, blocks left out."""
        return sum(self.failed.values())

    @property
    def ended(self) -> int:
        """How many are done with, either way."""
        return self.sent + self.blocked + self.unknown + self.opted_out + self.failures

    @property
    def left(self) -> int:
        """How many were not written to."""
        return self.total - self.ended


@dataclass(frozen=True)
class Fate:
    """What became of one person of the list; `state` is empty for somebody who was not written to."""

    chat_id: int
    state: str
    reason: str
    at: datetime | None


class TallyQueries(Queries):
    """What became of the broadcasts of one bot."""

    def of(self, broadcast_id: UUID) -> Tally:
        """Return the numbers of a broadcast."""
        messages = (
            select(Message.state, Message.reason, func.count())
            .where(Message.bot_id == self.bot_id, Message.broadcast_id == broadcast_id, Message.state.in_(_ENDED))
            .group_by(Message.state, Message.reason)
        )
        by_state: dict[str, int] = {}
        failed: dict[str, int] = {}
        for state, reason, number in self.session.execute(messages):
            if state in _FAILED and reason != BLOCKED:
                failed[reason or state] = failed.get(reason or state, 0) + int(number)
            else:
                by_state[state] = by_state.get(state, 0) + int(number)
        skipped = self._skipped(broadcast_id)
        return Tally(
            total=sum(skipped.values()),
            sent=by_state.get(Delivery.SENT, 0),
            blocked=by_state.get(Delivery.FAILED, 0) + skipped.get(Skip.BLOCKED, 0),
            unknown=by_state.get(Delivery.UNKNOWN, 0),
            opted_out=skipped.get(Skip.OPTED_OUT, 0),
            failed=failed,
        )

    def fates(self, broadcast_id: UUID, piece: int) -> Iterator[list[Fate]]:
        """Yield what became of everybody on the list, some at a time: first who was written to, then who was not."""
        place = ("", 0)
        written = select(Message.id, Message.chat_id, Message.state, Message.reason, Message.sent_at).where(
            Message.bot_id == self.bot_id, Message.broadcast_id == broadcast_id
        )
        in_order = written.order_by(Message.state, Message.id).limit(piece)
        while rows := self.session.execute(in_order.where(tuple_(Message.state, Message.id) > tuple_(*place))).all():
            yield [Fate(row.chat_id, row.state, row.reason or "", row.sent_at) for row in rows]
            place = (rows[-1].state, rows[-1].id)
        yield from self._unwritten(broadcast_id, piece)

    def _unwritten(self, broadcast_id: UUID, piece: int) -> Iterator[list[Fate]]:
        after = 0
        left_out = select(BroadcastRecipient.chat_id, BroadcastRecipient.skipped).where(
            BroadcastRecipient.bot_id == self.bot_id,
            BroadcastRecipient.broadcast_id == broadcast_id,
            BroadcastRecipient.queued_at.is_(None),
        )
        in_order = left_out.order_by(BroadcastRecipient.chat_id).limit(piece)
        while rows := self.session.execute(in_order.where(BroadcastRecipient.chat_id > after)).all():
            yield [Fate(row.chat_id, "", row.skipped or "", None) for row in rows]
            after = rows[-1].chat_id

    def _skipped(self, broadcast_id: UUID) -> dict[str | None, int]:
        """Return how many of the list are left out for which reason; None stands for those who are not."""
        counted = (
            select(BroadcastRecipient.skipped, func.count())
            .where(BroadcastRecipient.broadcast_id == broadcast_id, BroadcastRecipient.bot_id == self.bot_id)
            .group_by(BroadcastRecipient.skipped)
        )
        return {skipped: int(number) for skipped, number in self.session.execute(counted)}
