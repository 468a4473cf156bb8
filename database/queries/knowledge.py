"""Queries over the bank's own texts: versions with their passages, and which of them are in force."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, exists, func, insert, or_, select
from sqlalchemy.orm import aliased

from database.models import Bot, KnowledgeChunk, KnowledgeVersion, VersionState
from database.queries.scope import Queries
from database.types import db_now


@dataclass(frozen=True)
class NewChunk:
    """A passage to store."""

    section: str
    title: str
    alternatives: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class NewVersion:
    """A version to store; `uploaded_by` is empty for the operator's own file on disk."""

    document: str
    language: str
    sha256: str
    chunks: Sequence[NewChunk]
    file_name: str = ""
    warnings: Sequence[object] = ()
    uploaded_by: int | None = None


class KnowledgeQueries(Queries):
    """The knowledge of one bot."""

    def lock(self) -> None:
        """Let one transaction at a time decide over the bot's knowledge, until it ends."""
        self.session.execute(select(Bot.id).where(Bot.id == self.bot_id).with_for_update(key_share=True))

    def current(self, without: UUID | None = None) -> list[KnowledgeVersion]:
        """Return the version in force of each document in each language, as if one of them did not exist."""
        newer = aliased(KnowledgeVersion)
        began_later = or_(
            newer.effective_from > KnowledgeVersion.effective_from,
            and_(
                newer.effective_from == KnowledgeVersion.effective_from,
                newer.number > KnowledgeVersion.number,
            ),
        )
        overlaid = exists().where(
            newer.document == KnowledgeVersion.document,
            newer.language == KnowledgeVersion.language,
            self._holds(newer, without),
            began_later,
        )
        statement = select(KnowledgeVersion).where(self._holds(KnowledgeVersion, without), ~overlaid)
        return list(self.session.scalars(statement.order_by(KnowledgeVersion.document, KnowledgeVersion.language)))

    def in_force(self, document: str, language: str) -> KnowledgeVersion | None:
        """Return the version of a document that is in force."""
        found = (version for version in self.current() if (version.document, version.language) == (document, language))
        return next(found, None)

    def versions(self) -> list[KnowledgeVersion]:
        """Return every version, the newest of each document first."""
        statement = select(KnowledgeVersion).where(KnowledgeVersion.bot_id == self.bot_id)
        order = (KnowledgeVersion.document, KnowledgeVersion.language, KnowledgeVersion.number.desc())
        return list(self.session.scalars(statement.order_by(*order)))

    def of_document(self, document: str, language: str) -> list[KnowledgeVersion]:
        """Return the versions of a document, newest first."""
        statement = select(KnowledgeVersion).where(*self._same(document, language))
        return list(self.session.scalars(statement.order_by(KnowledgeVersion.number.desc())))

    def get(self, version_id: UUID) -> KnowledgeVersion | None:
        """Return a version."""
        statement = select(KnowledgeVersion).where(
            KnowledgeVersion.bot_id == self.bot_id, KnowledgeVersion.id == version_id
        )
        return self.session.scalars(statement).one_or_none()

    def chunks(self, version_ids: Sequence[UUID]) -> list[KnowledgeChunk]:
        """Return the passages of versions, in the order of their text."""
        statement = (
            select(KnowledgeChunk)
            .where(KnowledgeChunk.bot_id == self.bot_id, KnowledgeChunk.version_id.in_(version_ids))
            .order_by(KnowledgeChunk.version_id, KnowledgeChunk.position)
        )
        return list(self.session.scalars(statement))

    def titled(self, version_id: UUID, titles: Collection[str]) -> list[KnowledgeChunk]:
        """Return the passages of a version that have one of some titles."""
        own = (KnowledgeChunk.bot_id == self.bot_id, KnowledgeChunk.version_id == version_id)
        return list(self.session.scalars(select(KnowledgeChunk).where(*own, KnowledgeChunk.title.in_(titles))))

    def add(self, new: NewVersion) -> KnowledgeVersion:
        """Store a new version as a draft; the caller holds the lock."""
        same = self._same(new.document, new.language)
        number = self.session.scalar(select(func.max(KnowledgeVersion.number)).where(*same)) or 0
        version = KnowledgeVersion(
            id=uuid4(),
            bot_id=self.bot_id,
            document=new.document,
            language=new.language,
            number=number + 1,
            state=VersionState.DRAFT,
            file_name=new.file_name,
            sha256=new.sha256,
            warnings=list(new.warnings),
            uploaded_by=new.uploaded_by,
        )
        self.session.add(version)
        self.session.flush()
        self.session.execute(insert(KnowledgeChunk), [self._row(version.id, n, c) for n, c in enumerate(new.chunks)])
        return version

    def publish(self, document: str, language: str, sha256: str, chunks: Sequence[NewChunk]) -> UUID:
        """Store a new version and put it in force at once, as the operator may; returns its key."""
        self.lock()
        version = self.add(NewVersion(document, language, sha256, chunks))
        self.decide(version, VersionState.APPROVED, None)
        version.effective_from = self._now()
        return version.id

    def decide(self, version: KnowledgeVersion, state: VersionState, by: int | None, reason: str | None = None) -> None:
        """Write down what somebody decided about a draft."""
        version.state = state
        version.decided_by = by
        version.decided_at = self._now()
        version.reason = reason

    def retire(self, version: KnowledgeVersion, by: int | None) -> None:
        """Take a version out of force for good."""
        version.state = VersionState.RETIRED
        version.retired_by = by
        version.retired_at = self._now()

    def _now(self) -> datetime:
        return self.scope.now

    def _same(self, document: str, language: str) -> tuple[ColumnElement[bool], ...]:
        return (
            KnowledgeVersion.bot_id == self.bot_id,
            KnowledgeVersion.document == document,
            KnowledgeVersion.language == language,
        )

    def _holds(self, version: type[KnowledgeVersion], without: UUID | None) -> ColumnElement[bool]:
        return and_(
            version.bot_id == self.bot_id,
            version.state == VersionState.APPROVED,
            version.effective_from <= db_now(),
            or_(version.effective_to.is_(None), version.effective_to > db_now()),
            *(() if without is None else (version.id != without,)),
        )

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
