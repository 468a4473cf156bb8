"""Rotation of keys while everything runs: all that is sealed is sealed anew, batch by batch, and indexed anew.

Which columns those are the models say (`database.sealed`): a new table is among them by itself. Each batch and the
place that it ends at are one transaction, so whoever is killed is followed by somebody who goes on there. Readers have
all keys and open a value by the id of the key in it; lookups in the blind index try both keys.
"""

from collections.abc import Callable, Iterator, Mapping
from logging import getLogger
from time import sleep
from typing import Any

from sqlalchemy import Row, RowMapping

from database.db import Database
from database.models import AuditAct, Base, Rotation
from database.queries.scope import Vault
from database.sealed import BlindIndexed, Vaulted, vaulted
from utils.encryption import EncryptionError

_PAUSE = 0.5  # seconds before rows are looked at again that somebody else held

Progress = Callable[[str, Rotation], None]

_log = getLogger(__name__)


class Rotator:
    """Brings all rows of a bot under its newest keys; can be run by several at once, and again.

    `batch` rows are a transaction: in some 20 ms for 500, in which SQLite lets nobody else write.
    """

    def __init__(self, database: Database, batch: int = 500) -> None:
        self._database = database
        self._batch = batch

    def run(self, told: Progress = lambda _place, _row: None) -> int:
        """Rotate until nothing is left under older keys; returns how many rows were sealed or indexed anew.

        `told` is called after each batch.
        """
        before = self._begun()
        for table in vaulted(Base.metadata):
            self._begin(table)
            while not (row := self._step(table)).done_at:
                told(table.table.name, row)
                if row.cursor == "":
                    sleep(_PAUSE)
            told(table.table.name, row)
        return self._ended() - before

    def left(self) -> dict[str, int]:
        """Return how many rows of each table hold something that an older key sealed."""
        with self._database.reading() as uow:
            return {each.table.name: uow.rotations.left(each) for each in vaulted(Base.metadata)}

    def _begun(self) -> int:
        with self._database.unit_of_work() as uow:
            target = uow.rotations.target
            uow.audit.record(AuditAct.KEYS_ROTATED, actor=None, subject=f"keys:{target}", state="begun")
            return sum(row.rows for row in uow.rotations.all().values())

    def _ended(self) -> int:
        with self._database.unit_of_work() as uow:
            rows = sum(row.rows for row in uow.rotations.all().values())
            subject = f"keys:{uow.rotations.target}"
            uow.audit.record(AuditAct.KEYS_ROTATED, actor=None, subject=subject, state="done", rows=rows)
            return rows

    def _begin(self, table: Vaulted) -> None:
        """Look at a table again that was done: a process with an old list of keys may have written meanwhile."""
        with self._database.unit_of_work() as uow:
            row = uow.rotations.hold(table.table.name)
            if row.done_at and (table.indexes or uow.rotations.left(table)):
                _anew(row)

    def _step(self, table: Vaulted) -> Rotation:
        """Take one batch of a table further; returns how far it is."""
        with self._database.unit_of_work() as uow:
            row = uow.rotations.hold(table.table.name)
            if row.done_at:
                return row
            keys = uow.rotations.after(table, row.cursor, self._batch)
            if not keys and row.left_out:
                _anew(row)
            elif not keys:
                row.done_at = uow.now()
            else:
                found = uow.rotations.locked(table, keys)
                changed = [values for each in found if (values := self._renewed(table, each, row))]
                uow.rotations.write(table, changed)
                row.cursor, row.rows = str(keys[-1]), row.rows + len(changed)
                row.left_out += len(keys) - len(found)
            return row

    def _renewed(self, table: Vaulted, found: Row[Any], progress: Rotation) -> Mapping[str, Any] | None:
        """Return a row's values under the newest keys, or None where they are already, or cannot be read at all."""
        vault = self._database.vault
        try:
            values = dict(_renewed(vault, table, found._mapping))  # noqa: SLF001 - SQLAlchemy's public name for it
        except EncryptionError as error:
            progress.unreadable += 1
            _log.warning(
                "a row cannot be sealed anew", extra={"place": table.table.name, "error": type(error).__name__}
            )
            return None
        if all(found._mapping[name] == value for name, value in values.items()):  # noqa: SLF001 - see above
            return None
        return {"row_key": found._mapping[table.key.name], **values}  # noqa: SLF001 - see above


def _anew(row: Rotation) -> None:
    row.cursor, row.left_out, row.unreadable, row.done_at = "", 0, 0, None


def _renewed(vault: Vault, table: Vaulted, row: RowMapping) -> Iterator[tuple[str, bytes | None]]:
    """Yield the sealed and indexed columns of a row under the newest keys; raises EncryptionError."""
    for name, place in table.sealed.items():
        value, identity = row[name], place.format(**row)
        old = value is not None and not vault.keyring.is_current(value)
        yield name, vault.keyring.seal(vault.keyring.open(value, identity), identity) if old else value
    for name, index in table.indexes.items():
        indexed = row[name] is not None and row[index.of] is not None
        yield name, vault.index.of(_spelt(vault, table, row, index)) if indexed else row[name]


def _spelt(vault: Vault, table: Vaulted, row: RowMapping, index: BlindIndexed) -> str:
    return index.spelt(vault.open(row[index.of], table.sealed[index.of].format(**row)))
