"""The life of a version: uploaded, approved by a second person or rejected, in force between dates, retired.

Each act checks who does it and when in the transaction that writes it. Times are the database's.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from database.db import UnitOfWork
from database.models import AuditAct, CheckState, KnowledgeVersion, VersionState
from database.queries.knowledge import NewVersion
from services.access import Permission, allowed
from services.knowledge.checks import basis_of
from services.knowledge.errors import (
    DecidedError,
    NothingBeforeError,
    NotPermittedError,
    SamePersonError,
    UnchangedError,
    UncheckedError,
    UnknownDocumentError,
    UnknownVersionError,
    WorseError,
    WrongDatesError,
)
from services.knowledge.golden import GoldenResult

_NAMED = 20  # golden questions that a refusal names; the version's page has all of them


@dataclass(frozen=True)
class Dates:
    """When a version holds: from `start` (at once when None, or past) until before `end` (for ever when None)."""

    start: datetime | None = None
    end: datetime | None = None


def upload(uow: UnitOfWork, by: int, new: NewVersion) -> KnowledgeVersion:
    """Store a draft and ask for its check; raises NotPermittedError or UnchangedError."""
    require(uow, by, Permission.EDIT_KNOWLEDGE)
    uow.knowledge.lock()
    current = uow.knowledge.in_force(new.document, new.language)
    drafts = [v for v in uow.knowledge.of_document(new.document, new.language) if v.state == VersionState.DRAFT]
    for version in (*([current] if current else []), *drafts):
        if version.sha256 == new.sha256:
            raise UnchangedError(f"Version {version.number} of {new.document} is this very file.")
    version = uow.knowledge.add(new)
    uow.golden.request(version.id)
    _record(uow, AuditAct.KNOWLEDGE_UPLOADED, version, by, sha256=version.sha256)
    return version


def approve(uow: UnitOfWork, version_id: UUID, by: int, dates: Dates) -> KnowledgeVersion:
    """Let a draft hold between dates.

    Raises LifecycleError: nobody approves what they uploaded, and nothing that does worse on the golden questions.
    """
    require(uow, by, Permission.APPROVE_KNOWLEDGE)
    version = _draft(uow, version_id)
    if version.uploaded_by == by:
        raise SamePersonError("A second person has to approve: not the one who uploaded it.")
    now = uow.now()
    start = max(dates.start or now, now)
    _check_end(start, dates.end, now)
    _pass_golden_questions(uow, version)
    uow.knowledge.decide(version, VersionState.APPROVED, by)
    version.effective_from, version.effective_to = start, dates.end
    _record(uow, AuditAct.KNOWLEDGE_APPROVED, version, by, start=str(start), end=str(dates.end or ""))
    return version


def reject(uow: UnitOfWork, version_id: UUID, by: int, reason: str) -> KnowledgeVersion:
    """Turn a draft down, or take back one's own; raises LifecycleError."""
    version = _draft(uow, version_id)
    own = version.uploaded_by == by
    require(uow, by, Permission.EDIT_KNOWLEDGE if own else Permission.APPROVE_KNOWLEDGE)
    uow.knowledge.decide(version, VersionState.REJECTED, by, reason)
    _record(uow, AuditAct.KNOWLEDGE_REJECTED, version, by)
    return version


def schedule(uow: UnitOfWork, version_id: UUID, by: int, dates: Dates) -> KnowledgeVersion:
    """Change the dates of an approved version; one that has begun keeps its start. Raises LifecycleError.

    What is still to come passes the golden questions again, as the knowledge may have changed since its approval.
    """
    require(uow, by, Permission.APPROVE_KNOWLEDGE)
    version = _locked(uow, version_id)
    if version.state != VersionState.APPROVED or version.effective_from is None:
        raise DecidedError(f"Version {version.number} is {version.state}: only an approved one has dates.")
    if version.uploaded_by == by:
        raise SamePersonError("A second person has to set the dates: not the one who uploaded it.")
    now, before = uow.now(), _dates(version)
    begun = version.effective_from <= now
    start = version.effective_from if begun else max(dates.start or version.effective_from, now)
    _check_end(start, dates.end, now)
    if not begun:
        _pass_golden_questions(uow, version)
    version.effective_from, version.effective_to = start, dates.end
    _record(uow, AuditAct.KNOWLEDGE_SCHEDULED, version, by, before=before, after=_dates(version))
    return version


