"""Certificates of erasures: signed notes that say what was erased and what is kept, and of nobody in particular.

NotACertificate    the text is none, or nobody signed it whose key is known
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from utils.signed_note import NoteError, Reader, Signer, opened

KEPT = ("audit_log", "key_mark", "telegram_chat")
"""What an erasure leaves: who did what and when, by account numbers, which the law wants kept and nobody can change;
that a data key was destroyed; and what the messenger itself keeps in its chats."""


class NotACertificate(Exception):  # noqa: N818 - reads as what it says
    """It proves nothing; the message says why, for whoever checks it."""


@dataclass(frozen=True)
class Certificate:
    """What is signed: the number of the erasure, when it was, how many rows, files and keys went, what is kept."""

    origin: str
    id: UUID
    at: datetime
    erased: Mapping[str, int]
    kept: Sequence[str] = KEPT

    def text(self) -> str:
        """Return the lines that are signed."""
        said = json.dumps({"erased": dict(self.erased), "kept": list(self.kept)}, sort_keys=True)
        return f"{self.origin}\n{self.id}\n{self.at.isoformat(timespec='seconds')}\n{said}\n"

    @classmethod
    def read(cls, text: str) -> "Certificate":
        """Read what `text` wrote; raises NotACertificate."""
        try:
            origin, key, at, said = text.splitlines()
            fields = json.loads(said)
            return cls(origin, UUID(key), datetime.fromisoformat(at), dict(fields["erased"]), list(fields["kept"]))
        except (ValueError, KeyError, TypeError):
            raise NotACertificate("it does not read as a certificate of an erasure") from None


class Certifier:
    """Signs certificates of one bot with the newest of its keys, as the audit log's checkpoints are signed."""

    def __init__(self, bot_id: int, seeds: Sequence[bytes]) -> None:
        self.origin = f"bank-bot/{bot_id}/erasure"
        self._signers = [Signer(self.origin, seed) for seed in seeds]

    @property
    def readers(self) -> list[Reader]:
        """Who can tell what the keys have signed, the newest key's first."""
        return [signer.reader for signer in self._signers]

    def sign(self, erasure_id: UUID, at: datetime, erased: Mapping[str, int]) -> str:
        """Return a signed certificate."""
        return self._signers[0].sign(Certificate(self.origin, erasure_id, at, erased).text())


def check(note: str, readers: Sequence[Reader]) -> Certificate:
    """Return what a certificate says; raises NotACertificate when none of the readers' keys signed it."""
    try:
        certificate = Certificate.read(opened(note, readers))
    except NoteError as error:
        raise NotACertificate(f"the certificate is {error}") from None
    if certificate.origin not in {reader.name for reader in readers}:
        raise NotACertificate("the certificate is of another bot")
    return certificate
