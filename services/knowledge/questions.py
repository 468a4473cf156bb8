"""The golden questions as their keepers see them, one transaction an act: behind the commands and the console."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from database.db import Database, UnitOfWork
from database.models import AuditAct, CheckState, GoldenQuestion, KnowledgeVersion, VersionState
from database.queries.golden import NewQuestion
from services.access import Permission
from services.knowledge.errors import NoAnswerNamedError
from services.knowledge.golden import GoldenResult
from services.knowledge.lifecycle import require


@dataclass(frozen=True)
class Checked:
    """The last check of a version that is in force or waits for its approval; `result` is there when it was made."""

    version: KnowledgeVersion
    state: CheckState
    result: GoldenResult | None


class Questions:
    """The golden questions; `wake` tells workers that checks wait."""

    def __init__(self, database: Database, wake: Callable[[], None]) -> None:
        self._database = database
        self._wake = wake

    def all(self) -> Sequence[GoldenQuestion]:
        """Return the questions in service."""
        with self._database.reading() as uow:
            return uow.golden.questions()

    def add(self, by: int, questions: Sequence[NewQuestion]) -> int:
        """Store questions; returns how many are new. Raises NotPermittedError or NoAnswerNamedError."""
        if not all(new.question.strip() and (new.title or new.document) for new in questions):
            raise NoAnswerNamedError("A golden question needs words, and the title or the document that answers it.")
        with self._database.unit_of_work() as uow:
            require(uow, by, Permission.APPROVE_KNOWLEDGE)
            uow.knowledge.lock()
            if added := uow.golden.add(questions, by):
                uow.audit.record(AuditAct.GOLDEN_CHANGED, actor=by, added=added)
            return added

    def remove(self, by: int, question: str, language: str) -> bool:
        """Take a question out of service; returns whether it was in. Raises NotPermittedError."""
        with self._database.unit_of_work() as uow:
            require(uow, by, Permission.APPROVE_KNOWLEDGE)
            uow.knowledge.lock()
            if removed := uow.golden.remove(question, language, by):
                uow.audit.record(AuditAct.GOLDEN_CHANGED, actor=by, removed=1)
            return removed

    def check(self, *, in_force: bool = False) -> int:
        """Ask for a check of every draft, perhaps of every version in force too; returns how many there are."""
        with self._database.unit_of_work() as uow:
            asked = [*_drafts(uow), *(uow.knowledge.current() if in_force else ())]
            for version in asked:
                uow.golden.request(version.id)
            uow.after_commit(self._wake)
        return len(asked)

    def checked(self) -> list[Checked]:
        """Return the last check of each version in force and of each draft, document after document."""
        with self._database.reading() as uow:
            versions = [*uow.knowledge.current(), *_drafts(uow)]
            found = [(version, uow.golden.newest(version.id)) for version in versions]
        told = [Checked(version, CheckState(check.state), GoldenResult.of(check)) for version, check in found if check]
        return sorted(told, key=lambda one: (one.version.document, one.version.language, one.version.number))


def _drafts(uow: UnitOfWork) -> list[KnowledgeVersion]:
    return [version for version in uow.knowledge.versions() if version.state == VersionState.DRAFT]
