"""Administrators at the section of the staff: what they press, and what comes of it."""

import json

from database.db import Database
from database.models import AuditAct
from database.queries.audit import Wanted
from services.access import Role
from services.administration.jobs import Administer
from services.administration.screen import mark
from services.audit.export import exported
from services.outbound import Button
from tests.services.bank import ADMIN, MODERATOR, Bank

SECOND, THIRD, NEW, SCREEN = 913, 914, 955, 7


def office(database: Database) -> Bank:
    """Return a bank with two administrators and a moderator."""
    bank = Bank(database)
    for admin in (ADMIN, SECOND):
        bank.grant(admin, Role.ADMIN)
    bank.grant(MODERATOR, Role.MODERATOR)
    return bank


def does(bank: Bank, act: str, *arguments: str, by: int = ADMIN) -> str:
    """Press a button of the section; returns the first line of the screen, or what is told."""
    [told, *_] = bank.does(Administer(section="staff", act=act, arguments=arguments, message_id=SCREEN), by)
    return told.partition("\n")[0]


def roles(bank: Bank, telegram_id: int) -> frozenset[str]:
    with bank.database.reading() as uow:
        return uow.roles.of(telegram_id)


def seen(bank: Bank, telegram_id: int) -> str:
    return mark(sorted(roles(bank, telegram_id)))


def changes(bank: Bank, role: Role, whom: int = NEW, *, act: str = "give", by: int = ADMIN) -> str:
    return does(bank, act, f"@{whom}", role, seen(bank, whom), by=by)


def requested(bank: Bank, role: Role = Role.SUPERVISOR, whom: int = NEW) -> str:
    """Let ADMIN ask for a role; returns how the request's buttons name it."""
    assert changes(bank, role, whom) == "en:admin.staff.asked"
    with bank.database.reading() as uow:
        return f"#{uow.role_requests.pending()[-1].id}"


def acts(bank: Bank, act: AuditAct) -> list[tuple[int | None, dict[str, object]]]:
    return [(event.actor, json.loads(event.details)) for event in exported(bank.database, Wanted(act=act))]


def buttons(bank: Bank, telegram_id: int) -> list[Button]:
    return [button for row in bank.outbound(telegram_id)[-1].buttons for button in row]
