"""Data keys: what archives of a customer are sealed with, made at first use, destroyed when the customer is erased.

DataKeyError
├── CustomerErased   the key was destroyed, and with it all that was sealed under it
├── UnknownDataKey   there never was such a key in this database
└── HoldInForce      a legal hold keeps the key
"""

import base64
import os
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from database.db import UnitOfWork
from database.models import AuditAct
from database.models import DataKey as Row
from database.queries.data_key import KEY_BYTES
from utils.encryption import EncryptionError, Keyring


class DataKeyError(Exception):
    """Base of this module's errors; the message says what is wrong, for an operator."""


class CustomerErased(DataKeyError):  # noqa: N818 - reads as what it says
    """What was sealed under the key can never be read again; `at` is since when."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"the customer was erased on {at:%Y-%m-%d %H:%M} UTC")
        self.at = at


class UnknownDataKey(DataKeyError):  # noqa: N818 - reads as what it says
    """No row of this database names the key."""


class HoldInForce(DataKeyError):  # noqa: N818 - reads as what it says
    """The customer is under a legal hold, so nothing of theirs may go."""


@dataclass(frozen=True)
class DataKey:
    """A customer's key, open: `id` is what archives name it by."""

    id: UUID
    telegram_id: int
    keyring: Keyring = field(repr=False, compare=False)


class DataKeys:
    """The data keys of one bot's customers, in one transaction."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def of(self, telegram_id: int) -> DataKey:
        """Return a customer's key, made if there is none that is alive; raises EncryptionError without its master."""
        return self.of_all([telegram_id])[telegram_id]

    def of_all(self, telegram_ids: Collection[int]) -> dict[int, DataKey]:
        """Return the key of each customer, made where there is none; two statements at most for all of them."""
        found = {row.telegram_id: row for row in self._uow.data_keys.alive(telegram_ids)}
        if missing := set(telegram_ids) - set(found):
            self._uow.data_keys.add({telegram_id: os.urandom(KEY_BYTES) for telegram_id in sorted(missing)})
            found |= {row.telegram_id: row for row in self._uow.data_keys.alive(missing)}
        return {telegram_id: self._open(row) for telegram_id, row in found.items()}

    def by_id(self, key_id: UUID) -> DataKey:
        """Return a key by its id; raises CustomerErased, UnknownDataKey, and EncryptionError without its master."""
        found = self.by_ids([key_id])[key_id]
        if isinstance(found, Exception):
            raise found
        return found

    def by_ids(self, key_ids: Collection[UUID]) -> dict[UUID, DataKey | DataKeyError | EncryptionError]:
        """Return keys by their ids, or why one cannot be had, as `by_id` would raise it; in one statement."""
        rows = {row.id: row for row in self._uow.data_keys.known(key_ids)}
        found: dict[UUID, DataKey | DataKeyError | EncryptionError] = {}
        for key_id in key_ids:
            try:
                found[key_id] = self._open(rows[key_id])
            except KeyError:
                found[key_id] = UnknownDataKey(f"this database does not know the data key {key_id}")
            except (DataKeyError, EncryptionError) as error:
                found[key_id] = error
        return found

    def destroy(self, telegram_id: int, *, actor: int | None, **by: str | int | bool | None) -> list[UUID]:
        """Destroy a customer's key, and write that down; returns the ids of the keys that went, none if there was none.

        Raises HoldInForce: a hold that is being placed at this moment either comes first or finds the key gone.
        """
        self._uow.users.lock_chats([telegram_id])
        self._uow.users.hold([telegram_id])
        if self._uow.holds.of(telegram_id):
            raise HoldInForce(f"a legal hold keeps all of the customer {telegram_id}")
        gone = self._uow.data_keys.destroy(telegram_id)
        for key_id in gone:
            subject = f"data_key:{key_id}"
            self._uow.audit.record(AuditAct.DATA_KEY_DESTROYED, actor=actor, subject=subject, **by)
        return gone

    def _open(self, row: Row) -> DataKey:
        key = self._uow.data_keys.unwrapped(row)
        if key is None:
            raise CustomerErased(row.destroyed_at or row.created_at)
        return DataKey(row.id, row.telegram_id, Keyring([base64.urlsafe_b64encode(key).decode()]))
