"""Keys that protect what is stored: new ones, and bringing everything under them while all runs on."""

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from config import Settings, load_settings
from database.db import Database
from database.models import Rotation
from services.storage import StorageError
from services.wiring import make_database
from utils.encryption import generate_key

if TYPE_CHECKING:
    from services.rotation import Rotator
    from services.rotation_files import FileRotator
    from services.rotation_outlook import Outlook


@click.group()
def keys() -> None:
    """Keys that protect what is stored."""


@keys.command("new")
def keys_new() -> None:
    """Print a new key for ENCRYPTION_KEY or BLIND_INDEX_KEY."""
    click.echo(generate_key())


@keys.command()
@click.option("--batch", type=click.IntRange(1, 10_000), default=500, show_default=True, help="Rows in a transaction.")
def rotate(batch: int) -> None:
    """Seal everything anew with the newest key, while all runs on; killed, it goes on where it was."""
    settings = load_settings()
    database = make_database(settings)
    rows, files = _parts(settings, database, batch)
    told = _Told()
    changed = rows.run(told)
    try:
        files.run(told)
    except StorageError as error:
        raise click.ClickException(f"the rows are done, the files wait for the storage: {error}") from None
    click.echo(f"{changed} rows sealed or indexed anew by this run")
    _show(settings, database, rows, files)


@keys.command()
def status() -> None:
    """Tell what is still under older keys, and when those may be removed."""
    settings = load_settings()
    database = make_database(settings)
    _show(settings, database, *_parts(settings, database))


class _Told:
    """Prints how far it is, a line for each tenth batch of a place and for its end."""

    def __init__(self) -> None:
        self._batches = 0

    def __call__(self, place: str, row: Rotation) -> None:
        self._batches += 1
        if row.done_at or self._batches % 10 == 0:
            unreadable = f", {row.unreadable} that no key opens" if row.unreadable else ""
            click.echo(f"{place:>16}  {row.rows:>9} anew  {'done' if row.done_at else '…'}{unreadable}")


def _show(settings: Settings, database: Database, rows: "Rotator", files: "FileRotator") -> None:
    from services.rotation_outlook import outlook  # noqa: PLC0415 - other commands need none of it

    found = outlook(database, rows, files, timedelta(hours=settings.waiting.reopen_hours))
    older = [*settings.security.encryption[1:], *settings.security.index[1:]]
    if not (found.begun or older or any(found.left.values())):
        click.echo("nothing to do: there is one key of each kind, and no row is under another one")
        return
    _tell_left(found)
    if not found.begun:
        click.echo("nothing was rotated yet: keep all keys until `keys rotate` has run")
    elif not found.sealed:
        click.echo("keep all keys. If this stays so after `keys rotate`: a process runs with an older list of keys")
    else:
        _tell_ended(settings, found)


def _tell_left(found: "Outlook") -> None:
    for place, number in found.left.items():
        if number:
            click.echo(f"{place:>16}  {number:>9} rows under older keys")
    if found.files:
        click.echo(f"{'files':>16}  {found.files:>9} not looked at")
    if found.unreadable:
        click.echo(f"{found.unreadable} rows are sealed by a key that is in no list: only that key opens them")
    if found.begun and not found.indexed:
        click.echo("the blind index is not under its newest key")


def _tell_ended(settings: Settings, found: "Outlook") -> None:
    click.echo("everything is under the newest keys; the older ones may leave ENCRYPTION_KEY and BLIND_INDEX_KEY")
    if found.acts:
        click.echo(f"  once the audit log has sealed {found.acts} acts, which takes seconds")
    if found.links_until:
        click.echo(f"  after {found.links_until:%Y-%m-%d %H:%M} UTC: until then there are links that they signed")
    if not settings.audit.keys and len(settings.security.encryption) > 1:
        click.echo("  and once they stand in AUDIT_KEY: without one they signed the audit log's checkpoints")
    click.echo("  but for backups: one that is older than today needs the keys of its time")


def _parts(settings: Settings, database: Database, batch: int = 500) -> "tuple[Rotator, FileRotator]":
    from services.rotation import Rotator  # noqa: PLC0415 - other commands need none of it
    from services.rotation_files import FileRotator  # noqa: PLC0415 - see above
    from services.wiring_files import make_storage  # noqa: PLC0415 - see above

    return Rotator(database, batch), FileRotator(database, make_storage(settings))
