"""Data keys: one per customer, under which archives are sealed, so that one customer can be made unreadable alone."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot
from database.sealed import Sealed

_ALIVE = text("destroyed_at IS NULL")


class DataKey(OwnedByBot, Created, Base):
    """A customer's key; a customer has one that is alive at most, and gets another one after an erasure.

    `id` is the key id that archives carry. `wrapped`: the key, sealed under the master key for this row; once it is
    destroyed the row stays without it, so that an archive can say when its customer was erased.
    """

    __tablename__ = "data_keys"
    __table_args__ = (
        Index("uq_data_keys_alive", "bot_id", "telegram_id", unique=True, postgresql_where=_ALIVE, sqlite_where=_ALIVE),
        Index("ix_data_keys_telegram_id", "bot_id", "telegram_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    telegram_id: Mapped[int] = mapped_column(BigInteger)
    wrapped: Mapped[bytes | None] = mapped_column(Sealed("data_keys:{id}:wrapped"))
    destroyed_at: Mapped[datetime | None]
