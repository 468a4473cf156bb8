"""Retention: what the schedule would let go, and letting it go now."""

import click

from commands.typist import typed_by
from config import load_settings
from database.db import Database
from services.retention.running import Retention
from services.retention.schedule import FOR_GOOD


@click.group()
def retention() -> None:
    """Keep what there is no longer than the schedule says (RETENTION_*_DAYS)."""


@retention.command()
@click.pass_obj
def plan(database: Database) -> None:
    """Say what would go now, class by class, and what would stay; nothing is changed."""
    keeper = _keeper(database)
    for item in keeper.plan():
        held = f", {item.overdue.held} under a legal hold" if item.overdue.held else ""
        waits = f", {item.unarchived} not archived yet" if item.unarchived else ""
        needed = f", {item.needed} hold conversations that are in the database still" if item.needed else ""
        click.echo(
            f"{item.kind:<14} {item.days:>5} days, before {item.before:%Y-%m-%d}: {item.overdue.rows} are older"
            f"{held}{waits}{needed}; {item.goes} go"
        )
    for kind in keeper.schedule.kept():
        click.echo(f"{kind:<14} kept: its setting says 0 days")
    for kind, why in FOR_GOOD.items():
        click.echo(f"{kind:<14} kept: {why}")


@retention.command()
@click.pass_obj
def run(database: Database) -> None:
    """Let go what is due now; ends with 1 if something could not go."""
    gone = _keeper(database).run()
    for kind, rows in gone.rows.items():
        click.echo(f"{kind:<14} {rows} went")
    for kind, why in gone.failed.items():
        click.echo(f"{kind:<14} FAILED, some or all stay: {why}", err=True)
    if gone.failed:
        raise click.ClickException(f"{len(gone.failed)} classes are not done; the next run goes on with them")


def _keeper(database: Database) -> Retention:
    from services.wiring_archive import make_retention  # noqa: PLC0415 - other commands need none of it

    return make_retention(load_settings(), database, typed_by())
