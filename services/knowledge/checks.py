"""Makes the checks that are asked for: a version beside what is in force, held against the golden questions."""

import hashlib
from collections.abc import Sequence
from logging import getLogger
from uuid import UUID

from database.db import Database, UnitOfWork
from database.errors import StaleLease
from database.models import GoldenQuestion, KnowledgeVersion
from database.queries.golden import ClaimedCheck
from services.knowledge.golden import Build, GoldenResult, Stock, measure
from services.knowledge.stock import by_language
from services.metrics import KNOWLEDGE_WORSE

_LEASE = 600.0  # seconds; two indexes of a large knowledge are built within minutes

_log = getLogger(__name__)


def basis_of(uow: UnitOfWork, version_id: UUID) -> str:
    """Return what a check of a version rests on, as a hash: the other versions in force, and the questions."""
    return _basis(uow.knowledge.current(without=version_id), uow.golden.questions())


class Checker:
    """Makes checks in this process; any number of processes may do so at once."""

    def __init__(self, database: Database, build: Build, default_language: str) -> None:
        self._database = database
        self._build = build
        self._default = default_language

    def run(self) -> None:
        """Make checks until none waits."""
        while claim := self._claim():
            self._check(claim)

    def _claim(self) -> ClaimedCheck | None:
        with self._database.unit_of_work() as uow:
            return uow.golden.claim(_LEASE)

    def _check(self, claim: ClaimedCheck) -> None:
        with self._database.reading() as uow:
            version = uow.knowledge.get(claim.version_id)
            others = uow.knowledge.current(without=claim.version_id)
            questions = uow.golden.questions()
        result = None
        if version is not None:
            try:
                result = self._measured(version, others, questions)
            except Exception:  # noqa: BLE001 - whatever an index meets, the version stays unchecked and that is told
                _log.exception("a check of the knowledge failed")
        try:
            with self._database.unit_of_work() as uow:
                content = None if result is None else result.model_dump(mode="json")
                uow.golden.settle(claim, _basis(others, questions), content)
        except StaleLease:
            _log.warning("a check of the knowledge was overtaken")
        if result and result.worse and version and self._in_force(version):
            KNOWLEDGE_WORSE.inc()
            lost = {"document": version.document, "language": version.language, "lost": len(result.lost)}
            _log.warning("the knowledge in force does worse on the golden questions", extra=lost)

    def _in_force(self, version: KnowledgeVersion) -> bool:
        with self._database.reading() as uow:
            current = uow.knowledge.in_force(version.document, version.language)
        return current is not None and current.id == version.id

    def _measured(
        self, version: KnowledgeVersion, others: Sequence[KnowledgeVersion], questions: Sequence[GoldenQuestion]
    ) -> GoldenResult:
        if not questions:
            return GoldenResult()
        same = (version.document, version.language)
        then = [other for other in others if (other.document, other.language) != same] + [version]
        with self._database.reading() as uow:
            rows = uow.knowledge.chunks([one.id for one in (*others, version)])
        before = Stock(by_language(others, rows), self._build, self._default)
        after = Stock(by_language(then, rows), self._build, self._default)
        return measure(questions, before, after, version.language)


def _basis(others: Sequence[KnowledgeVersion], questions: Sequence[GoldenQuestion]) -> str:
    parts = [*sorted(str(other.id) for other in others), "", *sorted(str(question.id) for question in questions)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
