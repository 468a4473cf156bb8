"""The port of object storage: whole files under keys, such as indexes and archives.

StorageError
├── ObjectMissing
└── ObjectThere
"""

from pathlib import Path
from typing import Protocol


class StorageError(Exception):
    """The storage cannot be used now; nothing was written, or the whole."""


class ObjectMissing(StorageError):  # noqa: N818 - reads as what it says
    """There is nothing under the key."""


class ObjectThere(StorageError):  # noqa: N818 - as above
    """There is something under the key already."""


class ObjectStore(Protocol):
    """Keeps files under keys made of parts with `/` between them; a file is there whole or not at all."""

    def put(self, key: str, file: Path) -> None:
        """Keep a file under a key, in place of what was there; raises StorageError."""

    def add(self, key: str, file: Path) -> None:
        """Keep a file of some MB at most under a key that holds nothing yet; raises ObjectThere, StorageError."""

    def fetch(self, key: str, file: Path) -> None:
        """Write what a key holds into a file, whole or not at all; raises ObjectMissing, StorageError."""

    def keys(self, prefix: str) -> list[str]:
        """Return the keys that begin with a prefix, in order; raises StorageError."""

    def remove(self, key: str) -> None:
        """Forget what a key holds, if anything; raises StorageError."""
