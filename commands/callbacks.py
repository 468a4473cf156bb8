"""Calls that customers asked for."""

import click

from database.db import Database
from database.models import AuditAct, CallbackState
from utils import phones


@click.group()
def callbacks() -> None:
    """Look after the calls that customers asked for."""


@callbacks.command("list")
@click.option("--phones", "whole", is_flag=True, help="Show whole numbers; that they were read is recorded.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True)
@click.pass_obj
def list_(database: Database, limit: int, *, whole: bool) -> None:
    """List the calls that are still to be made, oldest first."""
    with database.unit_of_work() as uow:
        calls = uow.callbacks.undone(limit)
        for call in calls:
            customer = uow.users.by_id(call.user_id)
            phone = uow.users.phone(customer) or "—"
            shown = phone if whole or phone == "—" else phones.masked(phone)
            state = f"{call.state} by {call.staff_id}" if call.staff_id else call.state
            click.echo(f"{call.id:>6}  {call.created_at:%Y-%m-%d %H:%M}  {shown}  {customer.tier}  {state}")
        if whole and calls:
            uow.audit.record(AuditAct.CALLBACKS_READ, actor=None, number=len(calls))


@callbacks.command("done")
@click.argument("callback_id", type=int)
@click.pass_obj
def done(database: Database, callback_id: int) -> None:
    """Note that the call CALLBACK_ID was made."""
    with database.unit_of_work() as uow:
        call = uow.callbacks.lock(callback_id)
        if call is None or call.state == CallbackState.DONE:
            raise click.ClickException("there is no such call to be made")
        uow.callbacks.done(call, None)
        uow.audit.record(AuditAct.CALLBACK_DONE, actor=None, subject=f"callback:{call.id}")
    click.echo(f"{callback_id} is done")
