"""The bank's own texts, version by version, and the record of each answer made from them."""

from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot
from database.types import BigId

_CURRENT = text("current")


class KnowledgeVersion(OwnedByBot, Created, Base):
    """One version of a document; exactly one per document and language is current."""

    __tablename__ = "knowledge_versions"
    __table_args__ = (
        UniqueConstraint("bot_id", "document", "language", "number"),
        Index(
            "uq_knowledge_versions_current",
            "bot_id",
            "document",
            "language",
            unique=True,
            postgresql_where=_CURRENT,
            sqlite_where=_CURRENT,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    document: Mapped[str]
    language: Mapped[str]
    number: Mapped[int]
    sha256: Mapped[str]
    current: Mapped[bool] = mapped_column(default=True)


class KnowledgeChunk(OwnedByBot, Base):
    """A passage of a version: one question with its answer."""

    __tablename__ = "knowledge_chunks"
    __table_args__ = (UniqueConstraint("version_id", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("knowledge_versions.id", ondelete="CASCADE"))
    position: Mapped[int]
    section: Mapped[str]
    title: Mapped[str]
    alternatives: Mapped[list[str]] = mapped_column(JSON)
    text: Mapped[str]


class Answer(OwnedByBot, Created, Base):
    """Why an answer was said: passages with scores, the model, the prompt's version, and what became of it."""

    __tablename__ = "answers"
    __table_args__ = (Index(None, "conversation_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"))
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    outcome: Mapped[str]
    confidence: Mapped[float]
    passages: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    model: Mapped[str | None]
    prompt_version: Mapped[str | None]
    traceparent: Mapped[str | None]
