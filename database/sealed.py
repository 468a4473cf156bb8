"""Columns that keys protect: what is sealed for its row, and the blind index over it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, LargeBinary, MetaData, Table
from sqlalchemy.types import TypeDecorator


class Sealed(TypeDecorator[bytes]):
    """A text that the vault sealed; `identity` names its place by columns of the row, as in `users:{id}:phone`.

    The rotation of keys and the erasure of a customer find what is personal by this type, in whichever table.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, identity: str) -> None:
        super().__init__()
        self.identity = identity


class BlindIndexed(TypeDecorator[bytes]):
    """The keyed hash by which rows are found; `of` is the sealed column of the same row that it was made from.

    `spelt` turns what is sealed there into what is looked up, where that is only a part of it.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, of: str, spelt: Callable[[str], str] = str) -> None:
        super().__init__()
        self.of = of
        self.spelt = spelt


@dataclass(frozen=True)
class Vaulted:
    """A table with what keys protect in it: sealed columns with their identities, and blind indexes over them."""

    table: Table
    sealed: dict[str, str]
    indexes: dict[str, BlindIndexed]

    @property
    def key(self) -> Column[Any]:
        """The column that tells a row from all others of its bot; raises ValueError where it takes several."""
        [key] = [column for column in self.table.primary_key.columns if column.name != "bot_id"]
        return key


def vaulted(metadata: MetaData) -> Iterator[Vaulted]:
    """Return all tables that hold anything sealed, by name."""
    for table in sorted(metadata.tables.values(), key=lambda table: table.name):
        sealed = {column.name: column.type.identity for column in table.columns if isinstance(column.type, Sealed)}
        indexes = {column.name: column.type for column in table.columns if isinstance(column.type, BlindIndexed)}
        if sealed:
            yield Vaulted(table, sealed, indexes)
