"""Loads knowledge files into the database: a changed file becomes a new version."""

import hashlib
from collections.abc import Mapping
from logging import getLogger
from pathlib import Path

from database.db import Database
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
    """Store every file that differs from its current version; returns a sentence per file that was loaded.

    Raises KnowledgeError for a file that cannot be used; the version before it then stays current.
    """
    loaded = []
    for language, path in files.items():
        content = path.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        document = path.name.removesuffix(path.suffix).removesuffix(f".{language}")
        with database.reading() as uow:
            if any((v.document, v.language, v.sha256) == (document, language, sha256) for v in uow.knowledge.current()):
                continue
        parsed = read(path.name, content)
        chunks = [NewChunk(e.section, e.question, tuple(e.alternatives), e.answer) for e in parsed.entries]
        with database.unit_of_work() as uow:
            uow.knowledge.publish(document, language, sha256, chunks)
        loaded.append(f"{path.name}: {len(chunks)} entries, {language}")
        for warning in parsed.warnings:
            _log.warning("knowledge file", extra={"file": path.name, "warning": str(warning)})
    return loaded


def refresh(database: Database, files: Mapping[str, Path]) -> None:
    """Load what changed, leaving the current version of a file that cannot be used, and only that, alone."""
    for language, path in files.items():
        try:
            for sentence in load(database, {language: path}):
                _log.info("knowledge loaded", extra={"loaded": sentence})
        except (KnowledgeError, OSError) as error:
            _log.warning("a knowledge file cannot be used", extra={"file": path.name, "error": str(error)})
