"""Built indexes: from which versions of the knowledge each was made, and where it lies."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot


class IndexState(StrEnum):
    """Wanted or being built (`lease_until` tells which), ready, or given up after too many attempts."""

    WANTED = "wanted"
    READY = "ready"
    FAILED = "failed"


class IndexVersion(OwnedByBot, Created, Base):
    """The index of a language made on one basis: a hash of the knowledge's versions and of how indexes are made.

    `checksum` is the SHA-256 of what lies in object storage.
    """

    __tablename__ = "index_versions"
    __table_args__ = (UniqueConstraint("bot_id", "language", "basis"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    language: Mapped[str]
    basis: Mapped[str]
    state: Mapped[str] = mapped_column(default=IndexState.WANTED)
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    checksum: Mapped[str | None]
    chunks: Mapped[int] = mapped_column(default=0)
    ready_at: Mapped[datetime | None]
