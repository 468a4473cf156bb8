"""Golden questions added and taken out of service, by those who may approve."""

from collections.abc import Sequence

from database.db import UnitOfWork
from database.models import AuditAct
from database.queries.golden import NewQuestion
from services.access import Permission
from services.knowledge.lifecycle import require


def add(uow: UnitOfWork, by: int, questions: Sequence[NewQuestion]) -> int:
    """Store golden questions; returns how many are new. Raises NotPermittedError."""
    require(uow, by, Permission.APPROVE_KNOWLEDGE)
    uow.knowledge.lock()
    if new := uow.golden.add(questions, by):
        uow.audit.record(AuditAct.GOLDEN_CHANGED, actor=by, added=new)
    return new


def remove(uow: UnitOfWork, by: int, question: str, language: str) -> bool:
    """Take a golden question out of service; returns whether it was in. Raises NotPermittedError."""
    require(uow, by, Permission.APPROVE_KNOWLEDGE)
    uow.knowledge.lock()
    if removed := uow.golden.remove(question, language, by):
        uow.audit.record(AuditAct.GOLDEN_CHANGED, actor=by, removed=1)
    return removed
