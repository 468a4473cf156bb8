"""Who of the staff may do what."""

import click

from commands.typist import typed_by
from database.db import Database, UnitOfWork
from database.models import AuditAct
from services.access import Role
from services.administration.granting import shut_out
from services.administration.roster import as_csv, reviewed_at, roster

_ROLES = click.Choice([role.value for role in Role if role is not Role.CUSTOMER])


@click.command()
@click.argument("role", type=_ROLES)
@click.argument("telegram_id", type=int)
@click.pass_obj
def grant(database: Database, role: str, telegram_id: int) -> None:
    """Give ROLE to the account TELEGRAM_ID."""
    with database.unit_of_work() as uow:
        uow.roles.ensure_bot()
        new = give(uow, telegram_id, role)
    click.echo(f"{telegram_id} is {role}" + ("" if new else " already"))


@click.command()
@click.argument("role", type=_ROLES)
@click.argument("telegram_id", type=int)
@click.pass_obj
def revoke(database: Database, role: str, telegram_id: int) -> None:
    """Take ROLE from the account TELEGRAM_ID, and the PIN and the sessions that it opened; workers see to the chats."""
    with database.unit_of_work() as uow:
        uow.roles.lock()
        before = uow.roles.of(telegram_id)
        held = uow.roles.revoke(telegram_id, role)
        if held:
            after = before - {role}
            shut_out(uow, telegram_id, before, after)
            change = {"role": role, "before": ",".join(sorted(before)), "after": ",".join(sorted(after))}
            uow.audit.record(
                AuditAct.ROLE_REVOKED, actor=None, subject=f"account:{telegram_id}", **change, **typed_by()
            )
        nobody = not any(Role.ADMIN in roles for roles in uow.roles.all().values())
    if not held:
        raise click.ClickException(f"{telegram_id} is not {role}")
    click.echo(f"{telegram_id} is no longer {role}" + ("; nobody administers the bot now" if nobody else ""))


@click.group()
def staff() -> None:
    """Who of the staff holds what."""


@staff.command()
@click.option("--csv", "as_file", is_flag=True, help="As CSV, for a spreadsheet.")
@click.pass_obj
def review(database: Database, /, as_file: bool) -> None:  # noqa: FBT001 - a flag
    """List every role: whose, since when, given and approved by whom, PIN, the last act; to be done once a quarter."""
    with database.unit_of_work() as uow:
        held = roster(uow)
        before = reviewed_at(uow)
        uow.audit.record(AuditAct.STAFF_REVIEWED, actor=None, roles=len(held), **typed_by())
    if as_file:
        click.echo(as_csv(held), nl=False)
        return
    for each in held:
        click.echo(" | ".join(cell or "-" for cell in each.cells()))
    click.echo(f"{len(held)} roles; reviewed before: {before:%Y-%m-%d}" if before else f"{len(held)} roles")


@click.command("sign-out")
@click.argument("telegram_id", type=int)
@click.pass_obj
def sign_out(database: Database, telegram_id: int) -> None:
    """End every session of the account TELEGRAM_ID in the console."""
    with database.unit_of_work() as uow:
        ended = uow.console.end_sessions(telegram_id)
        uow.audit.record(
            AuditAct.SIGNED_OUT, actor=None, subject=f"account:{telegram_id}", sessions=ended, **typed_by()
        )
    click.echo(f"{ended} sessions of {telegram_id} ended")


def give(uow: UnitOfWork, telegram_id: int, role: str) -> bool:
    """Give a role for whoever types a command; returns whether it is new, which is what the audit log is told.

    Whoever was barred as a customer is let in again: nobody of the staff is barred.
    """
    uow.roles.lock()  # nobody is barred meanwhile
    before = uow.roles.of(telegram_id)
    if not uow.roles.grant(telegram_id, role, granted_by=None):
        return False
    change = {"role": role, "before": ",".join(sorted(before)), "after": ",".join(sorted(before | {role}))}
    subject = f"account:{telegram_id}"
    uow.audit.record(AuditAct.ROLE_GRANTED, actor=None, subject=subject, **change, **typed_by())
    user = uow.users.get(telegram_id)
    if user is not None and user.barred_at is not None:
        uow.users.bar(user, barred=False)
        uow.audit.record(AuditAct.PERSON_LET_IN, actor=None, subject=subject, before=True, after=False, **typed_by())
    return True
