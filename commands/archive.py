"""The archive: write it now, check it, bring something back."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any
from uuid import UUID

import click

from commands.typist import typed_by
from config import load_settings
from database.db import Database
from database.errors import StaleLease
from services.archive.errors import ArchiveError, NotReturned
from services.data_keys import DataKeyError
from services.storage import StorageError
from utils.encryption import EncryptionError

if TYPE_CHECKING:
    from services.archive.restoring import Restored

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def archive() -> None:
    """Keep closed conversations in object storage, sealed customer by customer, and bring them back."""


@archive.command()
@click.option("--after", type=click.FloatRange(min=0), help="Hours since the end; ARCHIVE_AFTER_HOURS unless given.")
@click.pass_obj
def run(database: Database, after: float | None) -> None:
    """Archive now what closed and is in no archive yet."""
    from services.wiring_archive import make_archivist  # noqa: PLC0415 - other commands need none of it

    settings = load_settings()
    hours = settings.archive.after_hours if after is None else after
    with _told():
        done = make_archivist(settings, database, typed_by()).run(3600 * hours)
    click.echo(
        f"{done.conversations} conversations with {done.messages} messages and {done.files} files"
        f" in {len(done.archives)} archives of {done.size} bytes, read back and opened"
    )
    if done.unreadable:
        raise click.ClickException(f"{done.unreadable} conversations do not open and stay where they are: see the log")


@archive.command("list")
@click.pass_obj
def list_(database: Database) -> None:
    """List the archives that are whole, the oldest first."""
    with database.reading() as uow:
        for row in uow.archives.whole():
            checked = f"{row.checked_at:%Y-%m-%d %H:%M}" if row.checked_at else "never"
            found = f", {row.findings} FINDINGS" if row.findings else ""
            click.echo(f"{row.id}  {row.day}  {row.conversations:>7} conversations  checked {checked}{found}")


@archive.command()
@click.option("--archive", "archives", type=click.UUID, multiple=True, help="Only this one; may be given again.")
@click.option("--quick", is_flag=True, help="Only checksums; nothing is opened.")
@click.pass_obj
def verify(database: Database, archives: tuple[UUID, ...], *, quick: bool) -> None:
    """Hold what lies in storage against what was written; ends with 1 if anything is wrong."""
    from services.archive.checking import check_all  # noqa: PLC0415 - see above
    from services.wiring_archive import make_shelf  # noqa: PLC0415 - see above

    seen = found = erased = 0
    with _told(), TemporaryDirectory(prefix="archive-") as room:
        shelf = make_shelf(load_settings(), database, Path(room))
        for checked in check_all(database, shelf, archives, deep=not quick):
            seen, erased = seen + 1, erased + checked.erased
            found += len(checked.findings)
            for finding in checked.shown:
                click.echo(f"{checked.archive.day} {checked.archive.id}: {finding}")
    gone = f", {erased} records are of customers who were erased" if erased else ""
    if found:
        raise click.ClickException(f"{seen} archives checked{gone}: {found} findings, NOT all is what was written")
    click.echo(f"{seen} archives checked{gone}: all is what was written")


@archive.command()
@click.option("--conversation", type=click.UUID, help="One conversation, by its key.")
@click.option("--customer", type=int, help="All of a customer, by the number of the account.")
@click.option("--day", type=_DAY, help="All that closed on a day, in UTC.")
@click.option("--out", type=click.Path(path_type=Path), help="A file for the lines; the screen unless given.")
@click.option(
    "--files", type=click.Path(file_okay=False, path_type=Path), help="A folder for the files that were sent."
)
@click.option("--into-database", "back", is_flag=True, help="Also put the rows back that are not there any more.")
@click.option("--readable", is_flag=True, help="The dialog as people read it, instead of lines of JSON.")
@click.pass_obj
def restore(
    database: Database, /, out: Path | None, files: Path | None, *, readable: bool, back: bool, **wanted: Any
) -> None:
    """Bring back a conversation, a customer or a day; nothing that is in the database is written over."""
    from services.archive.reading import readable as as_read  # noqa: PLC0415 - see above
    from services.archive.restoring import Restorer, write_files  # noqa: PLC0415 - see above
    from services.wiring_archive import make_shelf  # noqa: PLC0415 - see above

    if sum(value is not None for value in wanted.values()) != 1:
        raise click.UsageError("name one of --conversation, --customer and --day")
    wanted["day"] = wanted["day"] and wanted["day"].date()
    number = kept = returned = 0
    with _told(), TemporaryDirectory(prefix="archive-") as room:
        restorer = Restorer(database, make_shelf(load_settings(), database, Path(room)))
        found = restorer.find(**wanted)
        with _target(out) as target:
            for restored in restorer.bring(found, into_database=back, **typed_by()):
                returned += back and _put_back(database, restored)
                target.write(as_read(restored.lines) if readable else restored.lines.decode())
                number += 1
                kept += write_files(restored, files) if files else 0
    gone = f", {restorer.erased} cannot be read any more: their customers were erased" if restorer.erased else ""
    told = f"{number} conversations{f' and {kept} files' if files else ''} restored{gone}"
    click.echo(f"{told}{f', {returned} put back into the database' if back else ''}", err=True)


def _put_back(database: Database, restored: "Restored") -> bool:
    from services.archive.returning import put_back  # noqa: PLC0415 - see above

    try:
        put_back(database, restored)
    except NotReturned as error:
        click.echo(error, err=True)
        return False
    return True


@contextmanager
def _target(out: Path | None) -> Iterator[IO[str]]:
    if out is None:
        yield sys.stdout
        return
    out.touch(mode=0o600)
    with out.open("w", encoding="utf-8") as file:
        yield file


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except StorageError as error:
        raise click.ClickException(f"the storage cannot be used: {error}") from None
    except EncryptionError as error:
        raise click.ClickException(f"it does not open: {error}") from None
    except (ArchiveError, DataKeyError, StaleLease) as error:
        raise click.ClickException(str(error)) from None
