"""The data keys that open an archive, looked up for all of its records together."""

from collections.abc import Iterable
from uuid import UUID

from database.db import Database
from services.data_keys import DataKey, DataKeyError, DataKeys
from utils.encryption import EncryptionError

_AT_ONCE = 500  # keys in one statement


class KnownKeys:
    """Data keys by their ids."""

    def __init__(self, database: Database, key_ids: Iterable[UUID]) -> None:
        self._found: dict[UUID, DataKey | DataKeyError | EncryptionError] = {}
        with database.reading() as uow:
            wanted = sorted(set(key_ids))
            for start in range(0, len(wanted), _AT_ONCE):
                self._found |= DataKeys(uow).by_ids(wanted[start : start + _AT_ONCE])

    def __getitem__(self, key_id: UUID) -> DataKey:
        """Return a key; raises CustomerErased, UnknownDataKey, EncryptionError."""
        found = self._found[key_id]
        if isinstance(found, Exception):
            raise found
        return found
