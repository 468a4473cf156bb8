"""Legal holds: what must be kept of whom, and why."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import click

from commands.typist import typed_by
from database.db import Database
from services.retention.hold import HoldError, lift, place
from utils.encryption import EncryptionError

_REASON = click.option("--reason", required=True, help="Why, such as the number of the case; kept sealed.")


@click.group()
def hold() -> None:
    """Keep all of a customer, whatever the schedule or the customer says."""


@hold.command("place")
@click.argument("telegram_id", type=int)
@_REASON
@click.pass_obj
def place_(database: Database, telegram_id: int, reason: str) -> None:
    """Hold all that there is of the account TELEGRAM_ID: nothing of it is deleted until the hold is lifted."""
    with database.unit_of_work() as uow, _told():
        placed = place(uow, telegram_id, reason, actor=None, **typed_by())
    click.echo(f"{telegram_id} is under the hold {placed.id}")


@hold.command("lift")
@click.argument("hold_id", type=click.UUID)
@_REASON
@click.pass_obj
def lift_(database: Database, hold_id: UUID, reason: str) -> None:
    """End the hold HOLD_ID; what is due to go goes with the next run of the schedule."""
    with database.unit_of_work() as uow, _told():
        lifted = lift(uow, hold_id, reason, actor=None, **typed_by())
        others = len(uow.holds.of(lifted.telegram_id))
    click.echo(f"the hold {hold_id} of {lifted.telegram_id} is lifted" + (f", {others} more hold" if others else ""))


@hold.command("list")
@click.option("--all", "lifted", is_flag=True, help="Those that were lifted as well.")
@click.pass_obj
def list_(database: Database, *, lifted: bool) -> None:
    """List the holds in force, the oldest first."""
    with database.reading() as uow:
        for row in uow.holds.all(lifted=lifted):
            end = f"  lifted {row.lifted_at:%Y-%m-%d}" if row.lifted_at else ""
            try:
                reason = uow.holds.reason(row)
            except EncryptionError as error:
                reason = f"(the reason cannot be read: {error})"
            click.echo(f"{row.id}  {row.telegram_id}  since {row.created_at:%Y-%m-%d}{end}  {reason}")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except HoldError as error:
        raise click.ClickException(str(error)) from None
