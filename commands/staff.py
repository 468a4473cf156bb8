"""Who of the staff may do what."""

import click

from database.db import Database
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
        new = uow.roles.grant(telegram_id, role, granted_by=None)
    click.echo(f"{telegram_id} is {role}" + ("" if new else " already"))


@click.command()
@click.argument("role", type=_ROLES)
@click.argument("telegram_id", type=int)
@click.pass_obj
def revoke(database: Database, role: str, telegram_id: int) -> None:
    """Take ROLE from the account TELEGRAM_ID."""
    with database.unit_of_work() as uow:
        held = uow.roles.revoke(telegram_id, role)
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
    click.echo(f"{ended} sessions of {telegram_id} ended")
