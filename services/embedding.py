"""The ports of embedders and of where vectors are kept, and an embedder that remembers vectors made before."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services.retrieval.legs import Leg

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors whose inner product says how near they are."""

    @property
    def dimensions(self) -> int:
        """The length of every vector."""

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Return a row for each text."""

    def encode_query(self, text: str) -> Vectors:
        """Return one vector."""


class VectorBackend(Protocol):
    """Where the vectors of indexes are kept and searched."""

    @property
    def name(self) -> str:
        """Stand for it in an index's recipe."""

    def build(self, texts: Sequence[str], embedder: Embedder, language: str) -> Leg:
        """Return a leg over some texts."""

    def load(self, folder: Path, embedder: Embedder) -> Leg:
        """Return the leg of a saved index."""

    def vectors_in(self, folder: Path, dimensions: int) -> Vectors:
        """Return the vectors of a saved index in the order of its texts."""


class KnownVectors:
    """Asks another embedder only for texts whose vectors are not known."""

    def __init__(self, embedder: Embedder, known: Mapping[str, Vectors]) -> None:
        self._embedder = embedder
        self._known = known

    @property
    def dimensions(self) -> int:
        """The length of every vector."""
        return self._embedder.dimensions

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Return a row for each text."""
        unknown = [text for text in texts if text not in self._known]
        fresh = iter(self._embedder.encode_documents(unknown)) if unknown else iter(())
        rows = [self._known[text] if text in self._known else next(fresh) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(-1, self.dimensions)

    def encode_query(self, text: str) -> Vectors:
        """Return one vector."""
        return self._embedder.encode_query(text)
