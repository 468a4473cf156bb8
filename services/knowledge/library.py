"""The library of a worker: an index per language, swapped for a newer one while the old one goes on answering."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from logging import getLogger
from threading import Event, Lock, Thread

from sqlalchemy.exc import SQLAlchemyError

from database.db import Database
from database.models import IndexState, IndexVersion, KnowledgeVersion
from services.knowledge.artifact import ArtifactDamagedError
from services.knowledge.builder import IndexBuilder
from services.knowledge.passages import Found
from services.knowledge.shelf import Shelf, left_over
from services.knowledge.stock import by_language
from services.metrics import INDEX_SWAPS, KNOWLEDGE_CHUNKS
from services.retrieval import Index
from services.storage import ObjectMissing, StorageError

INTERVAL = 1.0  # seconds between looks at the versions in force

_log = getLogger(__name__)


class DatabaseLibrary:
    """Answers searches from the indexes that are loaded; a language without knowledge is served by the default's."""

    def __init__(
        self,
        database: Database,
        shelf: Shelf,
        builder: IndexBuilder,
        default_language: str,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._builder = builder
        self._default = default_language
        self._wake = wake
        self._indexes: dict[str, Index] = {}
        self._bases: dict[str, str] = {}
        self._lock = Lock()
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="library", daemon=True)

    def start(self) -> None:
        """Load what there is, built here if nobody has, and go on looking for newer indexes.

        Raises SQLAlchemy's errors.
        """
        with self._database.reading() as uow:
            bases = self._builder.bases_of(uow.knowledge.current())
        self._want(bases)
        self._builder.run()
        self.refresh()
        self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._stopped.set()

    def search(self, question: str, language: str) -> Found:
        """Return the passages nearest to a question."""
        index = self._indexes.get(language) or self._indexes.get(self._default)
        return index.search(question) if index else Found()

    @property
    def version(self) -> str:
        """A name of what is searched now; it changes with every index that is swapped."""
        return sha256("\n".join(sorted(self._bases.values())).encode()).hexdigest()[:16]

    def refresh(self) -> None:
        """Swap the indexes whose knowledge has changed: for one that is ready, else ask for it to be built.

        Where there is none to go on with, or it cannot be had from storage, it is built here, for this process alone.
        """
        with self._lock:
            with self._database.reading() as uow:
                versions = uow.knowledge.current()
                bases = self._builder.bases_of(versions)
                changed = {language: basis for language, basis in bases.items() if self._bases.get(language) != basis}
                rows = {language: uow.indexes.get(language, basis) for language, basis in changed.items()}
            if bases.keys() == self._bases.keys() and not changed:
                return
            self._want({language: basis for language, basis in changed.items() if rows[language] is None})
            found = {language: self._loaded(language, row, versions) for language, row in rows.items()}
            loaded = {language: index for language, index in found.items() if index is not None}
            self._indexes = {name: index for name, index in self._indexes.items() if name in bases} | loaded
            self._bases = {name: basis for name, basis in self._bases.items() if name in bases}
            self._bases |= {language: bases[language] for language in loaded}
            KNOWLEDGE_CHUNKS.set(sum(len(index) for index in self._indexes.values()))
            self._tidy()

    def _tidy(self) -> None:
        """Remove copies of indexes that were forgotten elsewhere, and what killed processes left on this machine."""
        names = self._shelf.copies()
        with self._database.reading() as uow:
            known = uow.indexes.all()
        self._shelf.drop_copies(left_over(names, known))

    def _want(self, bases: Mapping[str, str]) -> None:
        if not bases:
            return
        with self._database.unit_of_work() as uow:
            for language, basis in bases.items():
                if uow.indexes.want(language, basis):
                    uow.after_commit(self._wake)

    def _loaded(self, language: str, row: IndexVersion | None, versions: Sequence[KnowledgeVersion]) -> Index | None:
        """Return the index of a language, or None while the old one has to do."""
        if row is not None and row.state == IndexState.READY:
            try:
                index = self._builder.indexes.open(self._shelf.fetch(row), language)
            except (ObjectMissing, ArtifactDamagedError) as error:
                self._ask_again(row, error)
            except (StorageError, OSError, KeyError, ValueError) as error:
                _log.warning("an index could not be fetched", exc_info=error, extra={"language": language})
            else:
                INDEX_SWAPS.labels("stored").inc()
                _log.info("index swapped", extra={"language": language, "chunks": row.chunks})
                return index
        if language in self._indexes and (row is None or row.state != IndexState.FAILED):
            return None
        return self._built_here(language, versions)

    def _ask_again(self, row: IndexVersion, error: Exception) -> None:
        _log.warning("an index is lost or damaged, and is built again", exc_info=error)
        self._shelf.drop_copy(row)
        with self._database.unit_of_work() as uow:
            if uow.indexes.rebuild(row.id, row.checksum or ""):
                uow.after_commit(self._wake)

    def _built_here(self, language: str, versions: Sequence[KnowledgeVersion]) -> Index:
        own = [version for version in versions if version.language == language]
        with self._database.reading() as uow:
            chunks = by_language(own, uow.knowledge.chunks([version.id for version in own]))
        INDEX_SWAPS.labels("own").inc()
        return self._builder.indexes.build(chunks[language], language)

    def _run(self) -> None:
        while not self._stopped.wait(INTERVAL):
            try:
                self.refresh()
            except SQLAlchemyError as error:
                _log.warning("the library waits for the database", extra={"error": type(error).__name__})
            except Exception:  # noqa: BLE001 - the thread must outlive whatever one look meets
                _log.exception("the library could not be brought up to date")
