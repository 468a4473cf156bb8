"""Proofs that one event is in the log: the event, its way up the tree, and a signed checkpoint; 2 KB at most."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from database.db import UnitOfWork
from database.queries.audit import sealed
from services.audit.checkpoint import Checkpoint, Notary, read_note
from services.audit.errors import BadProof, NoSuchEvent, NotVouchedFor
from services.audit.sealing import trusted
from utils.merkle import inclusion_proof, leaf_hash, root_above
from utils.signed_note import Reader

_FORM = "bank-bot audit proof 1"


@dataclass(frozen=True)
class Proof:
    """What a proof consists of; `event` is the JSON whose hash is the leaf."""

    event: str
    index: int
    way: tuple[bytes, ...]
    checkpoint: str

    def __str__(self) -> str:
        """Write the proof as lines: form, event, place, hashes, and the checkpoint below an empty line."""
        way = (base64.b64encode(digest).decode() for digest in self.way)
        return "\n".join((_FORM, self.event, str(self.index), *way, "", self.checkpoint))

    @classmethod
    def read(cls, text: str) -> "Proof":
        """Read what `str` wrote; raises BadProof."""
        head, _, checkpoint = text.partition("\n\n")
        if not head.startswith(f"{_FORM}\n"):
            raise BadProof("this is not a proof of an audit log")
        try:
            _, event, index, *way = head.split("\n")
            return cls(event, int(index), tuple(base64.b64decode(line, validate=True) for line in way), checkpoint)
        except (ValueError, binascii.Error):
            raise BadProof("the proof cannot be read") from None


def prove(uow: UnitOfWork, notary: Notary, event_id: UUID) -> Proof:
    """Return the proof of a sealed event against the newest checkpoint; raises NoSuchEvent, NotVouchedFor.

    All hashes of leaves are read: 32 bytes an event.
    """
    tree, position = uow.audit_tree.head(), uow.audit_tree.position_of(event_id)
    if tree is None or position is None or position >= tree.size:
        raise NoSuchEvent(f"there is no sealed event {event_id}")
    frontier = trusted(notary, tree)
    hashes = uow.audit_tree.hashes(0, frontier.size)
    [row] = uow.audit_tree.leaves(position, position + 1)
    if row.id is None or leaf_hash(sealed(row)) != row.hash:
        raise NotVouchedFor(f"the event {event_id} is not what was sealed")
    if len(hashes) != frontier.size:
        raise NotVouchedFor("leaves are missing: check the log")
    return Proof(sealed(row).decode(), position, tuple(inclusion_proof(hashes, position)), tree.checkpoint)


def check(proof: Proof, origin: str | None, readers: Sequence[Reader]) -> tuple[list[object], Checkpoint]:
    """Return the event that a proof proves and the checkpoint above it; raises BadProof, NotVouchedFor.

    It needs no database: only the public key. `origin` is whose log it has to be, by default the first reader's.
    """
    checkpoint = read_note(proof.checkpoint, origin or readers[0].name, readers)
    try:
        root = root_above(leaf_hash(proof.event.encode()), proof.index, checkpoint.size, proof.way)
    except ValueError as error:
        raise BadProof(f"the proof does not lead to the checkpoint: {error}") from None
    if root != checkpoint.root:
        raise BadProof("the proof does not lead to the checkpoint: this event was not in the log at this place")
    return list(json.loads(proof.event)), checkpoint
