"""What customers may demand, done by the staff on a written request; and certificates of erasures, checked."""

import re
from pathlib import Path
from uuid import UUID

import click

from commands.typist import typed_by
from config import load_settings
from database.db import Database, UnitOfWork
from database.models import AuditAct, User
from services.privacy_rights.certificate import Certifier, NotACertificate, check
from services.privacy_rights.documents import FORMS, Papers
from utils.signed_note import NoteError, Reader

_REFERENCE = re.compile(r"(?=.*\d)[\w№#./-]{1,40}")  # a number, not a sentence: it stays in the audit log for good
_LISTED = 50

_reference = click.option("--reference", required=True, help="The number of the written request, such as 2026/114.")


@click.group()
def privacy() -> None:
    """Export and erase what is kept of a customer, on a written request."""


@privacy.command()
@click.argument("telegram_id", type=int)
@_reference
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="A folder.")
@click.pass_obj
def export(database: Database, telegram_id: int, reference: str, folder: Path) -> None:
    """Write all that is kept of the customer TELEGRAM_ID into two files, for people and for programs."""
    with database.unit_of_work() as uow:
        user = _customer(uow, telegram_id)
        _record(uow, AuditAct.DATA_EXPORTED, f"user:{user.id}", reference)
        keys = [key.id for key in uow.data_keys.of(telegram_id) if key.wrapped]
        archived = len(uow.archives.of_keys(keys).keys() - set(uow.personal.customer(user).talks))
    documents = _documents(database)
    folder.mkdir(parents=True, exist_ok=True)
    for form in FORMS:
        file = folder / f"customer-{telegram_id}.{form}"
        file.touch(mode=0o600)
        file.write_bytes(documents.export(telegram_id, form))
        click.echo(file)
    if archived:
        click.echo(f"{archived} more conversations are in archives alone: archive restore --customer {telegram_id}")


@privacy.command()
@click.argument("telegram_id", type=int)
@_reference
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def erase(database: Database, telegram_id: int, reference: str, *, yes: bool) -> None:
    """Erase all that is kept of the customer TELEGRAM_ID; a worker does it, and the customer gets the certificate."""
    if not yes:
        click.confirm(f"Erase all that is kept of {telegram_id}? There is no way back", abort=True)
    with database.unit_of_work() as uow:
        user = _customer(uow, telegram_id)
        if uow.personal.is_staff(telegram_id):
            raise click.ClickException("the account works, or worked, for the bank: revoke it first")
        known = uow.erasures.undone(telegram_id)
        language = user.language or load_settings().conversation.language
        erasure = known or uow.erasures.want(telegram_id, language, by_staff=True)
        if known is None:
            user.erasing = True
            _record(uow, AuditAct.ERASURE_WANTED, f"erasure:{erasure.id}", reference)
        if holds := len(uow.holds.of(telegram_id)):
            click.echo(f"{holds} legal holds keep all of it: it goes when they are lifted")
    click.echo(f"erasure {erasure.id} {'was asked for before' if known else 'is under way'}; see: privacy list")


@privacy.command("list")
@click.pass_obj
def list_(database: Database) -> None:
    """List the newest erasures with their states."""
    with database.reading() as uow:
        for erasure in uow.erasures.all(_LISTED):
            whose = f"customer {erasure.telegram_id}" if erasure.telegram_id else f"{sum(erasure.counts.values())} rows"
            click.echo(f"{erasure.created_at:%Y-%m-%d %H:%M}  {erasure.id}  {erasure.state:<9}  {whose}")


@privacy.command()
@click.argument("erasure_id", type=click.UUID)
@click.pass_obj
def certificate(database: Database, erasure_id: UUID) -> None:
    """Print the certificate of an erasure."""
    with database.reading() as uow:
        erasure = uow.erasures.get(erasure_id)
    if erasure is None or erasure.certificate is None:
        raise click.ClickException("there is no such erasure, or it is not done yet")
    click.echo(erasure.certificate, nl=False)


@privacy.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", help="The public key, as `privacy key` prints it; left out, this installation's own keys.")
def check_(file: Path, key: str | None) -> None:
    """Say what the certificate in FILE proves; needs no database."""
    try:
        readers = [Reader.read(key)] if key else _certifier().readers
        found = check(file.read_text(encoding="utf-8"), readers)
    except (NotACertificate, NoteError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"erasure {found.id} of {found.origin}, {found.at:%Y-%m-%d %H:%M:%S} UTC: signed by a known key")
    for name, number in sorted(found.erased.items()):
        click.echo(f"{number:>9}  {name}")
    click.echo(f"     kept  {', '.join(found.kept)}")


@privacy.command()
def key() -> None:
    """Print the public key that certificates are checked with."""
    click.echo(str(_certifier().readers[0]))


def _customer(uow: UnitOfWork, telegram_id: int) -> User:
    user = uow.users.get(telegram_id)
    if user is None:
        raise click.ClickException(f"there is no customer {telegram_id}")
    return user


def _record(uow: UnitOfWork, act: AuditAct, subject: str, reference: str) -> None:
    if not _REFERENCE.fullmatch(reference):
        raise click.ClickException("a reference is the number of a written request: letters, digits and № # . / - only")
    uow.audit.record(act, actor=None, subject=subject, reference=reference, **typed_by())


def _documents(database: Database) -> Papers:
    from services.wiring_worker import make_catalogues  # noqa: PLC0415 - other commands need none of it

    settings = load_settings()
    return Papers(database, make_catalogues(settings), settings.conversation.language)


def _certifier() -> Certifier:
    from services.wiring_audit import make_certifier  # noqa: PLC0415 - see above

    return make_certifier(load_settings())
