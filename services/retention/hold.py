"""Legal holds: placing and lifting them, each with a reason and a line in the audit log.

HoldError
├── NobodyToHold   there is no such customer
├── NoReason       a hold is neither placed nor lifted without a reason
└── NoSuchHold     there is no such hold in force
"""

from uuid import UUID

from database.db import UnitOfWork
from database.models import AuditAct, LegalHold

_LONGEST = 500  # characters of a reason


class HoldError(Exception):
    """Base of this module's errors; the message says what is wrong, for an operator."""


class NobodyToHold(HoldError):  # noqa: N818 - reads as what it says
    """There is no such customer."""


class NoReason(HoldError):  # noqa: N818 - reads as what it says
    """A reason is missing or far too long."""


class NoSuchHold(HoldError):  # noqa: N818 - reads as what it says
    """There is no such hold, or it was lifted already."""


def place(
    uow: UnitOfWork, telegram_id: int, reason: str, *, actor: int | None, **by: str | int | bool | None
) -> LegalHold:
    """Hold all of a customer from now on; raises NobodyToHold, NoReason.

    The customer's row is locked: whoever is erasing them at this moment has either done so or finds the hold.
    """
    reason = _checked(reason)
    if not uow.users.hold([telegram_id]):
        raise NobodyToHold(f"there is no customer {telegram_id}")
    hold = uow.holds.place(telegram_id, reason, actor)
    subject = f"account:{telegram_id}"
    uow.audit.record(AuditAct.HOLD_PLACED, actor=actor, subject=subject, hold=str(hold.id), **by)
    return hold


def lift(uow: UnitOfWork, hold_id: UUID, reason: str, *, actor: int | None, **by: str | int | bool | None) -> LegalHold:
    """End a hold; raises NoSuchHold, NoReason."""
    reason = _checked(reason)
    hold = uow.holds.lock(hold_id)
    if hold is None or hold.lifted_at is not None:
        raise NoSuchHold(f"there is no hold {hold_id} in force")
    uow.holds.lift(hold, reason, actor)
    subject = f"account:{hold.telegram_id}"
    uow.audit.record(AuditAct.HOLD_LIFTED, actor=actor, subject=subject, hold=str(hold.id), **by)
    return hold


def _checked(reason: str) -> str:
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= _LONGEST:
        raise NoReason(f"a reason has 1 to {_LONGEST} characters")
    return reason
