"""Tags on customers, for broadcasts to name."""

import re
from collections.abc import Iterable
from pathlib import Path

import click

from database.db import Database
from database.models import AuditAct
from services.broadcast.drafting import LONGEST_TAG
from services.broadcast.lists import Listed

_TAG = re.compile(rf"[a-z0-9_-]{{1,{LONGEST_TAG}}}")
_file = click.option("--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="One account a line.")


@click.group()
def tags() -> None:
    """Put tags on customers, take them away, list them."""


@tags.command("add")
@click.argument("tag")
@click.argument("accounts", nargs=-1, type=int)
@_file
@click.pass_obj
def add(database: Database, tag: str, accounts: tuple[int, ...], file: Path | None) -> None:
    """Put TAG on ACCOUNTS; those that the bot does not know are left out."""
    if not _TAG.fullmatch(tag):
        raise click.ClickException(f"a tag has 1 to {LONGEST_TAG} small letters, digits, _ or -")
    with database.unit_of_work() as uow:
        number = uow.audience.tag(tag, list(_accounts(accounts, file)))
        uow.audit.record(AuditAct.TAGS_CHANGED, actor=None, added=number)
    click.echo(f"{number} people have it now who had it not before")


@tags.command("remove")
@click.argument("tag")
@click.argument("accounts", nargs=-1, type=int)
@_file
@click.option("--all", "everybody", is_flag=True, help="Take it from everybody.")
@click.pass_obj
def remove(database: Database, tag: str, accounts: tuple[int, ...], file: Path | None, everybody: bool) -> None:  # noqa: FBT001 - click's
    """Take TAG from ACCOUNTS."""
    named = list(_accounts(accounts, file))
    if not named and not everybody:
        raise click.ClickException("name accounts, or --all")
    with database.unit_of_work() as uow:
        number = uow.audience.untag(tag, None if everybody else named)
        uow.audit.record(AuditAct.TAGS_CHANGED, actor=None, removed=number)
    click.echo(f"{number} people had it")


@tags.command("list")
@click.pass_obj
def list_(database: Database) -> None:
    """List the tags with how many people have each."""
    with database.reading() as uow:
        for tag, number in uow.audience.tags().items():
            click.echo(f"{number:>9}  {tag}")


def _accounts(named: Iterable[int], file: Path | None) -> Iterable[int]:
    yield from named
    if file is not None:
        yield from Listed(file.read_bytes())
