"""Queries over golden questions, and over the checks of versions against them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from database.errors import StaleLease
from database.models import CheckState, GoldenQuestion, KnowledgeCheck, KnowledgeVersion, VersionState
from database.queries.scope import Queries, rowcount
from database.types import db_now

_DAY = 86_400.0  # seconds
MOST_ATTEMPTS = 3  # a check that took its worker down so often will do so again


@dataclass(frozen=True)
class NewQuestion:
    """A golden question to store, with the title or the document that answers it."""

    question: str
    language: str
    title: str | None = None
    document: str | None = None


@dataclass(frozen=True)
class ClaimedCheck:
    """A check that this worker makes until its lease ends; `attempt` fences what it writes."""

    id: UUID
    version_id: UUID
    attempt: int


class GoldenQueries(Queries):
    """The golden questions of one bot, and the checks."""

    def questions(self) -> list[GoldenQuestion]:
        """Return the questions that are in service, in the order of their language and age."""
        statement = select(GoldenQuestion).where(
            GoldenQuestion.bot_id == self.bot_id, GoldenQuestion.removed_at.is_(None)
        )
        order = (GoldenQuestion.language, GoldenQuestion.created_at, GoldenQuestion.question)
        return list(self.session.scalars(statement.order_by(*order)))

    def add(self, questions: Sequence[NewQuestion], by: int | None) -> int:
        """Store questions, skipping those that are there already; returns how many are new."""
        known = {(row.language, row.question) for row in self.questions()}
        added = 0
        for new in questions:
            if (new.language, new.question) in known:
                continue
            known.add((new.language, new.question))
            added += 1
            self.session.add(
                GoldenQuestion(
                    id=uuid4(),
                    bot_id=self.bot_id,
                    question=new.question,
                    language=new.language,
                    title=new.title,
                    document=new.document,
                    added_by=by,
                )
            )
        return added

    def remove(self, question: str, language: str, by: int | None) -> bool:
        """Take a question out of service; returns whether it was in."""
        statement = update(GoldenQuestion).where(
            GoldenQuestion.bot_id == self.bot_id,
            GoldenQuestion.language == language,
            GoldenQuestion.question == question,
            GoldenQuestion.removed_at.is_(None),
        )
        return rowcount(self.execute(statement.values(removed_by=by, removed_at=db_now()))) > 0

    def request(self, version_id: UUID) -> None:
        """Ask for a check of a version, unless one is on its way."""
        waiting = select(KnowledgeCheck.id).where(
            KnowledgeCheck.version_id == version_id, KnowledgeCheck.state == CheckState.WAITING
        )
        if self.session.scalars(waiting.limit(1)).first() is None:
            self.session.add(KnowledgeCheck(bot_id=self.bot_id, version_id=version_id))

    def request_begun(self) -> None:
        """Ask for a check of each version whose day came within the last one, unless one was asked for since.

        It was held against the knowledge of the day of its approval, which may have changed meanwhile. What began
        earlier may be overlaid by now: that is nobody's answer any more.
        """
        since = exists().where(
            KnowledgeCheck.version_id == KnowledgeVersion.id,
            KnowledgeCheck.created_at >= KnowledgeVersion.effective_from,
        )
        begun = select(KnowledgeVersion.id).where(
            KnowledgeVersion.bot_id == self.bot_id,
            KnowledgeVersion.state == VersionState.APPROVED,
            KnowledgeVersion.effective_from.between(db_now(-_DAY), db_now()),
            KnowledgeVersion.effective_from > KnowledgeVersion.decided_at,
            ~since,
        )
        for version_id in self.session.scalars(begun):
            self.request(version_id)

    def newest(self, version_id: UUID) -> KnowledgeCheck | None:
        """Return the check of a version that was asked for last."""
        statement = select(KnowledgeCheck).where(
            KnowledgeCheck.bot_id == self.bot_id, KnowledgeCheck.version_id == version_id
        )
        return self.session.scalars(statement.order_by(KnowledgeCheck.created_at.desc()).limit(1)).first()

    def waits(self) -> bool:
        """Return whether there is a check that nobody makes."""
        return self.session.scalars(select(KnowledgeCheck.id).where(self._claimable()).limit(1)).first() is not None

    def claim(self, lease: float) -> ClaimedCheck | None:
        """Claim the check that waits longest, for some seconds."""
        found = self.session.scalars(
            select(KnowledgeCheck)
            .where(self._claimable())
            .order_by(KnowledgeCheck.created_at)
            .limit(1)
            .with_for_update(key_share=True, skip_locked=True)
        ).first()
        if found is None:
            return None
        claimed = ClaimedCheck(found.id, found.version_id, found.attempt + 1)
        statement = update(KnowledgeCheck).where(KnowledgeCheck.id == found.id)
        if found.attempt >= MOST_ATTEMPTS:
            self.execute(statement.values(state=CheckState.FAILED, lease_until=None, finished_at=db_now()))
            return None
        self.execute(statement.values(state=CheckState.RUNNING, attempt=claimed.attempt, lease_until=db_now(lease)))
        return claimed

    def settle(self, claim: ClaimedCheck, basis: str, result: Mapping[str, object] | None) -> None:
        """Write a check's result, or that it failed; raises StaleLease when somebody else has taken it over."""
        state = CheckState.FAILED if result is None else CheckState.DONE
        done = self.execute(
            update(KnowledgeCheck)
            .where(
                KnowledgeCheck.id == claim.id,
                KnowledgeCheck.attempt == claim.attempt,
                KnowledgeCheck.state == CheckState.RUNNING,
            )
            .values(state=state, basis=basis, result=result, lease_until=None, finished_at=db_now())
        )
        if not rowcount(done):
            raise StaleLease(f"check {claim.id}")

    def _claimable(self) -> ColumnElement[bool]:
        return and_(
            KnowledgeCheck.bot_id == self.bot_id,
            or_(
                KnowledgeCheck.state == CheckState.WAITING,
                and_(KnowledgeCheck.state == CheckState.RUNNING, KnowledgeCheck.lease_until <= db_now()),
            ),
        )
