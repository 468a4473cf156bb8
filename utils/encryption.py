"""Encryption of stored values with rotating keys, and a keyed blind index for looking values up.

Errors::

    EncryptionError
    ├── BadKeyError       a key is not 32 bytes in a known notation, or the ring is empty
    ├── UnknownKeyError   the value was sealed with a key that is not in the ring
    └── TamperedError     the value, or the identity it belongs to, is not what was sealed
"""

import base64
import binascii
import hashlib
import hmac
import os
import unicodedata
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"
_KEY_BYTES = 32
_HEX_LENGTH = 2 * _KEY_BYTES
_KEY_ID_BYTES = 4
_NONCE_BYTES = 12  # NIST SP 800-38D: 96 random bits, good for 2**32 values under one key
_TAG_BYTES = 16
_HEADER_BYTES = len(_VERSION) + _KEY_ID_BYTES
_BODY_START = _HEADER_BYTES + _NONCE_BYTES
_SEAL_LABEL = b"seal/aes-256-gcm/1"
_INDEX_LABEL = b"blind-index/hmac-sha-256/1"
_STAMP_LABEL = b"stamp/hmac-sha-256/1"
_SIGN_LABEL = b"sign/ed25519/1"
_STAMP_BYTES = 16  # NIST SP 800-107, 5.3.3: a MAC cut to 128 bits is guessed with a chance of 2**-128


class EncryptionError(Exception):
    """Anything that goes wrong with keys or sealed values; messages never carry key or value."""


class BadKeyError(EncryptionError):
    """A key is not 32 bytes in URL-safe base64 (Fernet's format), plain base64 or hex."""


class UnknownKeyError(EncryptionError):
    """The value names a key that the ring does not hold."""


class TamperedError(EncryptionError):
    """The value was changed, cut, or belongs to another identity."""


class Keyring:
    """Seals with the newest key and opens with any of `keys` (newest first).

    A sealed value is `version (1) | key id (4) | nonce (12) | ciphertext and tag (n + 16)` bytes. The
    identity (say, table, column and row id) is associated data: a value copied to another row does not
    open there.

    Raises BadKeyError when a key is malformed, none is given, or two keys share an id.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise BadKeyError("at least one key is needed")
        self._ciphers: dict[bytes, AESGCM] = {}
        self._stamps: dict[bytes, bytes] = {}
        for key in map(_key_bytes, keys):
            key_id = hashlib.sha256(key).digest()[:_KEY_ID_BYTES]
            if key_id in self._ciphers:
                raise BadKeyError("two keys in the ring are the same or share an id")
            self._ciphers[key_id] = AESGCM(_derive(key, _SEAL_LABEL))
            self._stamps[key_id] = _derive(key, _STAMP_LABEL)
        self._newest = newest = next(iter(self._ciphers))
        self._cipher = self._ciphers[newest]
        self._header = _VERSION + newest

    def seal(self, plaintext: bytes, identity: str) -> bytes:
        """Encrypt `plaintext` for the place named by `identity`."""
        nonce = os.urandom(_NONCE_BYTES)
        body = self._cipher.encrypt(nonce, plaintext, self._header + identity.encode())
        return self._header + nonce + body

    def open(self, token: bytes, identity: str) -> bytes:
        """Decrypt what `seal` made for the same identity; raises UnknownKeyError or TamperedError."""
        if len(token) < _BODY_START + _TAG_BYTES or token[:1] != _VERSION:
            raise TamperedError("not a sealed value")
        header = token[:_HEADER_BYTES]
        cipher = self._ciphers.get(header[1:])
        if cipher is None:
            raise UnknownKeyError(f"no key with id {header[1:].hex()} in the ring")
        nonce, body = token[_HEADER_BYTES:_BODY_START], token[_BODY_START:]
        try:
            return cipher.decrypt(nonce, body, header + identity.encode())
        except InvalidTag:
            raise TamperedError("the value or its identity is not what was sealed") from None

    def is_current(self, token: bytes) -> bool:
        """Tell whether `token` was sealed with the newest key, so rotation may skip it."""
        return token.startswith(self._header)

    @property
    def newest(self) -> str:
        """The public id of the newest key, as it stands in what that key seals."""
        return self._newest.hex()

    @property
    def header(self) -> bytes:
        """How everything begins that the newest key seals."""
        return self._header

    def stamp(self, content: bytes) -> bytes:
        """Vouch for content that stays readable: `key id (4) | HMAC-SHA256 cut to 16` bytes under the newest key."""
        return self._newest + self._mac(self._newest, content)

    def is_stamp(self, stamp: bytes, content: bytes) -> bool:
        """Tell whether `stamp` made this stamp for this content; raises UnknownKeyError for a key not in the ring."""
        key_id = stamp[:_KEY_ID_BYTES]
        if key_id not in self._stamps:
            raise UnknownKeyError(f"no key with id {key_id.hex()} in the ring")
        return hmac.compare_digest(stamp[_KEY_ID_BYTES:], self._mac(key_id, content))

    def _mac(self, key_id: bytes, content: bytes) -> bytes:
        return hmac.digest(self._stamps[key_id], content, "sha256")[:_STAMP_BYTES]


class BlindIndex:
    """Finds rows by an encrypted value: HMAC-SHA256 of the value, 32 bytes, the same for the same value.

    While the key rotates, rows may carry the digest of either key: search with `candidates`, write with `of`.
    Values are compared without regard to case, outer spaces and compatibility forms (NFKC).
    Raises BadKeyError when a key is malformed.
    """

    def __init__(self, current_key: str, previous_key: str | None = None) -> None:
        keys = [current_key] if previous_key is None else [current_key, previous_key]
        self.newest = hashlib.sha256(_key_bytes(current_key)).digest()[:_KEY_ID_BYTES].hex()
        self._keys = [_derive(_key_bytes(key), _INDEX_LABEL) for key in keys]

    def of(self, value: str) -> bytes:
        """Digest of `value` under the current key."""
        return self.candidates(value)[0]

    def candidates(self, value: str) -> tuple[bytes, ...]:
        """Digests under which `value` may be stored, the current key's first."""
        normal = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).strip().casefold())
        return tuple(hmac.digest(key, normal.encode(), "sha256") for key in self._keys)


def generate_key() -> str:
    """Make a new random key in Fernet's format, 44 characters."""
    return base64.urlsafe_b64encode(os.urandom(_KEY_BYTES)).decode()


def signing_seed(key: str) -> bytes:
    """Return the 32 bytes of an Ed25519 key that belongs to a key; raises BadKeyError when it is malformed."""
    return _derive(_key_bytes(key), _SIGN_LABEL)


def _derive(key: bytes, label: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=label).derive(key)


def _key_bytes(text: str) -> bytes:
    text = text.strip()
    try:
        if len(text) == _HEX_LENGTH:
            key = bytes.fromhex(text)
        else:
            unpadded = text.rstrip("=").replace("+", "-").replace("/", "_")
            key = base64.b64decode(unpadded + "=" * (-len(unpadded) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != _KEY_BYTES:
        raise BadKeyError("a key must be 32 bytes in URL-safe base64, plain base64 or hex")
    return key
