"""Queries over the dialog: what the customer said, what the bot and the staff are going to say."""

from dataclasses import dataclass
from logging import getLogger
from typing import Any, Protocol
from uuid import UUID, uuid4

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, select, update

from database.models import Author, Conversation, Delivery, Message, Priority
from database.queries.scope import Queries, table
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


def is_unanswered(conversation_id: UUID | BindParameter[UUID]) -> ColumnElement[bool]:
    """Return the condition that a customer's message waits for an answer."""
    return and_(
        _MESSAGES.c.conversation_id == conversation_id,
        _MESSAGES.c.state == Delivery.RECEIVED,
        _MESSAGES.c.answered_at.is_(None),
    )


_ANY = 2**63 - 1  # no message has a number as high
_MESSAGES = table(Message)
_READ = select(_MESSAGES.c.id, _MESSAGES.c.uid, _MESSAGES.c.author, _MESSAGES.c.body, _MESSAGES.c.traceparent)
_CONVERSATION: BindParameter[UUID] = bindparam("conversation")
_SAID = _READ.where(_MESSAGES.c.bot_id == bindparam("bot"), _MESSAGES.c.id == bindparam("message"))
_UNANSWERED = _READ.where(is_unanswered(_CONVERSATION)).order_by(_MESSAGES.c.id)
_ANSWERED = (
    update(_MESSAGES)
    .where(is_unanswered(_CONVERSATION), _MESSAGES.c.id <= bindparam("up_to"))
    .values(answered_at=db_now())
)
_HISTORY = (
    _READ.where(
        _MESSAGES.c.conversation_id == _CONVERSATION,
        _MESSAGES.c.id < bindparam("before"),
        _MESSAGES.c.id > bindparam("after"),
        _MESSAGES.c.author != Author.SYSTEM,
        _MESSAGES.c.deleted_at.is_(None),
        _MESSAGES.c.state.not_in(bindparam("hidden", expanding=True)),
    )
    .order_by(_MESSAGES.c.id.desc())
    .limit(bindparam("most"))
)


class MessageQueries(Queries):
    """The messages of one bot."""

    def received(self, conversation: Conversation, text: str, traceparent: str | None, *, answered: bool) -> Message:
        """Keep what a customer said; `answered` when nothing has to answer it, as when a person is on the line."""
        message = self._message(conversation.chat_id, Author.CUSTOMER, text, traceparent)
        message.state = Delivery.RECEIVED
        message.conversation = conversation
        message.answered_at = self.scope.now if answered else None
        self.session.add(message)
        return message

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
        message.conversation = conversation
        self.session.add(message)
        self.scope.notes.add(OUTGOING)
        return message

    def unanswered(self, conversation_id: UUID) -> list[Said]:
        """Return the customer's messages that no answer has covered yet, oldest first."""
        found = self.run(_UNANSWERED, {"conversation": conversation_id})
        return [self._said(*row) for row in found]

    def answered(self, conversation_id: UUID, up_to: int | None = None) -> None:
        """Mark the customer's messages (up to one of them) as answered."""
        self.run(_ANSWERED, {"conversation": conversation_id, "up_to": _ANY if up_to is None else up_to})

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
        found = self.run(
            _HISTORY,
            {
                "conversation": conversation_id,
                "before": _ANY if before is None else before,
                "after": after or 0,
                "hidden": (Delivery.DROPPED,) if dead else (Delivery.DROPPED, Delivery.DEAD),
                "most": limit,
            },
        )
        return [said for row in reversed(found.all()) if (said := self._said_if_it_opens(*row))]

    def row(self, message_id: int) -> Message | None:
        """Return a message's row, locked until the commit."""
        statement = select(Message).where(Message.bot_id == self.bot_id, Message.id == message_id)
        return self.session.scalars(statement.with_for_update(key_share=True)).one_or_none()

    def said(self, message_id: int) -> Said | None:
        """Return one message, opened."""
        row = self.run(_SAID, {"bot": self.bot_id, "message": message_id}).one_or_none()
        return self._said(*row) if row else None

    def sent_as(self, message_id: int) -> tuple[str, int | None]:
        """Return a message's state, and the messenger's number of it once it was sent."""
        wanted = select(Message.state, Message.telegram_message_id)
        row = self.session.execute(wanted.where(Message.bot_id == self.bot_id, Message.id == message_id)).one()
        return row.state, row.telegram_message_id

    def rewrite(self, message: Message, body: str, *, hold: float = 0.0) -> None:
        """Give a message another body; it then leaves after `hold` seconds at the earliest, if it is on its way."""
        message.body = self.vault.seal(body, _identity(message.uid))
        if hold:
            self.hold(message, hold)

    def hold(self, message: Message, seconds: float) -> None:
        """Keep a message back for some seconds."""
        self.session.flush()
        self.execute(update(Message).where(Message.id == message.id).values(not_before=db_now(seconds)))

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

    def _said(self, message_id: int, uid: UUID, author: str, body: bytes | None, traceparent: str | None) -> Said:
        text = self.vault.open(body, _identity(uid)) if body else ""
        return Said(message_id, Author(author), text, traceparent)

    def _said_if_it_opens(self, message_id: int, *row: Any) -> Said | None:
        try:
            return self._said(message_id, *row)
        except (EncryptionError, ValueError):
            _log.warning("a message of a dialog does not open", extra={"row": message_id})
            return None


def _identity(uid: UUID) -> str:
    return f"messages:{uid}:body"
