"""Files as they lie in our storage: sealed in pieces, each under its number and the last one marked.

In clear they are nowhere but in memory, a piece at a time.
"""

import struct
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from services.errors import FileRefusedError
from utils.encryption import Keyring

_LENGTH = struct.Struct(">I")
_LAST = struct.Struct(">?")  # a file cut at a border of pieces would open otherwise


class Sealing:
    """Writes a file sealed, piece by piece; each is held until it is known whether it is the last one."""

    def __init__(self, keyring: Keyring, uid: UUID, target: BinaryIO) -> None:
        self._keyring = keyring
        self._uid = uid
        self._target = target
        self._digest = sha256()
        self._number = 0
        self._held: bytes | None = None

    def write(self, piece: bytes) -> None:
        """Take the next piece."""
        self._digest.update(piece)
        if self._held is not None:
            self._put(self._held, last=False)
        self._held = piece

    def close(self) -> str:
        """Write the last piece; returns the SHA-256 of all of them in clear."""
        self._put(self._held or b"", last=True)
        return self._digest.hexdigest()

    def _put(self, piece: bytes, *, last: bool) -> None:
        token = self._keyring.seal(_LAST.pack(last) + piece, _identity(self._uid, self._number))
        self._target.write(_LENGTH.pack(len(token)) + token)
        self._number += 1


def seal_pieces(keyring: Keyring, uid: UUID, pieces: Iterable[bytes], target: Path) -> str:
    """Write all pieces of a file sealed; returns the SHA-256 of them in clear."""
    with target.open("wb") as file:
        sealing = Sealing(keyring, uid, file)
        for piece in pieces:
            sealing.write(piece)
        return sealing.close()


def open_pieces(keyring: Keyring, uid: UUID, source: Path) -> Iterator[bytes]:
    """Yield pieces in clear; raises FileRefusedError for what was cut or changed, EncryptionError too."""
    number, last = 0, False
    with source.open("rb") as file:
        while not last:
            piece = keyring.open(_token(file), _identity(uid, number))
            last, number = _LAST.unpack_from(piece)[0], number + 1
            yield piece[_LAST.size :]


def is_current(keyring: Keyring, source: Path) -> bool:
    """Return whether a sealed file is under the newest key; raises FileRefusedError for one that is not whole."""
    with source.open("rb") as file:
        return keyring.is_current(_token(file))


def key_of(bot_id: int, uid: UUID) -> str:
    """Return the key under which a file lies in the storage."""
    return f"attachments/{bot_id}/{uid}"


def marks(bot_id: int) -> str:
    """Return how the keys of marks begin: what was put into the storage before any row named it.

    Behind that stand the seconds since 1970 and the file's number, with a dot between them.
    """
    return f"uploads/{bot_id}/"


def _identity(uid: UUID, number: int) -> str:
    return f"attachments:{uid}:piece:{number}"


def _token(file: BinaryIO) -> bytes:
    header = file.read(_LENGTH.size)
    if len(header) < _LENGTH.size:
        raise FileRefusedError("a stored file is not whole")
    return file.read(_LENGTH.unpack(header)[0])
