"""The bank's own texts, version by version, and the record of each answer made from them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot
from database.types import BigId


class VersionState(StrEnum):
    """What was decided about a version; whether it is in force is a matter of its dates too."""

    DRAFT = "draft"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETIRED = "retired"


class KnowledgeVersion(OwnedByBot, Created, Base):
    """One version of a document in a language; of those in their dates, the one that began last is in force.

    `uploaded_by` and `decided_by` are accounts, empty where the operator's own file on disk came in.
    """

    __tablename__ = "knowledge_versions"
    __table_args__ = (
        UniqueConstraint("bot_id", "document", "language", "number"),
        Index(None, "bot_id", "state", "document", "language"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    document: Mapped[str]
    language: Mapped[str]
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default=VersionState.DRAFT)
    file_name: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str]
    warnings: Mapped[list[object]] = mapped_column(JSON, default=list)
    uploaded_by: Mapped[int | None] = mapped_column(BigInteger)
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    effective_from: Mapped[datetime | None]
    effective_to: Mapped[datetime | None]
    retired_by: Mapped[int | None] = mapped_column(BigInteger)
    retired_at: Mapped[datetime | None]


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
    """Why an answer was said: passages with scores, the model, the prompt's version, and what became of it.

    `cost` is in millionths of the currency of the prices; `masked` counts what was hidden from the model, by class.
    """

    __tablename__ = "answers"
    __table_args__ = (
        Index(None, "conversation_id"),
        Index(None, "bot_id", "created_at"),
        # Found by how it begins, whatever the database's collation.
        Index(None, "bot_id", "traceparent", postgresql_ops={"traceparent": "text_pattern_ops"}),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id"))
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    outcome: Mapped[str]
    confidence: Mapped[float]
    passages: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    model: Mapped[str | None]
    prompt_version: Mapped[str | None]
    provider: Mapped[str | None]
    tokens_in: Mapped[int] = mapped_column(default=0, server_default="0")
    tokens_out: Mapped[int] = mapped_column(default=0, server_default="0")
    cost: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    index_version: Mapped[str | None]
    masked: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    traceparent: Mapped[str | None]
