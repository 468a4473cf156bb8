"""Packing: sealed records, end to end, in parts of a bounded size that go to storage one after another."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Literal
from uuid import UUID

from services.archive.manifest import Part, Record

PART_BYTES = 32 * 2**20  # a part that is over is closed; storage sends it in pieces of its own


class Packer:
    """Writes records of one archive; `put` takes a part that is whole: its name and its file, which then goes."""

    def __init__(self, room: Path, put: Callable[[str, Path], None], part_bytes: int = PART_BYTES) -> None:
        self._file = room / "part"
        self._put = put
        self._part_bytes = part_bytes
        self._digest = sha256()
        self._size = 0
        self.parts: list[Part] = []
        self.records: list[Record] = []

    def add(
        self, kind: Literal["conversation", "file"], record_id: UUID, conversation: UUID, key: UUID, sealed: bytes
    ) -> None:
        """Append a record; raises StorageError when a part that became full cannot be put."""
        with self._file.open("ab") as file:
            file.write(sealed)
        self.records.append(
            Record(
                kind=kind,
                id=record_id,
                conversation=conversation,
                key=key,
                part=len(self.parts),
                at=self._size,
                size=len(sealed),
                sha256=sha256(sealed).hexdigest(),
            )
        )
        self._digest.update(sealed)
        self._size += len(sealed)
        if self._size >= self._part_bytes:
            self.close()

    def close(self) -> None:
        """Put what is left as the last part; raises StorageError."""
        if not self._size:
            return
        name = f"part-{len(self.parts):05}"
        self._put(name, self._file)
        self._file.unlink()
        self.parts.append(Part(name=name, size=self._size, sha256=self._digest.hexdigest()))
        self._digest, self._size = sha256(), 0
