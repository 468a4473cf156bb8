"""Queries over the bank's own texts: load a version, read the current ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update

from database.models import KnowledgeChunk, KnowledgeVersion
from database.queries.scope import Queries


@dataclass(frozen=True)
class NewChunk:
    """A passage to store."""

    section: str
    title: str
    alternatives: tuple[str, ...]
    text: str


class KnowledgeQueries(Queries):
    """The knowledge of one bot."""

    def current(self) -> list[KnowledgeVersion]:
        """Return the current version of each document in each language."""
        statement = select(KnowledgeVersion).where(
            KnowledgeVersion.bot_id == self.bot_id, KnowledgeVersion.current.is_(True)
        )
        return list(self.session.scalars(statement.order_by(KnowledgeVersion.document, KnowledgeVersion.language)))

    def chunks(self, version_ids: Sequence[UUID]) -> list[KnowledgeChunk]:
        """Return the passages of versions, in the order of their text."""
        statement = (
            select(KnowledgeChunk)
            .where(KnowledgeChunk.bot_id == self.bot_id, KnowledgeChunk.version_id.in_(version_ids))
            .order_by(KnowledgeChunk.version_id, KnowledgeChunk.position)
        )
        return list(self.session.scalars(statement))

    def publish(self, document: str, language: str, sha256: str, chunks: Sequence[NewChunk]) -> UUID:
        """Store a new version of a document and make it the current one; returns its key."""
        same = (
            KnowledgeVersion.bot_id == self.bot_id,
            KnowledgeVersion.document == document,
            KnowledgeVersion.language == language,
        )
        number = self.session.scalar(select(func.max(KnowledgeVersion.number)).where(*same)) or 0
        self.execute(update(KnowledgeVersion).where(*same, KnowledgeVersion.current).values(current=False))
        version_id = uuid4()
        self.session.add(
            KnowledgeVersion(
                id=version_id,
                bot_id=self.bot_id,
                document=document,
                language=language,
                number=number + 1,
                sha256=sha256,
                current=True,
            )
        )
        self.session.flush()
        self.session.execute(insert(KnowledgeChunk), [self._row(version_id, n, c) for n, c in enumerate(chunks)])
        return version_id

    def _row(self, version_id: UUID, position: int, chunk: NewChunk) -> dict[str, object]:
        return {
            "bot_id": self.bot_id,
            "version_id": version_id,
            "position": position,
            "section": chunk.section,
            "title": chunk.title,
            "alternatives": list(chunk.alternatives),
            "text": chunk.text,
        }
