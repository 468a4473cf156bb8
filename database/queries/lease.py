"""Queries over leases that ran out: what a dead process left behind and nobody has taken up."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from database.models import Conversation, Delivery, InboxRow, InboxState, Message
from database.queries.scope import Queries
from database.types import db_now


@dataclass(frozen=True)
class Overdue:
    """Leases of a queue, named as in `Backlog`, and how many seconds ago the first of them ran out; 0 if none did."""

    queue: str
    seconds: float


class LeaseQueries(Queries):
    """The leases of one bot."""

    def overdue(self) -> list[Overdue]:
        """Return for each queue how long its oldest lease has been held beyond its end."""
        return [
            self._of("inbox_leases", InboxRow.bot_id, InboxRow.lease_until, InboxRow.state == InboxState.CLAIMED),
            self._of(  # by its index: what is leased is due
                "answer_leases", Conversation.bot_id, Conversation.lease_until, Conversation.answer_due_at.is_not(None)
            ),
            self._of("sending", Message.bot_id, Message.lease_until, Message.state == Delivery.SENDING),
        ]

    def _of(
        self,
        queue: str,
        bot: InstrumentedAttribute[int],
        until: InstrumentedAttribute[Any],
        leased: ColumnElement[bool],
    ) -> Overdue:
        statement = select(func.min(until), db_now()).where(bot == self.bot_id, leased)
        first, now = self.session.execute(statement).one()
        return Overdue(queue, max(0.0, (now - first).total_seconds()) if first else 0.0)
