"""Queries over the dialog: what the customer said, what the bot and the staff are going to say."""

from dataclasses import dataclass
from logging import getLogger
from typing import Protocol
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, select, true, update

from database.models import Author, Conversation, Delivery, Message, Priority
from database.queries.scope import Queries
from database.types import db_now
from utils.encryption import EncryptionError

OUTGOING = "outgoing"  # noted of a transaction that wrote messages for delivery

_log = getLogger(__name__)


@dataclass(frozen=True)
class Said:
    """One message of the dialog, opened."""

    id: int
    author: Author
    body: str
    traceparent: str | None


class Sealed(Protocol):
    """A message's body as it is stored, and the number that it is sealed for."""

    @property
    def uid(self) -> UUID:
        """The number."""

    @property
    def body(self) -> bytes | None:
        """The sealed body; None where there is none."""


class MessageQueries(Queries):
    """The messages of one bot."""

    def received(self, conversation: Conversation, text: str, traceparent: str | None, *, answered: bool) -> None:
        """Keep what a customer said; `answered` when nothing has to answer it, as when a person is on the line."""
        message = self._message(conversation.chat_id, Author.CUSTOMER, text, traceparent)
        message.state = Delivery.RECEIVED
        message.conversation_id = conversation.id
        message.answered_at = self.session.scalar(select(db_now())) if answered else None
        self.session.add(message)

    def send(  # noqa: PLR0913 - each part of a message is named
        self,
        chat_id: int,
        body: str,
        *,
        author: Author,
        conversation: Conversation | None = None,
        priority: Priority = Priority.REPLY,
        traceparent: str | None = None,
    ) -> Message:
        """Write a message that delivery will send once this transaction is committed."""
        message = self._message(chat_id, author, body, traceparent)
        message.state = Delivery.PENDING
        message.priority = priority
        message.conversation_id = conversation.id if conversation else None
        self.session.add(message)
        self.scope.notes.add(OUTGOING)
        return message

    def unanswered(self, conversation_id: UUID) -> list[Said]:
        """Return the customer's messages that no answer has covered yet, oldest first."""
        statement = select(Message).where(is_unanswered(conversation_id)).order_by(Message.id)
        return [self._said(message) for message in self.session.scalars(statement)]

    def answered(self, conversation_id: UUID, up_to: int | None = None) -> None:
        """Mark the customer's messages (up to one of them) as answered."""
        self.execute(
            update(Message)
            .where(is_unanswered(conversation_id), true() if up_to is None else Message.id <= up_to)
            .values(answered_at=db_now())
        )

    def history(
        self,
        conversation_id: UUID,
        limit: int,
        before: int | None = None,
        after: int | None = None,
        *,
        dead: bool = True,
    ) -> list[Said]:
        """Return the last messages of a dialog (before and after given ones), oldest first; perhaps dead questions too.

        What does not open, because its key is gone, is left out: what came before is only context.
        """
        statement = (
            select(Message)
            .where(
                Message.conversation_id == conversation_id,
                true() if before is None else Message.id < before,
                true() if after is None else Message.id > after,
                Message.author != Author.SYSTEM,
                Message.state != Delivery.DROPPED,
                true() if dead else Message.state != Delivery.DEAD,
            )
            .order_by(Message.id.desc())
            .limit(limit)
        )
        found = reversed(list(self.session.scalars(statement)))
        return [said for message in found if (said := self._said_if_it_opens(message))]

    def said(self, message_id: int) -> Said | None:
        """Return one message, opened."""
        message = self.session.scalar(select(Message).where(Message.bot_id == self.bot_id, Message.id == message_id))
        return self._said(message) if message else None

    def opened(self, message: Sealed) -> str:
        """Return a message's body in clear."""
        return self.vault.open(message.body, _identity(message.uid)) if message.body else ""

    def _message(self, chat_id: int, author: Author, body: str, traceparent: str | None) -> Message:
        uid = uuid4()
        return Message(
            bot_id=self.bot_id,
            uid=uid,
            chat_id=chat_id,
            author=author,
            body=self.vault.seal(body, _identity(uid)),
            traceparent=traceparent,
        )

    def _said(self, message: Message) -> Said:
        return Said(message.id, Author(message.author), self.opened(message), message.traceparent)

    def _said_if_it_opens(self, message: Message) -> Said | None:
        try:
            return self._said(message)
        except (EncryptionError, ValueError):
            _log.warning("a message of a dialog does not open", extra={"row": message.id})
            return None


def _identity(uid: UUID) -> str:
    return f"messages:{uid}:body"


def is_unanswered(conversation_id: UUID) -> ColumnElement[bool]:
    """Return the condition that a customer's message waits for an answer."""
    return and_(
        Message.conversation_id == conversation_id,
        Message.state == Delivery.RECEIVED,
        Message.answered_at.is_(None),
    )
