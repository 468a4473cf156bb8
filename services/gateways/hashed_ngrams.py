"""An embedder that needs no model: character n-grams weighted as BM25, hashed with signs into a vector."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.knowledge.grams import GramCounts, Hashes, fold, grams, slots

# Its vectors only propose candidates, which the characters themselves then rank: docs/retrieval.md has the measurement.
DIMENSIONS = 512
_K1, _B = 0.8, 0.75
_SIGN_BIT = np.uint64(20)  # apart from the bits that choose the dimension

Vectors = NDArray[np.float32]


class HashedNgrams:
    """BM25 over character 3- to 5-grams as an inner product.

    IDFs and the mean length are those of the texts that were counted. The root of a gram's IDF
    weighs it in documents and in queries alike, which spreads the noise of collisions.
    """

    def __init__(self, counts: GramCounts) -> None:
        self._counts = counts
        self._roots = np.sqrt(counts.idf_of_slots())

    @property
    def dimensions(self) -> int:
        """The length of every vector."""
        return DIMENSIONS

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Return a row for each text."""
        return np.array([self._document(text) for text in texts], dtype=np.float32).reshape(-1, DIMENSIONS)

    def encode_query(self, text: str) -> Vectors:
        """Return one vector."""
        found, counts = np.unique(grams(fold(text)).hashes, return_counts=True)
        return _project(found, self._roots[slots(found)] * counts)

    def _document(self, text: str) -> Vectors:
        hashes = grams(fold(text)).hashes
        found, counts = np.unique(hashes, return_counts=True)
        length = 1 - _B + _B * len(hashes) / self._counts.mean_length
        return _project(found, counts / (counts + _K1 * length) * self._roots[slots(found)])


def _project(hashes: Hashes, weights: NDArray[np.float64]) -> Vectors:
    signs = 1.0 - 2.0 * ((hashes >> _SIGN_BIT) & np.uint64(1)).astype(np.float64)
    places = (hashes & np.uint64(DIMENSIONS - 1)).astype(np.int64)
    return np.bincount(places, weights=weights * signs, minlength=DIMENSIONS).astype(np.float32)