def roll_back(uow: UnitOfWork, document: str, language: str, by: int) -> KnowledgeVersion:
    """Retire the version in force, so that the one before holds again, which is returned; raises LifecycleError.

    It needs neither a second person nor the golden questions: what comes back has passed both, and what goes may be
    wrong however well it is found (decision 0038).
    """
    require(uow, by, Permission.APPROVE_KNOWLEDGE)
    uow.knowledge.lock()
    if (current := uow.knowledge.in_force(document, language)) is None:
        raise UnknownDocumentError(f"No version of {document} ({language}) is in force.")
    others = uow.knowledge.current(without=current.id)
    before = next((v for v in others if (v.document, v.language) == (document, language)), None)
    if before is None:
        raise NothingBeforeError(f"No version of {document} ({language}) would hold in place of {current.number}.")
    uow.knowledge.retire(current, by)
    _record(uow, AuditAct.KNOWLEDGE_ROLLED_BACK, current, by, back_to=str(before.id))
    return before


def retire(uow: UnitOfWork, document: str, language: str, by: int) -> int:
    """Take a document out of the knowledge, with whatever is scheduled of it; returns how many versions that were."""
    require(uow, by, Permission.APPROVE_KNOWLEDGE)
    uow.knowledge.lock()
    now = uow.now()
    open_ended = [
        version
        for version in uow.knowledge.of_document(document, language)
        if version.state == VersionState.APPROVED and (version.effective_to is None or version.effective_to > now)
    ]
    if not open_ended:
        raise UnknownDocumentError(f"No version of {document} ({language}) is in force or scheduled.")
    for version in open_ended:
        uow.knowledge.retire(version, by)
        _record(uow, AuditAct.KNOWLEDGE_RETIRED, version, by)
    return len(open_ended)


def require(uow: UnitOfWork, by: int, permission: Permission) -> None:
    """Raise NotPermittedError unless an account may do something, by its roles in this very transaction."""
    if not allowed(uow.roles.of(by), permission):
        raise NotPermittedError(f"The account {by} may not do this.")


def _record(uow: UnitOfWork, act: AuditAct, version: KnowledgeVersion, by: int, **details: str) -> None:
    named: dict[str, Any] = {"document": version.document, "language": version.language, "number": version.number}
    uow.audit.record(act, actor=by, subject=f"knowledge:{version.id}", **named, **details)


def _dates(version: KnowledgeVersion) -> str:
    return f"{version.effective_from or ''} to {version.effective_to or ''}"


def _locked(uow: UnitOfWork, version_id: UUID) -> KnowledgeVersion:
    uow.knowledge.lock()
    version = uow.knowledge.get(version_id)
    if version is None:
        raise UnknownVersionError("There is no such version.")
    return version


def _draft(uow: UnitOfWork, version_id: UUID) -> KnowledgeVersion:
    version = _locked(uow, version_id)
    if version.state != VersionState.DRAFT:
        raise DecidedError(f"Version {version.number} of {version.document} is {version.state} already.")
    return version


def _check_end(start: datetime, end: datetime | None, now: datetime) -> None:
    if end is not None and end <= max(start, now):
        raise WrongDatesError("The version would hold at no time: its end has to come after its start, and after now.")


def _pass_golden_questions(uow: UnitOfWork, version: KnowledgeVersion) -> None:
    check = uow.golden.newest(version.id)
    if check is None or check.state != CheckState.DONE or check.basis != basis_of(uow, version.id):
        raise UncheckedError("The golden questions are being asked of the knowledge with this version in it.")
    if (result := GoldenResult.of(check)) and result.worse:
        lost = [place.question for place in result.lost]
        more = f"; and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
        raise WorseError(f"It does worse on {len(lost)} golden questions: {'; '.join(lost[:_NAMED])}{more}", lost)
