"""Checkpoints: signed notes of how large the tree was at a moment and what its root was (C2SP, tlog-checkpoint)."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.audit.errors import NotVouchedFor, UnknownSigner
from utils.merkle import Frontier
from utils.signed_note import NoteError, Reader, Signer, opened

# Said and not done: where ENCRYPTION_KEY might sign although there is an AUDIT_KEY, that would be of no use.
_KEY_BEFORE = (
    "if AUDIT_KEY was set or changed since, it has to name both, AUDIT_KEY=<new>,<the key before>"
    " (the value of ENCRYPTION_KEY where there was no AUDIT_KEY)"
)


@dataclass(frozen=True)
class Checkpoint:
    """What a note vouches for: the tree's name, its size in leaves, its root, and when it was signed."""

    origin: str
    size: int
    root: bytes
    at: datetime

    def text(self) -> str:
        """Return the lines that are signed."""
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\n{self.at.isoformat(timespec='milliseconds')}\n"

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """Read what `text` wrote; raises NotVouchedFor."""
        try:
            origin, size, root, at = text.splitlines()
            return cls(origin, int(size), base64.b64decode(root, validate=True), datetime.fromisoformat(at))
        except (ValueError, binascii.Error):
            raise NotVouchedFor("a checkpoint cannot be read") from None


class Notary:
    """Signs checkpoints of one bot with the newest of its keys, and reads those that any of them signed."""

    def __init__(self, bot_id: int, seeds: Sequence[bytes]) -> None:
        self.origin = f"bank-bot/{bot_id}/audit"
        self._signers = [Signer(self.origin, seed) for seed in seeds]

    @property
    def readers(self) -> list[Reader]:
        """Who can tell what the keys have signed, the newest key's first."""
        return [signer.reader for signer in self._signers]

    def sign(self, tree: Frontier, at: datetime) -> str:
        """Return a signed note of a tree."""
        return self._signers[0].sign(Checkpoint(self.origin, tree.size, tree.root, at).text())

    def read(self, note: str) -> Checkpoint:
        """Return what a note of this bot vouches for; raises NotVouchedFor."""
        try:
            return read_note(note, self.origin, self.readers)
        except UnknownSigner as error:
            raise NotVouchedFor(f"{error}: {_KEY_BEFORE}") from None


def read_note(note: str, origin: str, readers: Sequence[Reader]) -> Checkpoint:
    """Return what a note vouches for, if one of the readers knows it and it is of that origin; raises NotVouchedFor."""
    try:
        checkpoint = Checkpoint.read(opened(note, readers))
    except NoteError as error:
        raise UnknownSigner(f"a checkpoint is {error}") from None
    if checkpoint.origin != origin:
        raise NotVouchedFor("a checkpoint is of another log")
    return checkpoint
