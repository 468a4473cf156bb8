"""A conversation of one customer: who owns it now, and the lease of the worker that advances it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot


class ConversationState(StrEnum):
    """The states of contract.md."""

    AI = "ai"
    QUEUED = "queued"
    WITH_OPERATOR = "with_operator"
    CLOSED = "closed"


_OPEN = text("state <> 'closed'")
_DUE = text("answer_due_at IS NOT NULL")


class Conversation(OwnedByBot, Created, Base):
    """From the first message to `/end`; a customer has one open conversation at most."""

    __tablename__ = "conversations"
    __table_args__ = (
        Index("uq_conversations_open", "bot_id", "chat_id", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_conversations_due", "bot_id", "answer_due_at", postgresql_where=_DUE, sqlite_where=_DUE),
        Index("ix_conversations_staff", "bot_id", "staff_id", postgresql_where=_OPEN, sqlite_where=_OPEN),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    chat_id: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(default=ConversationState.AI)
    staff_id: Mapped[int | None] = mapped_column(BigInteger)
    asked_at: Mapped[datetime | None]
    answer_due_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    attempt: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]
