"""The dense leg of retrieval: vectors of any embedder in a FAISS index, compared by inner product."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from services.embedding import Embedder
from services.retrieval.legs import Leg, Scores

_FILE = "vectors.faiss"
_BATCH = 256  # texts encoded at once, so that building needs little more memory than the index

# Up to here every vector is compared. Above, cells of neighbours are searched, of vectors in a byte per number.
FLAT = 50_000
_SAMPLE = 200  # questions that are asked at the build, to see what a smaller index loses
_ASKED = 8  # words of such a question
_MOST_LOST = 0.01  # share of the sample whose nearest neighbour may differ from the exact one
_SEED = 1_234
_TRAINED = 40  # vectors a cell to learn cells from; FAISS asks for 39 at least

Vectors = NDArray[np.float32]


class VectorSearch:
    """A FAISS index over some texts: exact while there are few, approximate within a measured loss when many."""

    def __init__(self, texts: Sequence[str], embedder: Embedder, flat: int = FLAT) -> None:
        import faiss  # noqa: PLC0415 - 14 MB that only a process which searches should pay

        self._faiss = faiss
        self._embedder = embedder
        faiss.omp_set_num_threads(1)  # so that the cells, and with them the answers, are the same on every machine
        batches = (embedder.encode_documents(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH))
        if len(texts) <= flat:
            self._index = _exact(faiss, embedder.dimensions, batches)
        else:
            drawn = np.random.default_rng(_SEED).choice(len(texts), min(_SAMPLE, len(texts)), replace=False)
            asked = np.array([embedder.encode_query(_asked(texts[number])) for number in drawn])
            self._index = _cells(faiss, np.concatenate(list(batches)), asked)

    @property
    def kind(self) -> str:
        """The name of FAISS's index."""
        return type(self._index).__name__

    def save(self, folder: Path) -> None:
        """Write the index into a folder; the embedder is not part of it."""
        self._faiss.write_index(self._index, str(folder / _FILE))

    @classmethod
    def load(cls, folder: Path, embedder: Embedder) -> Self:
        """Return what was saved, mapped into memory (plain IO_FLAG_MMAP would copy a flat index)."""
        import faiss  # noqa: PLC0415 - see above

        index = faiss.read_index(str(folder / _FILE), faiss.IO_FLAG_MMAP_IFC)
        loaded = cls.__new__(cls)
        loaded._faiss, loaded._embedder, loaded._index = faiss, embedder, index  # noqa: SLF001 - our own
        return loaded

    def search(self, question: str, k: int) -> Scores:
        """Return the `k` nearest texts."""
        # OpenMP keeps the limit for each thread apart, and the worker's threads are many.
        self._faiss.omp_set_num_threads(1)
        query = self._embedder.encode_query(question).reshape(1, -1)
        values, ids = self._index.search(query, min(k, self._index.ntotal))
        found = ids[0] >= 0  # FAISS fills up with -1 where the cells held fewer
        return Scores(ids[0][found], values[0][found])


class FaissBackend:
    """Keeps the vectors of indexes in files that FAISS reads."""

    name = "faiss"

    def build(self, texts: Sequence[str], embedder: Embedder, language: str) -> Leg:  # noqa: ARG002 - the port's
        """Return a leg over some texts."""
        return VectorSearch(texts, embedder)

    def load(self, folder: Path, embedder: Embedder) -> Leg:
        """Return the leg of a saved index; raises RuntimeError for what is none."""
        return VectorSearch.load(folder, embedder)

    def vectors_in(self, folder: Path, dimensions: int) -> Vectors:
        """Return the vectors of a saved index, as exactly as it has them."""
        import faiss  # noqa: PLC0415 - see above

        index = faiss.read_index(str(folder / _FILE), faiss.IO_FLAG_MMAP_IFC)
        rows: Vectors = index.reconstruct_n(0, index.ntotal)
        return rows.reshape(-1, dimensions)


def _exact(faiss: Any, dimensions: int, batches: Iterator[Vectors]) -> Any:
    index = faiss.IndexFlatIP(dimensions)
    for batch in batches:
        index.add(batch)
    return index


def _cells(faiss: Any, vectors: Vectors, asked: Vectors) -> Any:
    """Return an index of cells; as many of them are searched as the loss allows, or all if no fewer will do."""
    size, dimensions = vectors.shape
    count = 2 ** round(np.log2(np.sqrt(size)))
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimensions), dimensions, count, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.cp.seed = _SEED
    index.train(vectors[np.random.default_rng(_SEED).permutation(size)[: _TRAINED * count]])
    index.add(vectors)
    exact = faiss.knn(asked, vectors, 1, metric=faiss.METRIC_INNER_PRODUCT)[1]
    index.nprobe = 1
    while index.nprobe < count and np.mean(index.search(asked, 1)[1] != exact) > _MOST_LOST:
        index.nprobe *= 2
    return index


def _asked(text: str) -> str:
    """Return some words from the middle of a text, about as many as a question has."""
    found = text.split()
    middle = max(len(found) - _ASKED, 0) // 2
    return " ".join(found[middle : middle + _ASKED])
