"""Signed notes: a text with a line under it that says whose it is (C2SP, signed-note; the form of Go's checksum log).

NoteError    the text was not signed by a known key, or was changed since
"""

import base64
import binascii
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_ID_BYTES = 4
_MARK = "— "


class NoteError(Exception):
    """The note was not signed by any of the keys, or is not what was signed."""


@dataclass(frozen=True)
class Reader:
    """Tells a note that a key signed from any other; `name` is whose key it is, without spaces or plus signs."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """What a signature names the key by."""
        return hashlib.sha256(f"{self.name}\n".encode() + _ED25519 + self.public).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        """Write the key so that it can be given to others: name, id and key with pluses between them."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    @classmethod
    def read(cls, text: str) -> "Reader":
        """Read what `str` wrote; raises NoteError."""
        name, _, rest = text.strip().partition("+")
        key_id, _, key = rest.partition("+")
        raw = _decoded(key)
        reader = cls(name, raw[1:])
        if raw[:1] != _ED25519 or key_id != reader.key_id.hex():
            raise NoteError("not the key of a signed note")
        return reader

    def opens(self, text: bytes, signature: bytes) -> bool:
        """Tell whether this key made a signature (with the key's id before it) of a text."""
        if signature[:_ID_BYTES] != self.key_id:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature[_ID_BYTES:], text)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """Signs notes with an Ed25519 key made from 32 secret bytes."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def reader(self) -> Reader:
        """Who can tell what this key has signed."""
        return Reader(self.name, self._key.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """Return a text, which ends a line, as a signed note."""
        signature = self.reader.key_id + self._key.sign(text.encode())
        return f"{text}\n{_MARK}{self.name} {base64.b64encode(signature).decode()}\n"

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def opened(note: str, readers: Collection[Reader]) -> str:
    """Return the text of a note that one of the readers knows; raises NoteError."""
    text, parted, signatures = note.rpartition("\n\n")
    text += "\n"
    for line in signatures.splitlines() if parted else ():
        name, _, encoded = line.removeprefix(_MARK).partition(" ")
        signature = _decoded(encoded)
        if line.startswith(_MARK) and any(
            reader.name == name and reader.opens(text.encode(), signature) for reader in readers
        ):
            return text
    raise NoteError("not signed by a key that is known here")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        raise NoteError("neither a signed note nor the key of one") from None
