"""Queries over customers' data keys: making them, finding them, destroying them."""

from collections.abc import Collection
from uuid import UUID, uuid4

from sqlalchemy import select, update

from database.models import DataKey
from database.queries.scope import Queries
from database.types import db_now

KEY_BYTES = 32  # AES-256


class DataKeyQueries(Queries):
    """The data keys of one bot's customers."""

    def alive(self, telegram_ids: Collection[int]) -> list[DataKey]:
        """Return the keys of customers that were not destroyed."""
        statement = select(DataKey).where(
            DataKey.bot_id == self.bot_id, DataKey.telegram_id.in_(telegram_ids), DataKey.destroyed_at.is_(None)
        )
        return list(self.session.scalars(statement))

    def known(self, key_ids: Collection[UUID]) -> list[DataKey]:
        """Return those of some keys that there are, destroyed or not."""
        return list(self.session.scalars(select(DataKey).where(DataKey.bot_id == self.bot_id, DataKey.id.in_(key_ids))))

    def of(self, telegram_id: int) -> list[DataKey]:
        """Return all keys that a customer has had, the first one first."""
        statement = select(DataKey).where(DataKey.bot_id == self.bot_id, DataKey.telegram_id == telegram_id)
        return list(self.session.scalars(statement.order_by(DataKey.created_at, DataKey.id)))

    def add(self, keys: dict[int, bytes]) -> None:
        """Keep new keys of customers, sealed; who has one that is alive keeps that."""
        rows = [
            {"id": key_id, "bot_id": self.bot_id, "telegram_id": telegram_id, "wrapped": self._wrap(key_id, key)}
            for telegram_id, key in keys.items()
            for key_id in (uuid4(),)
        ]
        if rows:
            self.insert_new(DataKey, rows)

    def unwrapped(self, row: DataKey) -> bytes | None:
        """Return the 32 bytes of a key, None once it is destroyed; raises EncryptionError."""
        return self.vault.keyring.open(row.wrapped, _identity(row.id)) if row.wrapped else None

    def destroy(self, telegram_id: int) -> list[UUID]:
        """Overwrite the living key of a customer; returns the ids of what was destroyed, none if there was nothing."""
        own = (DataKey.bot_id == self.bot_id, DataKey.telegram_id == telegram_id, DataKey.destroyed_at.is_(None))
        gone = update(DataKey).where(*own).values(wrapped=None, destroyed_at=db_now())
        return list(self.execute(gone.returning(DataKey.id)).scalars())

    def _wrap(self, key_id: UUID, key: bytes) -> bytes:
        return self.vault.keyring.seal(key, _identity(key_id))


def _identity(key_id: UUID) -> str:
    return f"data_keys:{key_id}:wrapped"
