"""An embedder around a sentence-transformers model, which the worker loads when a setting names one."""

from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class SentenceModel:
    """Unit vectors of a model, named as its hub has it or by the folder it lies in.

    Raises ImportError when the packages of requirements/model.in are not installed, OSError when there is no such
    model. E5 models were trained on texts that begin with "query: " or "passage: ".
    """

    def __init__(self, name: str) -> None:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - brings torch, gigabytes in all

        self._model = SentenceTransformer(name, device="cpu")
        self._lock = Lock()  # tokenizers refuse two threads at once ("Already borrowed")
        self._query, self._passage = ("query: ", "passage: ") if "e5" in name.lower().split("/")[-1] else ("", "")

    @property
    def dimensions(self) -> int:
        """The length of every vector."""
        return int(self._model.get_embedding_dimension() or 0)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Return a row for each text."""
        return self._encode([self._passage + text for text in texts])

    def encode_query(self, text: str) -> Vectors:
        """Return one vector."""
        row: Vectors = self._encode([self._query + text])[0]
        return row

    def _encode(self, texts: list[str]) -> Vectors:
        with self._lock:
            rows = self._model.encode(texts, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False)
        return np.asarray(rows, dtype=np.float32)
