"""Checking: an archive held against its manifest, part by part and record by record, as it lies in storage."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from database.db import Database
from database.models import Archive
from database.queries.archive import Mark
from services.archive.errors import ArchiveDamaged, NotArchived
from services.archive.keys import KnownKeys
from services.archive.lines import read, unpacked
from services.archive.manifest import Manifest, Record
from services.archive.shelf import Shelf
from services.data_keys import CustomerErased, DataKey, UnknownDataKey
from utils.encryption import EncryptionError

_SHOWN = 20  # findings of an archive that are told one by one


@dataclass
class Checked:
    """What a check found: `findings` in words, `marks` of what opened, the number of records of erased customers."""

    archive: Archive
    manifest: Manifest | None = None
    findings: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    erased: int = 0

    @property
    def shown(self) -> list[str]:
        """The first findings, with the number of those that are left out."""
        more = len(self.findings) - _SHOWN
        return [*self.findings[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]


def check(
    database: Database, shelf: Shelf, archive: Archive, *, deep: bool, alive: Callable[[], None] = lambda: None
) -> Checked:
    """Check an archive; `deep` opens every record, else only checksums are looked at. Raises StorageError.

    `alive` is called before each part, of which there may be many hundreds.
    """
    checked = Checked(archive)
    try:
        manifest = checked.manifest = shelf.manifest(archive)
    except (ArchiveDamaged, EncryptionError) as error:
        checked.findings.append(str(error))
        return checked
    broken = set()
    keys = KnownKeys(database, (record.key for record in manifest.records)) if deep else None
    for number in range(len(manifest.parts)):
        alive()
        try:
            shelf.part(manifest, number)
        except ArchiveDamaged as error:
            checked.findings.append(str(error))
            broken.add(number)
            continue
        if keys is not None:
            _open_all(shelf, checked, manifest, [item for item in manifest.records if item.part == number], keys)
    if deep and not broken and not checked.erased and not checked.findings:
        _count(checked, manifest)
    return checked


def check_all(
    database: Database, shelf: Shelf, archive_ids: Sequence[UUID] = (), *, deep: bool = True
) -> Iterator[Checked]:
    """Check all archives, or some of them, and remember what came of it; raises NotArchived, StorageError."""
    with database.reading() as uow:
        archives = uow.archives.whole(archive_ids or None)
    if missing := set(archive_ids) - {archive.id for archive in archives}:
        raise NotArchived(f"there is no archive {min(missing)}")
    for archive in archives:
        checked = check(database, shelf, archive, deep=deep)
        with database.unit_of_work() as uow:
            uow.archives.checked(archive.id, len(checked.findings))
        yield checked


def _open_all(shelf: Shelf, checked: Checked, manifest: Manifest, records: list[Record], keys: KnownKeys) -> None:
    for record in records:
        try:
            key = keys[record.key]
            content = shelf.opened(manifest, record, key)
            if record.kind == "conversation":
                checked.marks.append(_mark(record, key, unpacked(content)))
        except CustomerErased:
            checked.erased += 1
        except (ArchiveDamaged, UnknownDataKey, EncryptionError) as error:
            checked.findings.append(f"{record.kind} {record.id}: {error}")


def _mark(record: Record, key: DataKey, content: bytes) -> Mark:
    """Return what is known of a conversation by its lines; raises ArchiveDamaged when they are of another one."""
    told = read(content)[0]
    if told.get("type") != "conversation" or told.get("id") != str(record.id):
        raise ArchiveDamaged("the lines are not of this conversation")
    ended_at = datetime.fromisoformat(told["closed_at"])
    return Mark(record.id, key.id, ended_at, key.keyring.stamp(content))


def _count(checked: Checked, manifest: Manifest) -> None:
    kinds = Counter(record.kind for record in manifest.records)
    told = manifest.counts
    if (kinds["conversation"], kinds["file"]) != (told.conversations, told.files):
        checked.findings.append("the manifest counts other records than it lists")
