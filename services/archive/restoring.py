"""Restoring: lines of JSON of one conversation, of one customer or of one day, out of the archives."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import UUID

from database.db import Database
from database.models import AuditAct
from services.archive.errors import NotArchived
from services.archive.keys import KnownKeys
from services.archive.lines import unpacked
from services.archive.manifest import Manifest, Record
from services.archive.shelf import Shelf
from services.data_keys import CustomerErased

Wanted = dict[UUID, set[UUID]]
"""The conversations to bring back, by the archive that each is in."""


@dataclass
class Restored:
    """A conversation brought back: its lines of JSON, and the bytes of its files by their keys."""

    conversation_id: UUID
    lines: bytes
    files: dict[UUID, bytes] = field(default_factory=dict)


class Restorer:
    """Brings back what archives hold; it goes to whoever asked, not over the rows there are."""

    def __init__(self, database: Database, shelf: Shelf) -> None:
        self._database = database
        self._shelf = shelf
        self.erased = 0

    def find(self, conversation: UUID | None, customer: int | None, day: date | None) -> Wanted:
        """Find one conversation, all of a customer, or all of a day, whichever is named; raises NotArchived."""
        if conversation is not None:
            return self.conversation(conversation)
        if customer is not None:
            return self.customer(customer)
        if day is not None:
            return self.day(day)
        raise NotArchived("no archive holds nothing")

    def conversation(self, conversation_id: UUID) -> Wanted:
        """Find one conversation; raises NotArchived."""
        with self._database.reading() as uow:
            marks = uow.archives.of_conversations([conversation_id])
        if not marks:
            raise NotArchived(f"no archive holds a conversation {conversation_id}")
        return _by_archive({key: mark.archive_id for key, mark in marks.items()})

    def customer(self, telegram_id: int) -> Wanted:
        """Find all conversations of a customer; raises NotArchived, CustomerErased where no key is left."""
        with self._database.reading() as uow:
            keys = uow.data_keys.of(telegram_id)
            marks = uow.archives.of_keys([key.id for key in keys if key.wrapped])
        if not marks:
            gone = [key.destroyed_at for key in keys if key.destroyed_at]
            if gone:
                raise CustomerErased(max(gone))
            raise NotArchived(f"no archive holds anything of the customer {telegram_id}")
        return _by_archive({key: mark.archive_id for key, mark in marks.items()})

    def day(self, day: date) -> Wanted:
        """Find all conversations that closed on a day, in UTC; raises NotArchived."""
        with self._database.reading() as uow:
            archives = uow.archives.whole(day=day)
            last = [uow.archives.of_conversations(uow.archives.members(archive.id)) for archive in archives]
        if not archives:
            raise NotArchived(f"no archive holds conversations that closed on {day}")
        those = {archive.id for archive in archives}  # what was closed again later is in the archive of that day
        found = {key: mark.archive_id for marks in last for key, mark in marks.items()}
        return _by_archive({key: archive_id for key, archive_id in found.items() if archive_id in those})

    def bring(self, wanted: Wanted, **by: str | int | bool | None) -> Iterator[Restored]:
        """Open what was found, in the order of the archives; each archive that is opened is written down.

        Raises ArchiveDamaged, StorageError, EncryptionError, UnknownDataKey, and CustomerErased when one conversation
        was asked for and can never be read again; of several, those are counted in `erased` and left out.
        """
        several = sum(map(len, wanted.values())) > 1
        with self._database.reading() as uow:
            archives = uow.archives.whole(wanted)
        for archive in archives:
            manifest = self._shelf.manifest(archive)
            with self._database.unit_of_work() as uow:
                subject, number = f"archive:{archive.id}", len(wanted[archive.id])
                uow.audit.record(AuditAct.ARCHIVE_RESTORED, actor=None, subject=subject, conversations=number, **by)
            yield from self._open(manifest, wanted[archive.id], several=several)

    def _open(self, manifest: Manifest, conversations: Collection[UUID], *, several: bool) -> Iterator[Restored]:
        found: dict[UUID, list[Record]] = {}
        for record in manifest.records:  # a conversation comes before its files
            if record.conversation in conversations:
                found.setdefault(record.conversation, []).append(record)
        keys = KnownKeys(self._database, (record.key for records in found.values() for record in records))
        for records in found.values():
            try:
                yield self._restored(manifest, records, keys)
            except CustomerErased:
                if not several:
                    raise
                self.erased += 1

    def _restored(self, manifest: Manifest, records: list[Record], keys: KnownKeys) -> Restored:
        first, *files = records
        restored = Restored(first.conversation, unpacked(self._shelf.opened(manifest, first, keys[first.key])))
        for file in files:
            restored.files[file.id] = self._shelf.opened(manifest, file, keys[file.key])
        return restored


def write_files(restored: Restored, folder: Path) -> int:
    """Write the files of a conversation into a folder, named by their keys; returns how many there were."""
    for key, content in restored.files.items():
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / str(key)
        file.touch(mode=0o600)
        file.write_bytes(content)
    return len(restored.files)


def _by_archive(found: dict[UUID, UUID]) -> Wanted:
    wanted: Wanted = {}
    for conversation_id, archive_id in found.items():
        wanted.setdefault(archive_id, set()).add(conversation_id)
    return wanted
