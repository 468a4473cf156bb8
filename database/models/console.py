"""Signing in to the console: the code that was sent to an account, and the sessions that it opened."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot


class SignInCode(Base):
    """The last code of an account, as a keyed hash; `lockouts` counts how often all attempts were used up in a row."""

    __tablename__ = "sign_in_codes"

    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    telegram_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    code_hash: Mapped[bytes | None]
    sent_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lockouts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


class ConsoleSession(OwnedByBot, Created, Base):
    """A browser in which somebody signed in; the token itself is only in that browser's cookie."""

    __tablename__ = "console_sessions"
    __table_args__ = (Index("uq_console_sessions_token_hash", "token_hash", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    telegram_id: Mapped[int] = mapped_column(BigInteger)
    token_hash: Mapped[bytes]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
