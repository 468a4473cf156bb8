"""Loads knowledge files into the database: a changed file becomes a new version."""

import hashlib
from collections.abc import Mapping
from logging import getLogger
from pathlib import Path

from database.db import Database, UnitOfWork
from database.models import AuditAct
from database.queries.knowledge import NewChunk
from services.knowledge.errors import KnowledgeError
from services.knowledge.formats import read

_log = getLogger(__name__)


def twins(file: Path, default_language: str) -> dict[str, Path]:
    """Return a file in the default language and its twins beside it (`context.en.txt`), by language."""
    found = {default_language: file} if file.is_file() else {}
    for twin in sorted(file.parent.glob(f"{file.stem}.*{file.suffix}")):
        language = twin.name.removeprefix(f"{file.stem}.").removesuffix(file.suffix)
        found[language] = twin
    return found


def load(database: Database, files: Mapping[str, Path]) -> list[str]:
    """Store every file that changed since it was last loaded; returns a sentence per file that was.

    The operator's own file counts as approved by the operator and is in force at once. It is held against the golden
    questions afterwards, and doing worse is a warning. Raises KnowledgeError for a file that cannot be used; the
    version before it then stays in force.
    """
    loaded = []
    for language, path in files.items():
        content = path.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        document = path.name.removesuffix(path.suffix).removesuffix(f".{language}")
        with database.reading() as uow:
            if _last_loaded(uow, document, language) == sha256:
                continue
        parsed = read(path.name, content)
        chunks = [NewChunk(e.section, e.question, tuple(e.alternatives), e.answer) for e in parsed.entries]
        with database.unit_of_work() as uow:
            version_id = uow.knowledge.publish(document, language, sha256, chunks)
            uow.golden.request(version_id)
            named = {"document": document, "language": language, "sha256": sha256, "via": "file"}
            uow.audit.record(AuditAct.KNOWLEDGE_UPLOADED, actor=None, subject=f"knowledge:{version_id}", **named)
        loaded.append(f"{path.name}: {len(chunks)} entries, {language}")
        for warning in parsed.warnings:
            _log.warning("knowledge file", extra={"file": path.name, "warning": str(warning)})
    return loaded


def _last_loaded(uow: UnitOfWork, document: str, language: str) -> str | None:
    """Return what the file on disk was when it was last loaded, whatever became of that version since.

    So a version that was rolled back does not return by itself.
    """
    from_disk = (v.sha256 for v in uow.knowledge.of_document(document, language) if v.uploaded_by is None)
    return next(from_disk, None)


def refresh(database: Database, files: Mapping[str, Path]) -> None:
    """Load what changed, leaving the current version of a file that cannot be used, and only that, alone."""
    for language, path in files.items():
        try:
            for sentence in load(database, {language: path}):
                _log.info("knowledge loaded", extra={"loaded": sentence})
        except (KnowledgeError, OSError) as error:
            _log.warning("a knowledge file cannot be used", extra={"file": path.name, "error": str(error)})
