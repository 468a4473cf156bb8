"""Archives: what of closed conversations lies in object storage, sealed, and is known to be whole."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot


class ArchiveState(StrEnum):
    """`writing → verified` once all of it was read back, or `abandoned` when its writer came to no end."""

    WRITING = "writing"
    VERIFIED = "verified"
    ABANDONED = "abandoned"


_WRITING = text("state = 'writing'")


class Archive(OwnedByBot, Created, Base):
    """Conversations that were closed on one day (UTC); a day may have several archives, each is whole by itself.

    One is written at a time, by whoever holds the lease; `attempt` fences out a writer that lost it. `manifest` is the
    SHA-256 of the manifest in hexadecimal digits, `size` in bytes. `checked_at` and `findings`: the last check.
    """

    __tablename__ = "archives"
    __table_args__ = (
        Index("uq_archives_writing", "bot_id", unique=True, postgresql_where=_WRITING, sqlite_where=_WRITING),
        Index("ix_archives_day", "bot_id", "day"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date]
    state: Mapped[str] = mapped_column(default=ArchiveState.WRITING)
    attempt: Mapped[int] = mapped_column(default=1)
    lease_until: Mapped[datetime | None]
    conversations: Mapped[int] = mapped_column(default=0)
    messages: Mapped[int] = mapped_column(default=0)
    files: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    manifest: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    findings: Mapped[int] = mapped_column(default=0)


class ArchivedConversation(OwnedByBot, Base):
    """A conversation in a verified archive; the row outlives the conversation's own, and names nobody.

    `key_id` is the data key that opens it, `stamp` a keyed hash under that key of what was archived
    (`Keyring.stamp`): rows go only while they still say just that.
    """

    __tablename__ = "archived_conversations"
    __table_args__ = (
        Index("ix_archived_conversations_conversation", "bot_id", "conversation_id"),
        Index("ix_archived_conversations_key", "bot_id", "key_id"),
    )

    archive_id: Mapped[UUID] = mapped_column(ForeignKey("archives.id"), primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(primary_key=True)
    key_id: Mapped[UUID]
    ended_at: Mapped[datetime]
    stamp: Mapped[bytes]
