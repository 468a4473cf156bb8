"""The declarative base: naming of constraints, column types, and the bot that owns each row."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, MetaData, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from database.types import UtcDateTime, db_now

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables; every row names the bot it belongs to (architecture.md, promise 9)."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        UUID: Uuid(),
        bytes: LargeBinary(),
    }


class OwnedByBot:
    """A row of one bot."""

    bot_id: Mapped[int] = mapped_column(BigInteger)


class Created:
    """A row that remembers when it was written, by the database's clock."""

    created_at: Mapped[datetime] = mapped_column(insert_default=db_now())
