"""Golden questions, which the knowledge has to answer, and the checks of versions against them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot


class GoldenQuestion(OwnedByBot, Created, Base):
    """A question and where its answer stands: under a title, in a document, or both; `removed_at` ends its service."""

    __tablename__ = "golden_questions"
    __table_args__ = (Index(None, "bot_id", "language"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    question: Mapped[str]
    language: Mapped[str]
    title: Mapped[str | None]
    document: Mapped[str | None]
    added_by: Mapped[int | None] = mapped_column(BigInteger)
    removed_by: Mapped[int | None] = mapped_column(BigInteger)
    removed_at: Mapped[datetime | None]


class CheckState(StrEnum):
    """How far a check has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class KnowledgeCheck(OwnedByBot, Created, Base):
    """A version held against the golden questions; `basis` names what it was compared with."""

    __tablename__ = "knowledge_checks"
    __table_args__ = (Index(None, "version_id", "created_at"), Index(None, "bot_id", "state"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("knowledge_versions.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(default=CheckState.WAITING)
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    basis: Mapped[str | None]
    result: Mapped[dict[str, object] | None] = mapped_column(JSON)
    finished_at: Mapped[datetime | None]
