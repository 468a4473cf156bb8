"""Who of the staff may do what."""

import click

from commands.operator import operator
from database.db import Database, UnitOfWork
from database.models import AuditAct
from services.access import Role

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
    """Take ROLE from the account TELEGRAM_ID."""
    with database.unit_of_work() as uow:
        before = uow.roles.of(telegram_id)
        held = uow.roles.revoke(telegram_id, role)
        if held:
            after = ",".join(sorted(before - {role}))
            change = {"role": role, "before": ",".join(sorted(before)), "after": after}
            uow.audit.record(
                AuditAct.ROLE_REVOKED, actor=None, subject=f"account:{telegram_id}", **change, **operator()
            )
    if not held:
        raise click.ClickException(f"{telegram_id} is not {role}")
    click.echo(f"{telegram_id} is no longer {role}")


@click.command("sign-out")
@click.argument("telegram_id", type=int)
@click.pass_obj
def sign_out(database: Database, telegram_id: int) -> None:
    """End every session of the account TELEGRAM_ID in the console."""
    with database.unit_of_work() as uow:
        ended = uow.console.end_sessions(telegram_id)
        uow.audit.record(
            AuditAct.SIGNED_OUT, actor=None, subject=f"account:{telegram_id}", sessions=ended, **operator()
        )
    click.echo(f"{ended} sessions of {telegram_id} ended")


def give(uow: UnitOfWork, telegram_id: int, role: str) -> bool:
    """Give a role for whoever types a command; returns whether it is new, which is what the audit log is told."""
    before = uow.roles.of(telegram_id)
    if not uow.roles.grant(telegram_id, role, granted_by=None):
        return False
    change = {"role": role, "before": ",".join(sorted(before)), "after": ",".join(sorted(before | {role}))}
    uow.audit.record(AuditAct.ROLE_GRANTED, actor=None, subject=f"account:{telegram_id}", **change, **operator())
    return True
