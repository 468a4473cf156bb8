"""The dense leg in PostgreSQL, by pgvector: for those whose vectors outgrow the memory of one machine."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np

from database.db import Database
from services.embedding import Embedder, Vectors
from services.retrieval.legs import Leg, Scores

_BATCH = 256  # texts encoded and stored at once
_FLAT = 50_000  # up to here every vector is compared, as in FAISS
_KEPT = 4  # collections of a language that stay: those of the indexes in storage, and the one in the making
_FILE = "vectors.collection"


class PgvectorSearch:
    """A collection of vectors in the database; an index's files only name it."""

    def __init__(self, database: Database, embedder: Embedder, collection: UUID) -> None:
        self._database = database
        self._embedder = embedder
        self._collection = collection

    def search(self, question: str, k: int) -> Scores:
        """Return the `k` nearest texts; raises SQLAlchemy's errors."""
        query = self._embedder.encode_query(question)
        with self._database.reading() as uow:
            found = uow.vectors.nearest(self._embedder.dimensions, self._collection, query.tolist(), k)
        ids, values = zip(*found, strict=True) if found else ((), ())
        return Scores(np.array(ids, dtype=np.int64), np.array(values, dtype=np.float32))

    def save(self, folder: Path) -> None:
        """Write the collection's name into a folder."""
        (folder / _FILE).write_text(str(self._collection))


class PgvectorBackend:
    """Keeps the vectors of indexes in the bot's own database."""

    name = "pgvector"

    def __init__(self, database: Database) -> None:
        self._database = database

    def build(self, texts: Sequence[str], embedder: Embedder, language: str) -> Leg:
        """Store the vectors of some texts, whole or not at all; raises SQLAlchemy's errors."""
        collection, dimensions = uuid4(), embedder.dimensions
        with self._database.unit_of_work() as uow:
            uow.vectors.prepare(dimensions)
        with self._database.unit_of_work() as uow:
            for start in range(0, len(texts), _BATCH):
                rows = embedder.encode_documents(texts[start : start + _BATCH])
                uow.vectors.add(dimensions, collection, language, start, rows.tolist())
            if len(texts) > _FLAT:
                uow.vectors.arrange(dimensions, collection)
            uow.vectors.forget_old(dimensions, language, _KEPT)
        return PgvectorSearch(self._database, embedder, collection)

    def load(self, folder: Path, embedder: Embedder) -> Leg:
        """Return the leg of a saved index; raises OSError or ValueError."""
        return PgvectorSearch(self._database, embedder, UUID((folder / _FILE).read_text()))

    def vectors_in(self, folder: Path, dimensions: int) -> Vectors:
        """Return the vectors of a saved index; raises OSError, ValueError or SQLAlchemy's errors."""
        with self._database.reading() as uow:
            rows = uow.vectors.all_of(dimensions, UUID((folder / _FILE).read_text()))
        return np.array(rows, dtype=np.float32).reshape(-1, dimensions)
