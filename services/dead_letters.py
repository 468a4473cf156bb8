"""Dead letters for those who look after the bot: what there is, another life for it, or its end with a reason."""

from dataclasses import asdict
from enum import StrEnum, auto

from database.db import UnitOfWork
from database.models import AuditAct
from database.queries.dead import DeadKind, DeadLetter, Revived
from services.access import Permission, allowed
from services.errors import NotPermitted, OfficeRefusal

MOST = 10_000  # of each kind that are given another life at once, so that the workers are not flooded
SHOWN = 50  # of each kind


class Why(StrEnum):
    """Why a dead letter is given up; words of one's own would put what is personal into the audit log."""

    ANSWERED = auto()
    OUTDATED = auto()
    DUPLICATE = auto()
    UNUSABLE = auto()


def listed(uow: UnitOfWork, by: int) -> list[DeadLetter]:
    """Return the newest dead letters; raises OfficeRefusal."""
    _check(uow, by, Permission.READ_STATE)
    return uow.dead_letters.newest(SHOWN)


def replay_all(uow: UnitOfWork, by: int) -> Revived:
    """Give all of them another life; raises OfficeRefusal."""
    _check(uow, by, Permission.ADMINISTER)
    revived = uow.dead_letters.revive(MOST)
    if any(asdict(revived).values()):
        uow.audit.record(AuditAct.DEAD_REPLAYED, actor=by, **asdict(revived))
    return revived


def replay_one(uow: UnitOfWork, by: int, kind: DeadKind, number: int) -> None:
    """Give one of them another life; raises OfficeRefusal."""
    _check(uow, by, Permission.ADMINISTER)
    if not uow.dead_letters.revive_one(kind, number):
        raise OfficeRefusal("system.gone")
    uow.audit.record(AuditAct.DEAD_REPLAYED, actor=by, subject=f"{kind}:{number}")


def drop(uow: UnitOfWork, by: int, kind: DeadKind, number: int, why: Why) -> None:
    """Give one of them up for good; raises OfficeRefusal."""
    _check(uow, by, Permission.ADMINISTER)
    if not uow.dead_letters.drop(kind, number):
        raise OfficeRefusal("system.gone")
    uow.audit.record(
        AuditAct.DEAD_DROPPED, actor=by, subject=f"{kind}:{number}", reason=why.value, before="dead", after="dropped"
    )


def _check(uow: UnitOfWork, by: int, permission: Permission) -> None:
    if not allowed(uow.roles.of(by), permission):
        raise NotPermitted(permission.value)
