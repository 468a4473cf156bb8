"""Messages in and out: the dialog's record, and for those going out the state of their delivery."""

from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from database.models.base import Base, Created, OwnedByBot
from database.models.conversation import Conversation
from database.sealed import Sealed
from database.types import BigId


class Author(StrEnum):
    """Who speaks."""

    CUSTOMER = "customer"
    AI = "ai"
    OPERATOR = "operator"
    SYSTEM = "system"


class Delivery(StrEnum):
    """The states of contract.md; a message that came in is RECEIVED, and nothing delivers it.

    DEAD is what attempts came to no end with, either way: `manage.py replay` gives it another life.
    """

    RECEIVED = "received"
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    DROPPED = "dropped"
    DEAD = "dead"


class Priority(IntEnum):
    """Order of service within Telegram's limits (contract.md)."""

    REPLY = 0
    NOTICE = 1
    BROADCAST = 2


_OPEN = text("state IN ('pending', 'sending')")
_PENDING, _SENDING, _DEAD = (text(f"state = '{state}'") for state in ("pending", "sending", "dead"))
_UNANSWERED = text("state = 'received' AND answered_at IS NULL")
_LOOSE = text("conversation_id IS NULL")
_RELAYED = text("source_message_id IS NOT NULL")


class Message(OwnedByBot, Created, Base):
    """One message; the body is sealed, a broadcast's copies share the body of the broadcast.

    `source_chat_id` and `source_message_id`: where what two people say to each other was written, in the messenger's
    numbers; on the record of a customer's words and on the copy that goes to the other side.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_open", "bot_id", "chat_id", "priority", "id", postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_messages_service", "bot_id", "priority", "id", postgresql_where=_PENDING, sqlite_where=_PENDING),
        Index(
            "uq_messages_sending", "bot_id", "chat_id", unique=True, postgresql_where=_SENDING, sqlite_where=_SENDING
        ),
        Index("ix_messages_dead", "bot_id", "created_at", postgresql_where=_DEAD, sqlite_where=_DEAD),
        Index("ix_messages_conversation", "conversation_id", "id"),
        Index("ix_messages_unanswered", "conversation_id", postgresql_where=_UNANSWERED, sqlite_where=_UNANSWERED),
        Index("ix_messages_loose", "bot_id", "chat_id", postgresql_where=_LOOSE, sqlite_where=_LOOSE),
        Index("ix_messages_broadcast", "broadcast_id", "state", "id"),
        Index(
            "ix_messages_source",
            "bot_id",
            "source_chat_id",
            "source_message_id",
            postgresql_where=_RELAYED,
            sqlite_where=_RELAYED,
        ),
        Index(
            "ix_messages_copy",
            "bot_id",
            "chat_id",
            "telegram_message_id",
            postgresql_where=_RELAYED,
            sqlite_where=_RELAYED,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[UUID] = mapped_column(default=uuid4)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversations.id"))
    broadcast_id: Mapped[UUID | None] = mapped_column(ForeignKey("broadcasts.id"))
    author: Mapped[str]
    body: Mapped[bytes | None] = mapped_column(Sealed("messages:{uid}:body"))
    state: Mapped[str]
    priority: Mapped[int] = mapped_column(default=Priority.REPLY)
    attempt: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    resends: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    telegram_message_id: Mapped[int | None] = mapped_column(BigInteger)
    source_chat_id: Mapped[int | None] = mapped_column(BigInteger)
    source_message_id: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    traceparent: Mapped[str | None]

    # Never followed: it tells the session to write a new conversation before its first message.
    conversation: Mapped[Conversation | None] = relationship(lazy="raise")
