"""The shelf: one archive as it lies in storage, read back and held against its manifest."""

from hashlib import file_digest, sha256
from pathlib import Path
from uuid import UUID

from database.models import Archive
from services.archive.errors import ArchiveDamaged
from services.archive.manifest import MANIFEST, Manifest, Record, folder_of, identity_of
from services.data_keys import DataKey
from services.storage import ObjectMissing, ObjectStore
from utils.encryption import Keyring, TamperedError, UnknownKeyError


class Shelf:
    """Reads archives of one bot, and takes them away; parts lie in `room` while they are looked at, sealed."""

    def __init__(self, store: ObjectStore, keyring: Keyring, bot_id: int, room: Path) -> None:
        self._store = store
        self._keyring = keyring
        self._bot_id = bot_id
        self._room = room
        self._held: tuple[UUID, int] | None = None
        self.digest = ""  # of the manifest that was read last

    def manifest(self, archive: Archive) -> Manifest:
        """Return an archive's manifest; raises ArchiveDamaged, StorageError, and UnknownKeyError for a lost key.

        The row of an archive that was verified knows its manifest's checksum; its stamp speaks where the row is lost.
        """
        content = self._content(folder_of(self._bot_id, archive.day, archive.id) + MANIFEST)
        self.digest = sha256(content).hexdigest()
        known = archive.manifest is not None
        if known and self.digest != archive.manifest:
            raise ArchiveDamaged("the manifest is not the one that was written")
        manifest = Manifest.read(content, self._keyring, known=known)
        if (manifest.bot, manifest.archive) != (self._bot_id, archive.id):
            raise ArchiveDamaged("the manifest is of another archive")
        return manifest

    def part(self, manifest: Manifest, number: int) -> Path:
        """Return a part's file, held against its checksum; raises ArchiveDamaged, StorageError."""
        file, part = self._room / "read", manifest.parts[number]
        if self._held == (manifest.archive, number):
            return file
        self._held = None
        self._fetch(folder_of(self._bot_id, manifest.day, manifest.archive) + part.name, file)
        with file.open("rb") as content:
            digest = file_digest(content, "sha256").hexdigest()
        if (file.stat().st_size, digest) != (part.size, part.sha256):
            raise ArchiveDamaged(f"{part.name} has another checksum than the manifest says")
        self._held = manifest.archive, number
        return file

    def sealed(self, manifest: Manifest, record: Record) -> bytes:
        """Return a record as it is sealed; raises ArchiveDamaged, StorageError."""
        with self.part(manifest, record.part).open("rb") as file:
            file.seek(record.at)
            sealed = file.read(record.size)
        if sha256(sealed).hexdigest() != record.sha256:
            raise ArchiveDamaged(f"the {record.kind} {record.id} has another checksum than the manifest says")
        return sealed

    def opened(self, manifest: Manifest, record: Record, key: DataKey) -> bytes:
        """Return what is sealed in a record; raises ArchiveDamaged, StorageError."""
        identity = identity_of(manifest.archive, record.kind, record.id)
        try:
            return key.keyring.open(self.sealed(manifest, record), identity)
        except (TamperedError, UnknownKeyError):
            raise ArchiveDamaged(f"the {record.kind} {record.id} does not open with its data key") from None

    def keys(self, archive: Archive) -> list[str]:
        """Return the keys of all objects of an archive; raises StorageError."""
        return self._store.keys(folder_of(self._bot_id, archive.day, archive.id))

    def clear(self, archive: Archive) -> None:
        """Take away what storage has of an archive, the manifest first; raises StorageError."""
        for key in self.keys(archive):  # in order: "manifest.json" comes before the parts
            self._store.remove(key)

    def _content(self, key: str) -> bytes:
        file = self._room / "manifest"
        self._fetch(key, file)
        return file.read_bytes()

    def _fetch(self, key: str, file: Path) -> None:
        try:
            self._store.fetch(key, file)
        except ObjectMissing:
            raise ArchiveDamaged(f"{key.rpartition('/')[2]} is missing in storage") from None
