"""A message to many, and each person it goes to."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot
from database.sealed import Sealed


class BroadcastState(StrEnum):
    """The states of contract.md that the core uses; approval and schedule come with governance."""

    DRAFT = "draft"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class Broadcast(OwnedByBot, Created, Base):
    """One broadcast; its body is sealed once and shared by all its messages."""

    __tablename__ = "broadcasts"
    __table_args__ = (Index(None, "bot_id", "state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    author_id: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(default=BroadcastState.DRAFT)
    body: Mapped[bytes] = mapped_column(Sealed("broadcasts:{id}:body"))
    finished_at: Mapped[datetime | None]


class BroadcastRecipient(Base):
    """One person of a broadcast's frozen list; `queued_at` is set when the message row was written."""

    __tablename__ = "broadcast_recipients"
    __table_args__ = (Index(None, "broadcast_id", "queued_at"),)

    broadcast_id: Mapped[UUID] = mapped_column(ForeignKey("broadcasts.id", ondelete="CASCADE"), primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    bot_id: Mapped[int] = mapped_column(BigInteger)
    queued_at: Mapped[datetime | None]
