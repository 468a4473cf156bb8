"""The declarative base: naming of constraints, column types, and the bot that owns each row."""

from datetime import datetime
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, ColumnDefault, LargeBinary, MetaData, Uuid, event, inspect
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


@event.listens_for(Base, "init", propagate=True)
def _complete(row: Base, _args: Any, values: dict[str, Any]) -> None:
    """Give a new row its fixed defaults at once: whoever made it may go on with it before it is written."""
    for name, value in _fixed_defaults(type(row)).items():
        values.setdefault(name, value)


@cache
def _fixed_defaults(model: type[Base]) -> dict[str, Any]:
    fixed = [(name, column.default) for name, column in inspect(model).columns.items()]
    return {name: default.arg for name, default in fixed if isinstance(default, ColumnDefault) and default.is_scalar}


class OwnedByBot:
    """A row of one bot."""

    bot_id: Mapped[int] = mapped_column(BigInteger)


class Created:
    """A row that remembers when it was written, by the database's clock."""

    created_at: Mapped[datetime] = mapped_column(insert_default=db_now())
