"""The manifest: what an archive holds and how that is recognised; written last, so that it makes the archive whole."""

import json
from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import ValidationError

from services.archive.errors import ArchiveDamaged
from services.job import Frozen
from utils.encryption import Keyring
from utils.merkle import Frontier, leaf_hash

MANIFEST = "manifest.json"
SEALING = "a line of JSON a row, gzip, AES-256-GCM under the customer's data key; files without gzip"


class Part(Frozen):
    """One object with sealed records, end to end; `sha256` in hexadecimal digits, `size` in bytes."""

    name: str
    size: int
    sha256: str


class Record(Frozen):
    """A conversation, or a file of one: where it lies in which part, which data key opens it; it names nobody.

    `id` is the conversation's or the file's key, `sha256` of the sealed bytes.
    """

    kind: Literal["conversation", "file"]
    id: UUID
    conversation: UUID
    key: UUID
    part: int
    at: int
    size: int
    sha256: str


class Counts(Frozen):
    """How much there is of what, over all conversations."""

    conversations: int
    messages: int
    files: int
    lines: int


class Manifest(Frozen):
    """What an archive holds; `master_key` is the public id of the key that stamps it and wraps the data keys.

    `root` is the root of the Merkle tree (RFC 9162) over the records' digests, in their order.
    """

    format: Literal[1] = 1
    schema_version: int
    bot: int
    archive: UUID
    day: date
    made_at: datetime
    first_end: datetime
    last_end: datetime
    sealing: str = SEALING
    master_key: str
    counts: Counts
    parts: tuple[Part, ...]
    records: tuple[Record, ...]
    root: str

    def written(self, keyring: Keyring) -> bytes:
        """Return the file: the manifest with the stamp that tells that it is ours."""
        said = self.canonical()
        stamp = keyring.stamp(said).hex()
        return b'{"manifest":' + said + b',"stamp":"' + stamp.encode() + b'"}\n'

    @classmethod
    def read(cls, content: bytes, keyring: Keyring, *, known: bool = False) -> Self:
        """Read what `written` made; raises ArchiveDamaged, and UnknownKeyError when the key that stamped it is gone.

        A manifest that is `known` by its checksum needs no stamp: keys rotate, and what is archived stays as it is.
        """
        try:
            told = json.loads(content)
            manifest = cls.model_validate(told["manifest"])
            stamp = bytes.fromhex(told["stamp"])
        except (ValueError, KeyError, TypeError, ValidationError):
            raise ArchiveDamaged("the manifest cannot be read") from None
        if not known and not keyring.is_stamp(stamp, manifest.canonical()):
            raise ArchiveDamaged("the manifest does not bear our stamp")
        if manifest.root != root_of(manifest.records):
            raise ArchiveDamaged("the manifest's records are not those under its root")
        return manifest

    def canonical(self) -> bytes:
        """Return what is stamped: the same bytes for the same manifest."""
        said = self.model_dump(mode="json")
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def root_of(records: tuple[Record, ...]) -> str:
    """Return the root over records, in hexadecimal digits."""
    return Frontier().grown(leaf_hash(bytes.fromhex(record.sha256)) for record in records).root.hex()


def folder_of(bot_id: int, day: date, archive_id: UUID) -> str:
    """Return what the keys of an archive's objects begin with."""
    return f"archive/{bot_id}/{day.isoformat()}/{archive_id}/"


def identity_of(archive_id: UUID, kind: str, record_id: UUID) -> str:
    """Return the place that a record is sealed for: in another archive or under another name it does not open."""
    return f"archive:{archive_id}:{kind}:{record_id}"
