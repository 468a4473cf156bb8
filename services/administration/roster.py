"""The roster: who of the staff holds what, since when, given by whom, and whether they use it; for the review."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from database.db import UnitOfWork
from database.models import AuditAct
from database.queries.audit import Wanted
from services.access import Permission
from services.administration.office import Office
from services.desk.people import name_of
from services.errors import OfficeRefusal

_HEAD = ("account", "role", "since", "given_by", "approved_by", "pin", "signed_in", "last_act")


@dataclass(frozen=True)
class Held:
    """A role that somebody holds; `given_by` is None when it came from the command line."""

    telegram_id: int
    role: str
    since: datetime
    given_by: int | None
    approved_by: int | None
    has_pin: bool
    signed_in: bool
    last_act: datetime | None

    def cells(self) -> tuple[str, ...]:
        """Return what a line of the report says, in the order of its head."""
        times = (f"{at:%Y-%m-%d %H:%M}Z" if at else "" for at in (self.since, self.last_act))
        since, last = times
        flags = ("yes" if flag else "no" for flag in (self.has_pin, self.signed_in))
        return (str(self.telegram_id), self.role, since, _who(self.given_by), str(self.approved_by or ""), *flags, last)


@dataclass(frozen=True)
class Member:
    """Somebody of the staff."""

    telegram_id: int
    name: str
    held: Sequence[Held]


def roster(uow: UnitOfWork) -> list[Held]:
    """Return every role that is held, by account."""
    signed, approvers = uow.operators.signatures(), uow.role_requests.approvers()
    grants, last = uow.roles.grants(), {}
    for telegram_id in {grant.telegram_id for grant in grants}:
        newest = next(iter(uow.audit.find(Wanted(actor=telegram_id), 1)), None)
        last[telegram_id] = newest.at if newest else None
    return [
        Held(
            grant.telegram_id,
            grant.role,
            grant.created_at,
            grant.granted_by,
            approvers.get((grant.telegram_id, grant.role)),
            *signed.get(grant.telegram_id, (False, False)),
            last[grant.telegram_id],
        )
        for grant in grants
    ]


def staff(office: Office) -> list[Member]:
    """Return the staff; raises OfficeRefusal."""
    office.require(Permission.SEE_STAFF)
    by_account: dict[int, list[Held]] = {}
    for held in roster(office.uow):
        by_account.setdefault(held.telegram_id, []).append(held)
    return [Member(who, name_of(office.desk(), who, _language(office)), held) for who, held in by_account.items()]


def member(office: Office, telegram_id: int) -> Member:
    """Return somebody who is or may become one of the staff; raises OfficeRefusal for what is no account."""
    if telegram_id <= 0:
        raise OfficeRefusal("admin.staff.unknown")
    found = [each for each in staff(office) if each.telegram_id == telegram_id]
    return found[0] if found else Member(telegram_id, "", ())


def reviewed_at(uow: UnitOfWork) -> datetime | None:
    """Return when somebody last went through the roster."""
    newest = uow.audit.latest(AuditAct.STAFF_REVIEWED)
    return newest.at if newest else None


def review(office: Office) -> list[Held]:
    """Return the roster, and keep that it was gone through; raises OfficeRefusal."""
    office.require(Permission.SEE_STAFF)
    held = roster(office.uow)
    office.uow.audit.record(AuditAct.STAFF_REVIEWED, actor=office.actor, roles=len(held))
    return held


def as_csv(held: Sequence[Held]) -> str:
    """Return a roster as CSV with a head, one line for each role."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEAD)
    writer.writerows(each.cells() for each in held)
    return out.getvalue()


def _who(telegram_id: int | None) -> str:
    return "command" if telegram_id is None else str(telegram_id)


def _language(office: Office) -> str:
    return office.language_of(office.actor)
