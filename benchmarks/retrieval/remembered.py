"""An embedder that encodes each text once, so that eight indexes of nearly the same texts cost little more than one."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.embedding import Embedder

Vectors = NDArray[np.float32]


class Remembered:
    """Wraps an embedder; `queries` is None where the time of a query's encoding is to be measured."""

    def __init__(self, embedder: Embedder, documents: dict[str, Vectors], queries: dict[str, Vectors] | None) -> None:
        self._embedder = embedder
        self._documents = documents
        self._queries = queries

    @property
    def dimensions(self) -> int:
        """The length of every vector."""
        return self._embedder.dimensions

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Return a row for each text."""
        new = list(dict.fromkeys(text for text in texts if text not in self._documents))
        if new:
            self._documents.update(zip(new, self._embedder.encode_documents(new), strict=True))
        return np.array([self._documents[text] for text in texts], dtype=np.float32)

    def encode_query(self, text: str) -> Vectors:
        """Return one vector."""
        if self._queries is None:
            return self._embedder.encode_query(text)
        if text not in self._queries:
            self._queries[text] = self._embedder.encode_query(text)
        return self._queries[text]
