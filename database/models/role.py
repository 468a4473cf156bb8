"""Who of the staff may do what, and the roles that somebody asks a second administrator for."""

from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot
from database.types import BigId


class RoleGrant(Created, Base):
    """A role held by a Telegram account in a bot; `granted_by` is empty when it came from the command line."""

    __tablename__ = "roles"

    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    telegram_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(primary_key=True)
    granted_by: Mapped[int | None] = mapped_column(BigInteger)


class RequestState(StrEnum):
    """What became of a role that was asked for."""

    PENDING = auto()
    APPROVED = auto()
    DECLINED = auto()


_PENDING = text(f"state = '{RequestState.PENDING}'")


class RoleRequest(OwnedByBot, Created, Base):
    """A role that one administrator asks another one to give; at most one of a kind waits."""

    __tablename__ = "role_requests"
    __table_args__ = (
        Index(
            "ix_role_requests_pending",
            "bot_id",
            "telegram_id",
            "role",
            unique=True,
            postgresql_where=_PENDING,
            sqlite_where=_PENDING,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    telegram_id: Mapped[int] = mapped_column(BigInteger)
    role: Mapped[str]
    asked_by: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(default=RequestState.PENDING)
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    decided_at: Mapped[datetime | None]
