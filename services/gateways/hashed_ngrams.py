"""An embedder that needs no model: character n-grams weighted as BM25, hashed with signs into a vector."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.knowledge.text import words

DIMENSIONS = 2_048
_SIZES = (3, 4, 5)
_GRAMS_A_WORD = 15  # of six letters and the spaces around them
_K1, _B = 1.2, 0.75

# Three fields of one 64-bit hash: the dimension, the sign, and the slot where a gram's texts are counted.
_SIGN_BIT = np.uint64(20)
_SLOT_SHIFT = np.uint64(40)
_SLOTS = 2**18
# Odd constants and shifts of splitmix64 (Steele, Lea, Flood 2014).
_STEP, _MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_STEP_SHIFT, _MIX_SHIFT = np.uint64(29), np.uint64(32)

Hashes = NDArray[np.uint64]
Vectors = NDArray[np.float32]


class HashedNgrams:
    """BM25 over character 3- to 5-grams as an inner product.

    IDFs and the mean length are those of the texts it is made with. The root of a gram's IDF
    weighs it in documents and in queries alike, which spreads the noise of collisions.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._size = len(texts)
        self._holders = np.zeros(_SLOTS, dtype=np.int32)
        total = 0
        for text in texts:
            hashes = _hashes(text)
            self._holders[np.unique(_slots(hashes))] += 1
            total += len(hashes)
        self._mean_length = max(total / max(self._size, 1), 1.0)

    @property
    def dimensions(self) -> int:
        """The length of every vector."""
        return DIMENSIONS

    @property
    def word(self) -> float:
        """What a word that is in no text adds to a ceiling."""
        return _GRAMS_A_WORD * float(np.log(1 + (self._size + 0.5) / 0.5))

    def ceiling(self, text: str) -> float:
        """Return the sum of the IDFs of a question's grams."""
        return float(self._idf(_hashes(text)).sum())

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Return a row for each text."""
        return np.array([self._encode_document(text) for text in texts], dtype=np.float32)

    def encode_query(self, text: str) -> Vectors:
        """Return one vector."""
        grams, counts = np.unique(_hashes(text), return_counts=True)
        return _project(grams, np.sqrt(self._idf(grams)) * counts)

    def _encode_document(self, text: str) -> Vectors:
        hashes = _hashes(text)
        grams, counts = np.unique(hashes, return_counts=True)
        length = 1 - _B + _B * len(hashes) / self._mean_length
        return _project(grams, counts / (counts + _K1 * length) * np.sqrt(self._idf(grams)))

    def _idf(self, hashes: Hashes) -> NDArray[np.float64]:
        holders = self._holders[_slots(hashes)]
        idf: NDArray[np.float64] = np.log(1 + (self._size - holders + 0.5) / (holders + 0.5))
        return idf


def _hashes(text: str) -> Hashes:
    """Hash every gram of a text; a gram may hold a space at its ends, never inside."""
    padded = f" {' '.join(words(text))} "
    points = np.frombuffer(padded.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    spaces = points == ord(" ")
    parts = []
    for size in _SIZES:
        count = max(len(points) - size + 1, 0)
        hashes = np.full(count, size, dtype=np.uint64)
        whole = np.ones(count, dtype=np.bool_)
        for offset in range(size):
            hashes = hashes * _STEP + points[offset : offset + count]
            hashes ^= hashes >> _STEP_SHIFT
            if 0 < offset < size - 1:
                whole &= ~spaces[offset : offset + count]
        parts.append(hashes[whole])
    mixed = np.concatenate(parts) * _MIX
    return mixed ^ (mixed >> _MIX_SHIFT)


def _slots(hashes: Hashes) -> NDArray[np.int64]:
    return ((hashes >> _SLOT_SHIFT) % np.uint64(_SLOTS)).astype(np.int64)


def _project(grams: Hashes, weights: NDArray[np.float64]) -> Vectors:
    signs = 1.0 - 2.0 * ((grams >> _SIGN_BIT) & np.uint64(1)).astype(np.float64)
    places = (grams % np.uint64(DIMENSIONS)).astype(np.int64)
    return np.bincount(places, weights=weights * signs, minlength=DIMENSIONS).astype(np.float32)
