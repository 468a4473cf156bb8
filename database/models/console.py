"""Signing in to the console: the code that was sent to an account, and the sessions that it opened."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot


class SignInCode(OwnedByBot, Created, Base):
    """A code that opened nothing yet, and for whom: the account, the browser that asked, the network it asked from.

    Hashes are keyed; there is none of the code once another one replaced it, or it was guessed at too often.
    """

    __tablename__ = "sign_in_codes"
    __table_args__ = (Index("ix_sign_in_codes_account", "bot_id", "telegram_id", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    telegram_id: Mapped[int] = mapped_column(BigInteger)
    browser_hash: Mapped[bytes]
    source_hash: Mapped[bytes]
    code_hash: Mapped[bytes | None]
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)


class ConsoleSession(OwnedByBot, Created, Base):
    """A browser in which somebody signed in; its token and the session's are only in that browser's cookies."""

    __tablename__ = "console_sessions"
    __table_args__ = (Index("uq_console_sessions_token_hash", "token_hash", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    telegram_id: Mapped[int] = mapped_column(BigInteger)
    token_hash: Mapped[bytes]
    browser_hash: Mapped[bytes | None]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
