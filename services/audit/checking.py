"""Checks of the audit log: every event against its leaf, all leaves against every checkpoint that is known."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from database.db import UnitOfWork
from database.queries.audit import sealed
from database.queries.audit_tree import UNREADABLE, is_key
from services.audit.checkpoint import Checkpoint, Notary
from services.audit.errors import NotVouchedFor
from services.audit.sealing import is_ours, trusted
from utils.merkle import Frontier, leaf_hash

_STRIDE = 10_000  # leaves read at once, with their events
_NAMED = 100  # findings that are named; the others are counted


class Kind(StrEnum):
    """What may be wrong with the log."""

    CHANGED = auto()
    REMOVED = auto()
    INSERTED = auto()
    LEFT_OUT = auto()
    LEAF_MISSING = auto()
    LEAF_STRANGE = auto()
    NOT_VOUCHED_FOR = auto()
    OTHER_ROOT = auto()
    TRUNCATED = auto()


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, and with what."""

    kind: Kind
    what: str


@dataclass
class Report:
    """What a check found: how many events are sealed and wait, and how many checkpoints they were held against."""

    size: int = 0
    waiting: int = 0
    checkpoints: int = 0
    number: int = 0
    findings: list[Finding] = field(default_factory=list)

    def found(self, kind: Kind, what: object) -> None:
        """Put down a finding."""
        self.number += 1
        if len(self.findings) < _NAMED:
            self.findings.append(Finding(kind, str(what)))


class Check:
    """One check of one bot's log, in a unit that only reads; `outside` are the checkpoints kept elsewhere."""

    def __init__(self, uow: UnitOfWork, notary: Notary, outside: Iterable[Checkpoint | NotVouchedFor]) -> None:
        self._uow = uow
        self._notary = notary
        self._outside = outside
        self._report = Report()

    def run(self) -> Report:
        """Read everything once and return what is wrong; a million events take some ten seconds."""
        report = self._report
        size, known = self._heads()
        report.checkpoints = len(known)
        for checkpoint in known:
            if checkpoint.size > size:
                report.found(Kind.TRUNCATED, f"{size} events, {checkpoint.size} at {checkpoint.at:%Y-%m-%d %H:%M}")
        report.size = self._walk(size, [checkpoint for checkpoint in known if checkpoint.size <= size])
        if beyond := self._uow.audit_tree.beyond():
            report.found(Kind.LEAF_STRANGE, f"{beyond} beyond the end of the tree")
        self._unsealed()
        return report

    def _heads(self) -> tuple[int, list[Checkpoint]]:
        """Return the size of the tree in the database, and all checkpoints that somebody signed, the smallest first."""
        tree, known = self._uow.audit_tree.head(), list[Checkpoint]()
        size = tree.size if tree else 0
        for checkpoint in self._outside:
            if isinstance(checkpoint, NotVouchedFor):
                self._report.found(Kind.NOT_VOUCHED_FOR, checkpoint)
            else:
                known.append(checkpoint)
        try:
            if tree and trusted(self._notary, tree).size:
                known.append(self._notary.read(tree.checkpoint))
        except NotVouchedFor as error:
            self._report.found(Kind.NOT_VOUCHED_FOR, error)
        return size, sorted(known, key=lambda checkpoint: checkpoint.size)

    def _walk(self, size: int, known: Sequence[Checkpoint]) -> int:
        """Let the tree grow leaf by leaf, and hold it against each checkpoint; returns how many leaves there are."""
        tree, left, leaves = Frontier(), list(known), 0
        for start in range(0, size, _STRIDE):
            digests = self._leaves(start, min(start + _STRIDE, size))
            leaves += len(digests)
            end = start + len(digests)
            while left and left[0].size <= end:
                part = left[0].size - start
                if tree.grown(digests[:part]).root != left[0].root:
                    self._report.found(Kind.OTHER_ROOT, f"{left[0].size} events, {left[0].at:%Y-%m-%d %H:%M}")
                left.pop(0)
            tree = tree.grown(digests)
        for checkpoint in left:
            self._report.found(Kind.OTHER_ROOT, f"{checkpoint.size} events, {checkpoint.at:%Y-%m-%d %H:%M}")
        return leaves

    def _leaves(self, start: int, end: int) -> list[bytes]:
        """Return the hashes of some leaves, each event held against its own."""
        digests: list[bytes] = []
        expected = start
        for row in self._rows(start, end):
            if row.position != expected:
                self._report.found(Kind.LEAF_MISSING, f"{expected} to {row.position - 1}")
            expected = row.position + 1
            if row.id is None:
                self._report.found(Kind.REMOVED, row.event_id)
            elif not _is_sealed(row):
                self._report.found(Kind.CHANGED, row.event_id)
            digests.append(row.hash if isinstance(row.hash, bytes) else b"")
        if expected != end:
            self._report.found(Kind.LEAF_MISSING, f"{expected} to {end - 1}")
        return digests

    def _rows(self, start: int, end: int) -> Iterator[Row[Any]]:
        """Return leaves with their events; where a row holds what is no value of its column, the leaf alone."""
        try:
            yield from self._uow.audit_tree.leaves(start, end)
        except UNREADABLE:
            middle = (start + end) // 2
            if middle > start:
                yield from self._rows(start, middle)
                yield from self._rows(middle, end)
            else:
                yield from self._uow.audit_tree.bare_leaves(start, end)

    def _unsealed(self) -> None:
        ring = self._uow.scope.vault.keyring
        after = ""
        while page := self._uow.audit_tree.unsealed(after, _STRIDE):
            after = page[-1][0]
            for key, number, row in page:
                if row is None or not is_ours(ring, row):
                    self._report.found(Kind.INSERTED, _named(key))
                elif number is None:
                    self._report.found(Kind.LEFT_OUT, _named(key))
                else:
                    self._report.waiting += 1
        for key in self._uow.audit_tree.orphans(_NAMED):
            self._report.found(Kind.REMOVED, _named(key))


def _named(key: str) -> str:
    """Return a key as people write it, whichever way the database does."""
    return str(UUID(key)) if is_key(key) else key


def _is_sealed(row: Row[Any]) -> bool:
    try:
        return bool(leaf_hash(sealed(row)) == row.hash)
    except (ValueError, TypeError, AttributeError):  # what SQLite keeps in a column may be of any kind
        return False
