"""The Merkle tree of RFC 9162, section 2.1: roots that grow leaf by leaf, and proofs that a leaf is below one."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256().digest()


def leaf_hash(content: bytes) -> bytes:
    """Return the hash of a leaf; the prefix keeps a leaf from being taken for a node."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash above two hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True)
class Frontier:
    """All that has to be known of a tree to let it grow: the roots of its whole subtrees, the largest first.

    There is one peak for each 1 in the binary form of `size`.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def grown(self, leaves: Iterable[bytes]) -> "Frontier":
        """Return the tree with more leaves, given by their hashes, at its end."""
        size, peaks = self.size, list(self.peaks)
        for leaf in leaves:
            full, rest = leaf, size
            while rest & 1:
                full, rest = node_hash(peaks.pop(), full), rest >> 1
            peaks.append(full)
            size += 1
        return Frontier(size, tuple(peaks))

    @property
    def root(self) -> bytes:
        """The hash over all leaves."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root

    def packed(self) -> bytes:
        """Return the peaks in a row of bytes."""
        return b"".join(self.peaks)

    @classmethod
    def unpacked(cls, size: int, packed: bytes) -> "Frontier":
        """Return what `packed` was made of; raises ValueError for a number of peaks that does not go with the size."""
        if size < 0 or len(packed) != HASH_BYTES * size.bit_count():
            raise ValueError("not the peaks of a tree of this size")
        return cls(size, tuple(packed[at : at + HASH_BYTES] for at in range(0, len(packed), HASH_BYTES)))


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the hashes that lead from a leaf to the root over `leaves`, the nearest first (RFC 9162, 2.1.3.1).

    Raises IndexError for a leaf that is not there.
    """
    if not 0 <= index < len(leaves):
        raise IndexError("no such leaf")
    proof, level = [], list(leaves)
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            proof.append(level[beside])
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [node_hash(left, right) for left, right in pairs] + level[len(level) & ~1 :]
        index >>= 1
    return proof


def root_above(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Return the root that a proof leads to (RFC 9162, 2.1.3.2); raises ValueError for one of the wrong length."""
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    root, last, rest = leaf, size - 1, list(proof)
    while last:
        if index & 1:
            root = node_hash(_next(rest), root)
        elif index < last:
            root = node_hash(root, _next(rest))
        index, last = index >> 1, last >> 1
    if rest:
        raise ValueError("the proof is too long")
    return root


def _next(rest: list[bytes]) -> bytes:
    if not rest:
        raise ValueError("the proof is too short")
    return rest.pop(0)
