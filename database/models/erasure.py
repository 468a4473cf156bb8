"""Erasures of customers: how far each has come, and the certificate that it leaves."""

from datetime import datetime
from enum import StrEnum, auto
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot


class ErasureState(StrEnum):
    """`wanted → rows_gone → telling → done`, each a transaction; `held` waits for the end of a legal hold."""

    WANTED = auto()
    HELD = auto()
    ROWS_GONE = auto()
    TELLING = auto()
    DONE = auto()


_UNDONE = text("state <> 'done'")


class Erasure(OwnedByBot, Created, Base):
    """One erasure; once it is done nothing in the row says whose it was.

    `telegram_id` is the customer's account, `language` theirs, both empty at the end. `by_staff`: on a written request.
    `files` are keys in object storage that have to go, `counts` how many rows went by class, `certificate` the signed
    note. `message_id` is the message that brings it to the customer.
    """

    __tablename__ = "erasures"
    __table_args__ = (
        Index(
            "uq_erasures_undone",
            "bot_id",
            "telegram_id",
            unique=True,
            postgresql_where=_UNDONE,
            sqlite_where=_UNDONE,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    telegram_id: Mapped[int | None] = mapped_column(BigInteger)
    language: Mapped[str | None]
    by_staff: Mapped[bool]
    state: Mapped[str] = mapped_column(default=ErasureState.WANTED)
    lease_until: Mapped[datetime | None]
    files: Mapped[list[str]] = mapped_column(JSON, default=list)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    certificate: Mapped[str | None]
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    erased_at: Mapped[datetime | None]
