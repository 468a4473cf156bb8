"""The audit log: check it, prove an event, give events to others."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from commands.knowledge_options import Moment
from commands.typist import typed_by
from config import load_settings
from database.db import Database
from database.models import AuditAct
from database.queries.audit import Wanted
from services.audit import proof as proofs
from services.audit.checkpoint import Checkpoint, Notary
from services.audit.clerk import Clerk
from services.audit.errors import AuditError, NotVouchedFor
from services.audit.export import exported, fields_of
from services.storage import StorageError
from utils.signed_note import NoteError, Reader

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def audit() -> None:
    """Check, prove and give away the log of who did what."""


@audit.command()
@click.option("--checkpoint", "files", type=FILE, multiple=True, help="A checkpoint that was kept elsewhere.")
@click.pass_obj
def verify(database: Database, files: tuple[Path, ...]) -> None:
    """Hold every event against the tree, and the tree against all checkpoints; ends with 1 if anything is wrong."""
    clerk = _clerk(database)
    kept = [_read(clerk.notary, file) for file in files]
    try:
        report = clerk.check(kept)
    except StorageError as error:
        raise click.ClickException(f"the checkpoints outside cannot be read: {error}") from None
    for finding in report.findings:
        click.echo(f"{finding.kind.replace('_', ' ')}: {finding.what}")
    if report.number > len(report.findings):
        click.echo(f"and {report.number - len(report.findings)} more")
    told = f"{report.size} events held against {report.checkpoints} checkpoints, {report.waiting} not sealed yet"
    if report.number:
        raise click.ClickException(f"{told}: {report.number} findings, the log is NOT what was written")
    click.echo(f"{told}: the log is what was written")


@audit.command()
@click.argument("event_id", type=click.UUID)
@click.pass_obj
def prove(database: Database, event_id: UUID) -> None:
    """Print a proof that EVENT_ID is in the log, for somebody who has the public key and nothing else."""
    try:
        with database.reading() as uow:
            click.echo(str(proofs.prove(uow, _notary(), event_id)), nl=False)
    except AuditError as error:
        raise click.ClickException(str(error)) from None


@audit.command("check-proof")
@click.argument("file", type=FILE)
@click.option("--key", help="The public key, as `audit key` prints it; left out, this installation's own keys.")
def check_proof(file: Path, key: str | None) -> None:
    """Say what the proof in FILE proves; needs no database, and with --key no installation either."""
    try:
        readers = [Reader.read(key)] if key else _notary().readers
        event, checkpoint = proofs.check(proofs.Proof.read(file.read_text(encoding="utf-8")), None, readers)
    except (AuditError, NoteError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(json.dumps(event, ensure_ascii=False))
    click.echo(
        f"is one of the {checkpoint.size} events of {checkpoint.origin} at {checkpoint.at:%Y-%m-%d %H:%M:%S} UTC"
    )


@audit.command()
def key() -> None:
    """Print the public key that checkpoints and proofs are checked with."""
    click.echo(str(_notary().readers[0]))


@audit.command()
@click.pass_obj
def checkpoint(database: Database) -> None:
    """Print the newest checkpoint, to be kept elsewhere and given to `audit verify --checkpoint`."""
    with database.reading() as uow:
        tree = uow.audit_tree.head()
    if tree is None or not tree.checkpoint:
        raise click.ClickException("nothing is sealed yet")
    click.echo(tree.checkpoint, nl=False)


@audit.command()
@click.option("--since", type=Moment(), help="From when on, in UTC.")
@click.option("--until", type=Moment(), help="Until before when, in UTC.")
@click.option("--act", type=click.Choice([act.value for act in AuditAct]), help="One kind of act.")
@click.option("--actor", type=int, help="One account's acts.")
@click.option("--subject", help="What was done to one thing, such as account:7.")
@click.pass_obj
def export(database: Database, /, **wanted: Any) -> None:
    """Print events as JSON, one a line, the oldest first."""
    with database.unit_of_work() as uow:
        uow.audit.record(AuditAct.AUDIT_EXPORTED, actor=None, **typed_by())
    for event in exported(database, Wanted(**wanted)):
        click.echo(json.dumps(fields_of(event), ensure_ascii=False))


def _clerk(database: Database) -> Clerk:
    from services.wiring_audit import make_clerk  # noqa: PLC0415 - other commands need none of it
    from services.wiring_files import make_storage  # noqa: PLC0415 - see above

    settings = load_settings()
    return make_clerk(settings, database, make_storage(settings))


def _notary() -> Notary:
    from services.wiring_audit import make_notary  # noqa: PLC0415 - see above

    return make_notary(load_settings())


def _read(notary: Notary, file: Path) -> Checkpoint | NotVouchedFor:
    try:
        return notary.read(file.read_text(encoding="utf-8"))
    except (NotVouchedFor, UnicodeDecodeError) as error:
        return NotVouchedFor(f"{file.name}: {error}")
