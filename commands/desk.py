"""The desk on the command line: its report, and canned replies."""

import csv
import sys
from datetime import UTC, datetime, timedelta
from typing import TextIO

import click

from config import load_settings
from database.db import Database
from services.desk.reporting import COLUMNS, rows
from services.wiring_running import make_running


@click.group()
def desk() -> None:
    """Report on the operators' desk."""


@desk.command()
@click.option("--from", "since", type=click.DateTime(), help="Beginning, UTC; default: a day before the end.")
@click.option("--to", "until", type=click.DateTime(), help="End, UTC; default: now.")
@click.option("--promised", type=float, help="The wait to count by; default: SERVICE_LEVEL_SECONDS as it is in force.")
@click.option("--csv", "file", type=click.File("w", encoding="utf-8"), help="File to write; default: standard output.")
@click.pass_obj
def report(
    database: Database, since: datetime | None, until: datetime | None, promised: float | None, file: TextIO | None
) -> None:
    """Write the half-hour report as CSV: offered, answered, abandoned, service level, times; per line and operator."""
    end = until.replace(tzinfo=UTC) if until else datetime.now(UTC) + timedelta(seconds=1)
    start = since.replace(tzinfo=UTC) if since else end - timedelta(days=1)
    with database.reading() as uow:
        events = uow.desk.events(start, end)
    by = _promised(database) if promised is None else promised
    writer = csv.writer(file or sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows(events, by))


@click.group()
def canned() -> None:
    """Canned replies; {name}, {operator} and {id} in them are filled in."""


@canned.command("add")
@click.argument("shortcut")
@click.argument("text")
@click.option("--language", default="", help="The language it is in; without one it is for all.")
@click.pass_obj
def keep(database: Database, shortcut: str, text: str, language: str) -> None:
    """Keep TEXT under SHORTCUT, in the place of an earlier one."""
    name = shortcut.lstrip("/").lower()
    if not name.replace("_", "").replace("-", "").isalnum() or len(name) > 32:  # noqa: PLR2004 - a button holds 64 bytes
        raise click.ClickException("a shortcut is up to 32 letters, digits, - or _")
    with database.unit_of_work() as uow:
        uow.desk.keep_canned(name, language, text)
    click.echo(f"/{name} is kept")


@canned.command("remove")
@click.argument("shortcut")
@click.option("--language", default="")
@click.pass_obj
def drop(database: Database, shortcut: str, language: str) -> None:
    """Take the reply SHORTCUT away."""
    with database.unit_of_work() as uow:
        if not uow.desk.remove_canned(shortcut.lstrip("/").lower(), language):
            raise click.ClickException(f"there is no {shortcut}" + (f" in {language}" if language else ""))
    click.echo(f"{shortcut} is gone")


@canned.command("list")
@click.pass_obj
def show(database: Database) -> None:
    """List the canned replies."""
    with database.reading() as uow:
        for row in uow.desk.canned():
            click.echo(f"/{row.shortcut} [{row.language or 'all'}] {row.text}")


def _promised(database: Database) -> float:
    running = make_running(load_settings(), database)
    running.look()
    return running.policy.desk.service_level
