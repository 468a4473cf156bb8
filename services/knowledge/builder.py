"""Builds the indexes that are wanted, from the database, and puts them into object storage."""

import hashlib
from collections.abc import Sequence
from logging import getLogger
from pathlib import Path
from time import perf_counter
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from database.db import Database
from database.errors import StaleLease
from database.models import KnowledgeVersion
from database.queries.index import IndexClaim
from services.knowledge.artifact import pack
from services.knowledge.passages import Chunk
from services.knowledge.shelf import Shelf, left_over
from services.knowledge.stock import by_language
from services.metrics import INDEX_BUILDS, INDEX_SECONDS
from services.retrieval import Index
from services.storage import StorageError

_LEASE = 900.0  # seconds; 200,000 passages take some minutes
_PAUSE = 30.0  # seconds until a build that failed is tried again
_KEPT = 3  # ready indexes of a language that stay in storage, so that a roll-back needs no build


class Indexes(Protocol):
    """How indexes are made; `recipe` changes when they are made in another way, and all are built anew."""

    @property
    def recipe(self) -> str:
        """Stand for the way in which indexes are made."""

    def build(self, chunks: Sequence[Chunk], language: str, earlier: Path | None = None) -> Index:
        """Return an index; `earlier` is the folder of one before it, of which parts may be taken over."""

    def save(self, index: Index, folder: Path) -> None:
        """Write an index into an empty folder."""

    def open(self, folder: Path, language: str) -> Index:
        """Return a saved index; raises OSError, KeyError or ValueError for what is none."""


_log = getLogger(__name__)


class IndexBuilder:
    """Any number of processes may build; a row's lease lets one of them build an index."""

    def __init__(self, database: Database, shelf: Shelf, indexes: Indexes) -> None:
        self._database = database
        self._shelf = shelf
        self.indexes = indexes

    def run(self) -> int:
        """Build until nothing is wanted; returns how many indexes were built."""
        built = 0
        while claim := self._claim():
            started = perf_counter()
            try:
                outcome = "built" if self._make(claim) else "outdated"
            except (StorageError, OSError, SQLAlchemyError, ValueError, RuntimeError) as error:
                _log.warning("an index was not built", exc_info=error, extra={"language": claim.language})
                outcome = "failed"
                self._put_off(claim)
            INDEX_BUILDS.labels(outcome).inc()
            INDEX_SECONDS.observe(perf_counter() - started)
            built += outcome == "built"
        return built

    def bases_of(self, versions: Sequence[KnowledgeVersion]) -> dict[str, str]:
        """Return the basis of the index of each language: a hash of these versions and of how indexes are made."""
        parts: dict[str, list[str]] = {}
        for version in versions:
            parts.setdefault(version.language, []).append(str(version.id))
        texts = {language: "\n".join((self.indexes.recipe, *sorted(ids))) for language, ids in parts.items()}
        return {language: hashlib.sha256(text.encode()).hexdigest() for language, text in texts.items()}

    def _claim(self) -> IndexClaim | None:
        with self._database.unit_of_work() as uow:
            return uow.indexes.claim(_LEASE)

    def _make(self, claim: IndexClaim) -> bool:
        """Build and store an index; False when the knowledge has changed since it was wanted."""
        with self._database.reading() as uow:
            versions = [version for version in uow.knowledge.current() if version.language == claim.language]
            before = uow.indexes.newest(claim.language)
            rows = uow.knowledge.chunks([version.id for version in versions])
        if self.bases_of(versions).get(claim.language) != claim.basis:
            with self._database.unit_of_work() as uow:
                uow.indexes.forget([claim.id])
            return False
        chunks = by_language(versions, rows)[claim.language]
        checksum = self._stored(claim, chunks, self._shelf.folder_of(before) if before else None)
        with self._database.unit_of_work() as uow:
            uow.indexes.ready(claim, checksum, len(chunks))
        _log.info("index built", extra={"language": claim.language, "chunks": len(chunks)})
        self._tidy(claim.language)
        return True

    def _stored(self, claim: IndexClaim, chunks: Sequence[Chunk], earlier: Path | None) -> str:
        with self._shelf.room() as room:
            folder, file = room / "parts", room / "packed"
            folder.mkdir()
            self.indexes.save(self.indexes.build(chunks, claim.language, earlier), folder)
            checksum = pack(folder, file)
            self._shelf.put(claim.id, checksum, file)
        return checksum

    def _put_off(self, claim: IndexClaim) -> None:
        try:
            with self._database.unit_of_work() as uow:
                uow.indexes.release(claim, _PAUSE)
        except (StaleLease, SQLAlchemyError):
            _log.info("the build goes to somebody else when its lease ends")

    def _tidy(self, language: str) -> None:
        """Forget old indexes: the rows last, so that a kill in between leaves rows whose removal is tried again.

        And remove what builders left in storage who were killed before they could write down that it is there.
        """
        with self._database.reading() as uow:
            old = uow.indexes.older(language, keep=_KEPT)
        for index in old:
            self._shelf.remove(index)
        if old:
            with self._database.unit_of_work() as uow:
                uow.indexes.forget([index.id for index in old])
        names = self._shelf.stored()
        with self._database.reading() as uow:
            known = uow.indexes.all()
        self._shelf.drop(left_over(names, known))
