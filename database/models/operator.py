"""The people at the desk: who they are, what they can, whether they are there, and their attempts to sign in."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot
from database.sealed import Sealed


class Availability(StrEnum):
    """What an operator says of themselves; who never said anything is called for everybody who waits."""

    ONLINE = "online"
    AWAY = "away"
    OFFLINE = "offline"


class Operator(OwnedByBot, Created, Base):
    """One operator; without a PIN the role alone opens the desk to them.

    `name`: sealed, what customers see. `pin_hash`: argon2's own format. `telegram_id` is empty until a PIN of the
    first import is used. `chats`: how many at a time, if not as many as the bank says. `languages`, `skills`: none
    named means any. `assigned_at`: when a customer was last offered. `current_id`: the chat that words go to.
    `header_id`: our number of the message pinned in their chat, which names it; `header`: a hash of what that says.
    """

    __tablename__ = "operators"
    __table_args__ = (UniqueConstraint("bot_id", "telegram_id"), Index(None, "bot_id", "availability"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    telegram_id: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[bytes | None] = mapped_column(Sealed("operators:{id}:name"))
    pin_hash: Mapped[str | None]
    session_until: Mapped[datetime | None]
    line: Mapped[int] = mapped_column(default=1)
    chats: Mapped[int | None]
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    skills: Mapped[list[str]] = mapped_column(JSON, default=list)
    availability: Mapped[str | None]
    away_reason: Mapped[str | None]
    available_at: Mapped[datetime | None]
    assigned_at: Mapped[datetime | None]
    wrap_until: Mapped[datetime | None]
    current_id: Mapped[UUID | None]
    header_id: Mapped[int | None] = mapped_column(BigInteger)
    header: Mapped[str | None]


class PinAttempts(Base):
    """The misses of an account in a row; number 0 counts those of all strangers together."""

    __tablename__ = "pin_attempts"

    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    telegram_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    attempts: Mapped[int] = mapped_column(default=0)
    lockouts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
