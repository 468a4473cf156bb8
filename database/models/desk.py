"""What the desk keeps beside its chats: what happened and when, notes, canned replies."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot
from database.sealed import Sealed
from database.types import BigId


class DeskAct(StrEnum):
    """What happens at the desk; reports and "never back to who gave the customer away" are made from these."""

    QUEUED = "queued"
    OFFERED = "offered"
    EXPIRED = "expired"
    TAKEN = "taken"
    FIRST_REPLY = "first_reply"
    RETURNED = "returned"
    TRANSFERRED = "transferred"
    ESCALATED = "escalated"
    ENDED = "ended"
    ABANDONED = "abandoned"
    REOPENED = "reopened"
    PRESENCE = "presence"
    ALERTED = "alerted"
    READ = "read"
    WATCHED = "watched"


class DeskEvent(OwnedByBot, Base):
    """One thing that happened; `seconds` is how long what it ends took, `detail` a word of ours."""

    __tablename__ = "desk_events"
    __table_args__ = (Index(None, "bot_id", "at"), Index(None, "conversation_id", "act"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversations.id"))
    operator_id: Mapped[int | None] = mapped_column(BigInteger)
    act: Mapped[str]
    at: Mapped[datetime]
    line: Mapped[int] = mapped_column(default=1)
    seconds: Mapped[float | None]
    detail: Mapped[str | None]


class NoteKind(StrEnum):
    """What stands beside a chat for the staff alone."""

    NOTE = "note"
    SUGGESTION = "suggestion"


class DeskNote(OwnedByBot, Created, Base):
    """A note of an operator, or a reply that the knowledge suggests; sealed."""

    __tablename__ = "desk_notes"
    __table_args__ = (Index(None, "conversation_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uid: Mapped[UUID] = mapped_column(default=uuid4)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"))
    author_id: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(default=NoteKind.NOTE)
    body: Mapped[bytes] = mapped_column(Sealed("desk_notes:{uid}:body"))


class CannedReply(OwnedByBot, Created, Base):
    """A reply kept ready under a short name, in a language or, without one, for all."""

    __tablename__ = "canned_replies"
    __table_args__ = (UniqueConstraint("bot_id", "shortcut", "language"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    shortcut: Mapped[str]
    language: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
