"""Binding: one archive from its first part to the transaction that counts on it, or to its end without a trace."""

from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from database.db import Database
from database.errors import StaleLease
from database.models import Archive, AuditAct
from database.queries.archive import Writing
from services.archive.checking import check
from services.archive.errors import ArchiveDamaged
from services.archive.manifest import MANIFEST, Manifest, folder_of
from services.archive.shelf import Shelf
from services.storage import ObjectStore, StorageError

LEASE = 600.0  # seconds without a sign of life after which an archive's writer counts as dead


class Binding:
    """The archive that this process holds the lease of; all of it raises StaleLease once another one does."""

    def __init__(self, database: Database, store: ObjectStore, writing: Writing, room: Path) -> None:
        self._database = database
        self._store = store
        self._writing = writing
        self._room = room
        self._folder = folder_of(database.bot_id, writing.day, writing.id)

    def put(self, name: str, file: Path) -> None:
        """Put a part, and show that somebody is at it; raises StorageError."""
        self._extend()
        self._store.put(self._folder + name, file)

    def seal(self, manifest: Manifest) -> None:
        """Put the manifest: with it the archive is whole. Raises StorageError."""
        file = self._room / "sealing"
        file.write_bytes(manifest.written(self._database.vault.keyring))
        self.put(MANIFEST, file)

    def is_sealed(self) -> bool:
        """Tell whether the manifest is in storage; raises StorageError."""
        return self._folder + MANIFEST in self._store.keys(self._folder)

    def complete(self, **by: str | int | bool | None) -> Archive:
        """Read all of it back, and write down that it is whole; raises ArchiveDamaged, StorageError.

        Conversations of customers who were erased since do not count: nobody can open them any more.
        """
        shelf = Shelf(self._store, self._database.vault.keyring, self._database.bot_id, self._room)
        checked = check(self._database, shelf, self._row(), deep=True, alive=self._extend)
        manifest = checked.manifest
        if manifest is None or checked.findings:
            raise ArchiveDamaged(f"what was written does not come back: {'; '.join(checked.shown)}")
        counts = manifest.counts
        told = {"messages": counts.messages, "files": counts.files, "size": sum(part.size for part in manifest.parts)}
        with self._database.unit_of_work() as uow:
            uow.archives.finish(self._writing, checked.marks, manifest=shelf.digest, **told)
            uow.audit.record(
                AuditAct.ARCHIVED,
                actor=None,
                subject=f"archive:{self._writing.id}",
                day=self._writing.day.isoformat(),
                conversations=len(checked.marks),
                manifest=shelf.digest,
                root=manifest.root,
                master_key=manifest.master_key,
                **told,
                **by,
            )
        return self._row()

    def give_up(self) -> None:
        """End it without a trace; what storage does not let go of now, nobody counts on, and it is cleared later."""
        with suppress(StaleLease, SQLAlchemyError):
            with self._database.unit_of_work() as uow:
                uow.archives.abandon(self._writing)
            self.clear()

    def clear(self) -> None:
        """Take away what storage has of an archive that was given up, the manifest first, and then its row."""
        with suppress(StorageError):
            for key in self._store.keys(self._folder):  # in order: "manifest.json" comes before the parts
                self._store.remove(key)
            with self._database.unit_of_work() as uow:
                uow.archives.drop(self._writing.id)

    def let_go(self) -> None:
        """Leave it to whoever comes next, at once."""
        with suppress(StaleLease, SQLAlchemyError), self._database.unit_of_work() as uow:
            uow.archives.extend(self._writing, 0)

    def _extend(self) -> None:
        with self._database.unit_of_work() as uow:
            uow.archives.extend(self._writing, LEASE)

    def _row(self) -> Archive:
        with self._database.reading() as uow:
            return uow.archives.get(self._writing.id)
