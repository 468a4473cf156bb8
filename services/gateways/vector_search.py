"""The dense leg of retrieval: vectors of any embedder in a FAISS index, compared by inner product."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services.retrieval import Scores

_BATCH = 256  # texts encoded at once, so that building needs little more memory than the index


class Embedder(Protocol):
    """Turns texts into vectors whose inner product says how near they are."""

    @property
    def dimensions(self) -> int:
        """The length of every vector."""

    @property
    def word(self) -> float:
        """What a word that is in no text adds to a ceiling; 0 for a model that knows no ceilings."""

    def ceiling(self, text: str) -> float:
        """Return the most a document can score for this question; 1 for unit vectors."""

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a row for each text."""

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Return one vector."""


class VectorSearch:
    """A flat (exact) FAISS index over some texts."""

    def __init__(self, texts: Sequence[str], embedder: Embedder) -> None:
        import faiss  # noqa: PLC0415 - 14 MB that only a process which searches should pay

        self._embedder = embedder
        self._limit_threads = faiss.omp_set_num_threads
        self._index = faiss.IndexFlatIP(embedder.dimensions)
        for start in range(0, len(texts), _BATCH):
            self._index.add(embedder.encode_documents(texts[start : start + _BATCH]))

    def scores(self, question: str) -> Scores:
        """Score every text."""
        # OpenMP keeps the limit for each thread apart, and the worker's threads are many.
        self._limit_threads(1)
        query = self._embedder.encode_query(question).reshape(1, -1)
        nearness, order = self._index.search(query, self._index.ntotal)
        values = np.empty(self._index.ntotal, dtype=np.float32)
        values[order[0]] = nearness[0]
        return Scores(values, self._embedder.ceiling(question), self._embedder.word)
