"""What versions of the knowledge hold, as chunks by language."""

from collections.abc import Sequence
from uuid import UUID

from database.models import KnowledgeChunk, KnowledgeVersion
from services.knowledge.parse import Entry
from services.knowledge.passages import Chunk, chunks_of


def by_language(versions: Sequence[KnowledgeVersion], rows: Sequence[KnowledgeChunk]) -> dict[str, tuple[Chunk, ...]]:
    """Return the chunks of versions in each language, document after document; rows of other versions are left out."""
    entries: dict[UUID, list[Entry]] = {}
    for row in rows:
        entries.setdefault(row.version_id, []).append(entry_of(row))
    chunks: dict[str, tuple[Chunk, ...]] = {}
    for version in versions:
        own = chunks_of(entries.get(version.id, ()), version.language, version.document, str(version.id))
        chunks[version.language] = chunks.get(version.language, ()) + own
    return chunks


def entry_of(row: KnowledgeChunk) -> Entry:
    """Return a stored passage as the entry that it was read as."""
    return Entry(row.section, row.title, tuple(row.alternatives), row.text, row.position)
