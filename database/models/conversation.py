"""A conversation of one customer: who owns it now, and the lease of the worker that advances it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot
from database.sealed import Sealed


class ConversationState(StrEnum):
    """The states of contract.md."""

    AI = "ai"
    QUEUED = "queued"
    WITH_OPERATOR = "with_operator"
    CLOSED = "closed"


_OPEN = text("state <> 'closed'")
_DUE = text("answer_due_at IS NOT NULL")
_QUEUED = text("state = 'queued'")
_REOPEN = text("reopen_until IS NOT NULL")
_SUMMARY_DUE = text("summary_due_at IS NOT NULL")
_SERVED = text("taken_at IS NOT NULL AND closed_at IS NOT NULL")
_UNARCHIVED = text("state = 'closed' AND (archived_end IS NULL OR archived_end <> closed_at)")
_ASKS_QUICKLY = text("quick_question IS NOT NULL")


class Conversation(OwnedByBot, Created, Base):
    """From the first message to `/end`; a customer has one open conversation at most.

    `context_from`: what was said up to this message is forgotten (`/reset`). `summary`: sealed, of the messages after
    that up to `summary_up_to`. `open_question`: the customer's message that got no answer, or a question back.
    `told_place`, `told_at`, `told_until`: what a waiting customer was told, when, and until when they were to wait.
    `quick_question`: what they asked meanwhile, with the lease of whoever looks it up. `offered_at`: when they were
    told that the desk is closed, and what they can do. `test`: a tester speaks with the AI, and nobody counts that.
    `archived_end`: the `closed_at` that the last archive knows of.

    At the desk: `reason`: why a person is wanted. `returned`: goes before who has waited longer, an operator was lost.
    `offered_to` has until `offered_until` to take it. `heard_at`, `spoke_at`: the last words of the customer, and of
    the operator. `nudged_at`: a silent customer was asked. `reopen_until`: words go to the same operator again.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        Index("uq_conversations_open", "bot_id", "chat_id", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_conversations_due", "bot_id", "answer_due_at", postgresql_where=_DUE, sqlite_where=_DUE),
        Index("ix_conversations_queue", "bot_id", "queued_at", postgresql_where=_QUEUED, sqlite_where=_QUEUED),
        Index(
            "ix_conversations_summary",
            "bot_id",
            "summary_due_at",
            postgresql_where=_SUMMARY_DUE,
            sqlite_where=_SUMMARY_DUE,
        ),
        Index("ix_conversations_served", "bot_id", "closed_at", postgresql_where=_SERVED, sqlite_where=_SERVED),
        Index(
            "ix_conversations_quick",
            "bot_id",
            "quick_lease",
            postgresql_where=_ASKS_QUICKLY,
            sqlite_where=_ASKS_QUICKLY,
        ),
        Index("ix_conversations_reopen", "bot_id", "chat_id", postgresql_where=_REOPEN, sqlite_where=_REOPEN),
        Index("ix_conversations_offered", "bot_id", "offered_to", postgresql_where=_QUEUED, sqlite_where=_QUEUED),
        Index(
            "ix_conversations_unarchived",
            "bot_id",
            "closed_at",
            "id",
            postgresql_where=_UNARCHIVED,
            sqlite_where=_UNARCHIVED,
        ),
        Index("ix_conversations_user", "user_id", "created_at"),
        Index("ix_conversations_staff", "bot_id", "staff_id", postgresql_where=_OPEN, sqlite_where=_OPEN),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    chat_id: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(default=ConversationState.AI)
    staff_id: Mapped[int | None] = mapped_column(BigInteger)
    queued_at: Mapped[datetime | None]
    urgent: Mapped[bool] = mapped_column(default=False, server_default=false())
    asked_at: Mapped[datetime | None]
    answer_due_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    attempt: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    low_confidence: Mapped[int] = mapped_column(default=0, server_default="0")
    open_question: Mapped[int | None] = mapped_column(BigInteger)
    test: Mapped[bool] = mapped_column(default=False, server_default=false())
    context_from: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    summary: Mapped[bytes | None] = mapped_column(Sealed("conversations:{id}:summary"))
    summary_up_to: Mapped[int | None] = mapped_column(BigInteger)
    summary_due_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    told_place: Mapped[int | None]
    told_at: Mapped[datetime | None]
    told_until: Mapped[datetime | None]
    quick_question: Mapped[int | None] = mapped_column(BigInteger)
    quick_lease: Mapped[datetime | None]
    offered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    line: Mapped[int] = mapped_column(default=1, server_default="1")
    reason: Mapped[str | None]
    skill: Mapped[str | None]
    returned: Mapped[bool] = mapped_column(default=False, server_default=false())
    offered_to: Mapped[int | None] = mapped_column(BigInteger)
    offered_until: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]
    spoke_at: Mapped[datetime | None]
    nudged_at: Mapped[datetime | None]
    watched_by: Mapped[int | None] = mapped_column(BigInteger)
    suggest_due: Mapped[bool] = mapped_column(default=False, server_default=false())
    disposition: Mapped[str | None]
    reopen_until: Mapped[datetime | None]
    archived_end: Mapped[datetime | None]
