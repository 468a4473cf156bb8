"""A message to many, and each person it goes to."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot
from database.sealed import Sealed
from database.types import BigId


class BroadcastState(StrEnum):
    """The states of contract.md; approved it is for a moment only, so SUBMITTED and SCHEDULED say what it waits for."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class BroadcastKind(StrEnum):
    """What it is to customers: who opted out gets no MARKETING, and only what is URGENT comes at night."""

    MARKETING = "marketing"
    SERVICE = "service"
    URGENT = "urgent"


class Skip(StrEnum):
    """Why somebody of the list is not written to; who took the consent back opted out of everything."""

    OPTED_OUT = "opted_out"
    BLOCKED = "blocked"


_TO_DO = text("queued_at IS NULL AND skipped IS NULL")


class Broadcast(OwnedByBot, Created, Base):
    """One broadcast; its body is sealed once and shared by all its messages.

    `awaits` is what the author's next message is for. `file_due_at`: its file is in our storage, and to
    be given to the messenger at this moment or later. `list_file`: sealed, the messenger's number of a file with
    accounts that is to be read. `audience` is how many people it went to when somebody counted last. `frozen_to` is the
    account up to which the list is written, `frozen_at` when it was complete. `questions` are the messages that
    ask a second person. `progress_id` is the newest message in the author's chat that shows how far it is.
    """

    __tablename__ = "broadcasts"
    __table_args__ = (Index(None, "bot_id", "state"), Index(None, "bot_id", "created_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    author_id: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(default=BroadcastState.DRAFT)
    kind: Mapped[str] = mapped_column(default=BroadcastKind.MARKETING, server_default=BroadcastKind.SERVICE)
    body: Mapped[bytes] = mapped_column(Sealed("broadcasts:{id}:body"))
    segment: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    awaits: Mapped[str | None]
    list_file: Mapped[bytes | None] = mapped_column(Sealed("broadcasts:{id}:list_file"))
    file_due_at: Mapped[datetime | None]
    audience: Mapped[int] = mapped_column(default=0, server_default="0")
    starts_at: Mapped[datetime | None]
    questions: Mapped[list[int]] = mapped_column(JSON, default=list, server_default="[]")
    submitted_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(BigInteger)
    started_at: Mapped[datetime | None]
    frozen_to: Mapped[int | None] = mapped_column(BigInteger)
    frozen_at: Mapped[datetime | None]
    progress_id: Mapped[int | None] = mapped_column(BigId)
    progress_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    @property
    def file_waits(self) -> bool:
        """Whether the messenger does not have its file yet."""
        return self.file_due_at is not None


class BroadcastRecipient(Base):
    """One person of a broadcast's frozen list; `queued_at` is set when the message row was written."""

    __tablename__ = "broadcast_recipients"
    __table_args__ = (
        Index("ix_broadcast_recipients_to_do", "broadcast_id", "chat_id", postgresql_where=_TO_DO, sqlite_where=_TO_DO),
    )

    broadcast_id: Mapped[UUID] = mapped_column(ForeignKey("broadcasts.id", ondelete="CASCADE"), primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    bot_id: Mapped[int] = mapped_column(BigInteger)
    queued_at: Mapped[datetime | None]
    skipped: Mapped[str | None]


class BroadcastListed(Base):
    """An account that a file named: the broadcast goes to those of them who may get it."""

    __tablename__ = "broadcast_listed"

    broadcast_id: Mapped[UUID] = mapped_column(ForeignKey("broadcasts.id", ondelete="CASCADE"), primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    bot_id: Mapped[int] = mapped_column(BigInteger)


class UserTag(OwnedByBot, Created, Base):
    """A mark that the staff put on a person, for broadcasts to name."""

    __tablename__ = "user_tags"
    __table_args__ = (Index(None, "bot_id", "tag"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True)
