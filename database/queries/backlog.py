"""Queries over what waits: how much, and for how long."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Uuid, and_, bindparam, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from database.models import Author, Conversation, ConversationState, Delivery, InboxRow, InboxState, Message
from database.queries.due import is_due
from database.queries.inbox import is_claimable
from database.queries.message import is_unanswered
from database.queries.scope import Queries
from database.types import db_now


@dataclass(frozen=True)
class Backlog:
    """One queue: rows in it, and the age of the oldest in seconds."""

    queue: str
    waiting: int
    oldest: float


@dataclass(frozen=True)
class Held:
    """Messages that a limit of the messenger holds back: how many, and for how many seconds the last of them."""

    number: int
    longest: float


@dataclass(frozen=True)
class Left:
    """What an answer leaves behind: messages it does not cover, updates of the chat, other conversations that are due.

    `now` is the database's time.
    """

    messages: bool
    updates: bool
    others: bool
    now: datetime


_BOT, _CONVERSATION = bindparam("bot", type_=BigInteger), bindparam("conversation", type_=Uuid)
_BEHIND = select(
    exists().where(is_unanswered(_CONVERSATION)),
    exists().where(is_claimable(_BOT), InboxRow.chat_id == bindparam("chat")),
    exists().where(is_due(_BOT), Conversation.id != _CONVERSATION),
    db_now(),
)


class BacklogQueries(Queries):
    """What waits in one bot."""

    def behind(self, conversation: Conversation) -> Left:
        """Return what waits behind a conversation whose answer is being written, in one statement."""
        key = {"bot": self.bot_id, "conversation": conversation.id, "chat": conversation.chat_id}
        return Left(*self.run(_BEHIND, key).one())

    def held(self) -> Held:
        """Return what waits for the limiter; a message that failed waits for another reason."""
        statement = select(func.count(), func.max(Message.not_before), db_now()).where(
            Message.bot_id == self.bot_id,
            Message.state == Delivery.PENDING,
            Message.not_before > db_now(),
            Message.failures == 0,
        )
        number, last, now = self.session.execute(statement).one()
        return Held(number, max(0.0, (last - now).total_seconds()) if last else 0.0)

    def all(self) -> list[Backlog]:
        """Return every queue, with the leases held and the dead among them."""
        dead = Message.state == Delivery.DEAD
        inbox, conversation, message = InboxRow.bot_id, Conversation.bot_id, Message.bot_id
        return [
            self._of("inbox", inbox, InboxRow.received_at, InboxRow.state == InboxState.NEW),
            self._of("inbox_leases", inbox, InboxRow.received_at, InboxRow.state == InboxState.CLAIMED),
            self._of("dead", inbox, InboxRow.received_at, InboxRow.state == InboxState.DEAD),
            self._of("answers", conversation, Conversation.answer_due_at, Conversation.answer_due_at <= db_now()),
            self._of("answer_leases", conversation, Conversation.asked_at, Conversation.lease_until > db_now()),
            self._of("people", conversation, Conversation.queued_at, Conversation.state == ConversationState.QUEUED),
            self._of("outbox", message, Message.created_at, Message.state == Delivery.PENDING),
            self._of("sending", message, Message.created_at, Message.state == Delivery.SENDING),
            self._of("dead_questions", message, Message.created_at, and_(dead, Message.author == Author.CUSTOMER)),
            self._of("dead_messages", message, Message.created_at, and_(dead, Message.author != Author.CUSTOMER)),
        ]

    def _of(
        self,
        queue: str,
        bot: InstrumentedAttribute[int],
        since: InstrumentedAttribute[Any],
        waiting: ColumnElement[bool],
    ) -> Backlog:
        statement = select(func.count(), func.min(since), db_now()).where(bot == self.bot_id, waiting)
        number, oldest, now = self.session.execute(statement).one()
        return Backlog(queue, number, max(0.0, (now - oldest).total_seconds()) if oldest else 0.0)
