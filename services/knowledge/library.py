"""The library of a worker: an index per language, built anew when the database has newer versions."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from logging import getLogger
from threading import Lock
from time import monotonic
from uuid import UUID

from database.db import Database
from database.models import KnowledgeChunk, KnowledgeVersion
from services.knowledge.passages import Chunk, Found
from services.knowledge.stock import by_language
from services.metrics import KNOWLEDGE_CHUNKS
from services.retrieval import Index

_MAX_AGE = 2.0  # seconds between looks at the versions in the database

_log = getLogger(__name__)


class DatabaseLibrary:
    """Answers searches from the newest index; a language without knowledge is served by the default one's."""

    def __init__(
        self, database: Database, build: Callable[[Sequence[Chunk], str], Index], default_language: str
    ) -> None:
        self._database = database
        self._build = build
        self._default = default_language
        self._indexes: Mapping[str, Index] = {}
        self._versions: frozenset[UUID] = frozenset()
        self._looked_at = float("-inf")
        self._lock = Lock()

    def search(self, question: str, language: str) -> Found:
        """Return the passages nearest to a question."""
        self.refresh()
        index = self._indexes.get(language) or self._indexes.get(self._default)
        return index.search(question) if index else Found()

    @property
    def version(self) -> str:
        """A name of the versions that are searched now; looks for newer ones as a search does."""
        self.refresh()
        return sha256(",".join(sorted(map(str, self._versions))).encode()).hexdigest()[:16]

    def refresh(self, *, at_once: bool = False) -> None:
        """Build the indexes again if the database has newer versions; others go on with the old ones meanwhile."""
        if not at_once and monotonic() - self._looked_at < _MAX_AGE:
            return
        if not self._lock.acquire(blocking=not self._indexes):
            return  # somebody else is at it, and there is an index to go on with
        try:
            with self._database.reading() as uow:
                versions = uow.knowledge.current()
                known = frozenset(version.id for version in versions)
                if known == self._versions:
                    return
                chunks = uow.knowledge.chunks([version.id for version in versions])
            self._indexes = self._built(versions, chunks)
            self._versions = known
            _log.info("index built", extra={"chunks": len(chunks), "versions": len(versions)})
        finally:
            self._looked_at = monotonic()
            self._lock.release()

    def _built(self, versions: Sequence[KnowledgeVersion], rows: Sequence[KnowledgeChunk]) -> dict[str, Index]:
        KNOWLEDGE_CHUNKS.set(len(rows))
        return {language: self._build(chunks, language) for language, chunks in by_language(versions, rows).items()}
