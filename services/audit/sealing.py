"""The sealer: appends what was recorded to the tree, and puts checkpoints where the database does not reach."""

from logging import getLogger
from typing import Any

from sqlalchemy import Row

from database.db import Database, UnitOfWork
from database.models import AuditTree
from database.queries.audit import sealed, stamped
from services.audit.checkpoint import Checkpoint, Notary
from services.audit.errors import NotVouchedFor
from services.audit.outside import Checkpoints
from services.metrics import AUDIT_FORGED, AUDIT_SEALED
from utils.encryption import Keyring, UnknownKeyError
from utils.merkle import Frontier, leaf_hash

_BATCH = 5000  # events sealed in one transaction
_STRIDE = 50_000  # leaves read at once

_log = getLogger(__name__)


class Sealer:
    """Any number of processes may seal: the tree's row lets one of them append, and a kill leaves nothing half done."""

    def __init__(self, database: Database, notary: Notary, checkpoints: Checkpoints, pause: float) -> None:
        self._database = database
        self._notary = notary
        self._checkpoints = checkpoints
        self._pause = pause

    def waits(self) -> float | None:
        """Return for how many seconds the oldest event has waited; None when none does."""
        with self._database.reading() as uow:
            return uow.audit_tree.oldest_waiting()

    def seal(self) -> int:
        """Append one batch; returns how many events it took from the queue.

        Raises NotVouchedFor when the tree in the database is not the one that was signed.
        """
        with self._database.unit_of_work() as uow:
            tree = uow.audit_tree.lock()
            numbers, rows = uow.audit_tree.waiting(_BATCH) if tree else ((), ())
            if tree is None or not numbers:
                return 0
            frontier, ring = trusted(self._notary, tree), self._database.vault.keyring
            leaves = [(row.id, leaf_hash(sealed(row))) for row in rows if is_ours(ring, row)]
            strangers = len(numbers) - len(leaves)
            uow.audit_tree.append(tree.size, leaves)
            frontier = frontier.grown(digest for _, digest in leaves)
            tree.size, tree.peaks = frontier.size, frontier.packed()
            tree.checkpoint = self._notary.sign(frontier, uow.now())
            uow.session.flush()
            uow.audit_tree.waited(numbers)
        AUDIT_SEALED.inc(len(leaves))
        if strangers:
            AUDIT_FORGED.inc(strangers)
            _log.error("events that nobody of ours recorded are not sealed", extra={"number": strangers})
        return len(numbers)

    def publish(self) -> Checkpoint | None:
        """Put a checkpoint outside the database, if the tree has grown and nobody did so for a while.

        What lies there is the root of what is put beside it: a tree that does not continue it gets no checkpoint.
        Raises NotVouchedFor then, and StorageError.
        """
        with self._database.reading() as uow:
            tree = uow.audit_tree.head()
            if tree is None or tree.size == tree.stored_size:
                return None
        with self._database.unit_of_work() as uow:
            if not uow.schedule.take_duty(f"audit:{self._database.bot_id}", self._pause):
                return None
        frontier, checkpoint = trusted(self._notary, tree), self._notary.read(tree.checkpoint)
        with self._database.reading() as uow:
            continues(uow, self._checkpoints.newest(checkpoint), frontier)
        self._checkpoints.put(tree.checkpoint, frontier)
        with self._database.unit_of_work() as uow:
            uow.audit_tree.stored(frontier.size)
        return checkpoint


def trusted(notary: Notary, tree: AuditTree) -> Frontier:
    """Return the tree of a row if its note vouches for it; raises NotVouchedFor."""
    try:
        frontier = Frontier.unpacked(tree.size, tree.peaks)
    except ValueError as error:
        raise NotVouchedFor(f"the tree in the database is {error}") from None
    if not frontier.size and not tree.checkpoint:
        return frontier
    checkpoint = notary.read(tree.checkpoint)
    if (checkpoint.size, checkpoint.root) != (frontier.size, frontier.root):
        raise NotVouchedFor("the tree in the database is not the one that its checkpoint vouches for")
    return frontier


def continues(uow: UnitOfWork, earlier: Frontier, later: Frontier) -> None:
    """Hold a tree against an earlier one, by the leaves between them; raises NotVouchedFor."""
    if later.size < earlier.size:
        raise NotVouchedFor(f"the log has {later.size} events, a checkpoint outside vouches for {earlier.size}")
    grown = earlier
    for start in range(earlier.size, later.size, _STRIDE):
        grown = grown.grown(uow.audit_tree.hashes(start, min(start + _STRIDE, later.size)))
    if grown != later:
        raise NotVouchedFor(f"the log does not continue the checkpoint of {earlier.size} events that lies outside")


def is_ours(ring: Keyring, event: Row[Any]) -> bool:
    """Tell whether an event was recorded by somebody who has our keys."""
    try:
        return ring.is_stamp(event.stamp, stamped(event))
    except (UnknownKeyError, AttributeError, TypeError):  # what SQLite keeps in a column may be of any kind
        return False
