"""What editors do with the knowledge, one transaction an act: behind the commands and the pages of the console."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from database.db import Database, UnitOfWork
from database.models import CheckState, KnowledgeVersion
from database.queries.knowledge import NewChunk, NewVersion
from services.access import READS_KNOWLEDGE, allowed
from services.knowledge import lifecycle
from services.knowledge.compare import Comparison, compare
from services.knowledge.errors import NotPermittedError, UncheckedError, UnknownVersionError
from services.knowledge.formats import read
from services.knowledge.golden import GoldenResult
from services.knowledge.lifecycle import Dates
from services.knowledge.naming import LONGEST_NAME, language_of, named
from services.knowledge.parse import Entry, Parsed
from services.knowledge.remarks import kept
from services.knowledge.stock import entry_of

Result = TypeVar("Result")


@dataclass(frozen=True)
class Preview:
    """What was understood of a file, before anything is stored; `seems` is the language that its words are in."""

    file_name: str
    sha256: str
    parsed: Parsed
    document: str
    language: str
    seems: str | None


@dataclass(frozen=True)
class Document:
    """A document in a language: its versions, newest first, and the one in force."""

    name: str
    language: str
    versions: tuple[KnowledgeVersion, ...]
    in_force: UUID | None


@dataclass(frozen=True)
class Opened:
    """A version with its entries, its check, and what it changes against another one, the one in force if there is."""

    version: KnowledgeVersion
    entries: tuple[Entry, ...]
    check: CheckState | None
    golden: GoldenResult | None
    against: KnowledgeVersion | None
    comparison: Comparison
    others: tuple[KnowledgeVersion, ...]
    in_force: bool


class Editing:
    """The knowledge as its editors see it; `wake` tells workers that a check waits."""

    def __init__(self, database: Database, wake: Callable[[], None], default_language: str) -> None:
        self._database = database
        self._wake = wake
        self._default = default_language

    def preview(self, file_name: str, content: bytes) -> Preview:
        """Read a file without storing it; raises KnowledgeError."""
        parsed = read(file_name, content)
        names, seems = named(file_name), language_of(parsed)
        language = names.language or seems or self._default
        return Preview(file_name, hashlib.sha256(content).hexdigest(), parsed, names.document, language, seems)

    def upload(self, by: int, preview: Preview, document: str, language: str) -> KnowledgeVersion:
        """Store what was previewed as a draft; raises LifecycleError."""
        chunks = [NewChunk(e.section, e.question, tuple(e.alternatives), e.answer) for e in preview.parsed.entries]
        new = NewVersion(
            document=" ".join(document.split())[:LONGEST_NAME] or preview.document,
            language=language,
            sha256=preview.sha256,
            chunks=chunks,
            file_name=preview.file_name,
            warnings=[kept(remark) for remark in preview.parsed.warnings],
            uploaded_by=by,
        )
        with self._waking() as uow:
            return lifecycle.upload(uow, by, new)

    def approve(self, version_id: UUID, by: int, dates: Dates) -> KnowledgeVersion:
        """Approve a draft; raises LifecycleError, UncheckedError once a check has been asked for."""
        return self._passing(version_id, lambda uow: lifecycle.approve(uow, version_id, by, dates))

    def reject(self, version_id: UUID, by: int, reason: str) -> KnowledgeVersion:
        """Turn a draft down; raises LifecycleError."""
        return self._done(lambda uow: lifecycle.reject(uow, version_id, by, reason))

    def schedule(self, version_id: UUID, by: int, dates: Dates) -> KnowledgeVersion:
        """Change an approved version's dates; raises as `approve` does, unless the version has begun."""
        return self._passing(version_id, lambda uow: lifecycle.schedule(uow, version_id, by, dates))

    def roll_back(self, document: str, language: str, by: int) -> KnowledgeVersion:
        """Bring back the version before the one in force; raises LifecycleError."""
        return self._done(lambda uow: lifecycle.roll_back(uow, document, language, by))

    def retire(self, document: str, language: str, by: int) -> int:
        """Take a document out of the knowledge; raises LifecycleError."""
        return self._done(lambda uow: lifecycle.retire(uow, document, language, by))

    def documents(self, reader: int | None = None) -> list[Document]:
        """Return all documents with their versions; raises NotPermittedError unless the reader may see them.

        Who reads at the machine itself has no account.
        """
        with self._database.reading() as uow:
            _let_read(uow, reader)
            in_force = {(version.document, version.language): version.id for version in uow.knowledge.current()}
            grouped: dict[tuple[str, str], list[KnowledgeVersion]] = {}
            for version in uow.knowledge.versions():
                grouped.setdefault((version.document, version.language), []).append(version)
        return [Document(*key, tuple(versions), in_force.get(key)) for key, versions in grouped.items()]

    def find(self, document: str, language: str, number: int) -> UUID:
        """Return the key of a version; raises UnknownVersionError."""
        with self._database.reading() as uow:
            found = [v.id for v in uow.knowledge.of_document(document, language) if v.number == number]
        if not found:
            raise UnknownVersionError(f"There is no version {number} of {document} ({language}).")
        return found[0]

    def open(self, version_id: UUID, against: UUID | None = None, reader: int | None = None) -> Opened:
        """Return all about a version, compared with another or with the one in force.

        Raises NotPermittedError as `documents` does, and UnknownVersionError.
        """
        with self._database.reading() as uow:
            _let_read(uow, reader)
            version = uow.knowledge.get(version_id)
            if version is None:
                raise UnknownVersionError("There is no such version.")
            current = uow.knowledge.in_force(version.document, version.language)
            other = uow.knowledge.get(against) if against else current
            versions = uow.knowledge.of_document(version.document, version.language)
            entries = self._entries(uow, version)
            before = self._entries(uow, other) if other else ()
            check = uow.golden.newest(version_id)
        golden = GoldenResult.of(check) if check else None
        state = CheckState(check.state) if check else None
        others = tuple(one for one in versions if one.id != version_id)
        in_force = current is not None and current.id == version_id
        return Opened(version, entries, state, golden, other, compare(before, entries), others, in_force)

    def _entries(self, uow: UnitOfWork, version: KnowledgeVersion) -> tuple[Entry, ...]:
        return tuple(entry_of(row) for row in uow.knowledge.chunks([version.id]))

    def _passing(self, version_id: UUID, act: Callable[[UnitOfWork], KnowledgeVersion]) -> KnowledgeVersion:
        """Do what only a version may that passes the golden questions, and ask them where nobody has."""
        try:
            return self._done(act)
        except UncheckedError:
            with self._waking() as uow:
                uow.golden.request(version_id)
            raise

    def _done(self, act: Callable[[UnitOfWork], Result]) -> Result:
        with self._database.unit_of_work() as uow:
            return act(uow)

    @contextmanager
    def _waking(self) -> Iterator[UnitOfWork]:
        with self._database.unit_of_work() as uow:
            uow.after_commit(self._wake)
            yield uow


def _let_read(uow: UnitOfWork, reader: int | None) -> None:
    if reader is not None and not any(allowed(uow.roles.of(reader), permission) for permission in READS_KNOWLEDGE):
        raise NotPermittedError(f"The account {reader} may not read the knowledge.")
