"""Look after the bank's own texts: load, upload, compare, approve, schedule, roll back."""

from pathlib import Path
from uuid import UUID

import click

from commands.golden import golden
from commands.knowledge_desk import KnowledgeDesk, refusing
from commands.knowledge_options import ACTOR, DOCUMENT, ITS_LANGUAGE, between, of_version
from config import load_settings
from database.db import Database
from services.knowledge.lifecycle import Dates
from services.knowledge.load import load, twins


@click.group()
@click.pass_context
def knowledge(context: click.Context) -> None:
    """Look after the bank's own texts."""
    context.obj = KnowledgeDesk(context.ensure_object(Database), load_settings().conversation.language)


knowledge.add_command(golden)
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@knowledge.command("load")
@FILE
@click.option("--language", help="The file's language; left out, the file is in the default one and has its twins.")
@click.pass_obj
def load_file(desk: KnowledgeDesk, file: Path, language: str | None) -> None:
    """Put FILE in force at once as the operator's own, if it changed."""
    with refusing(file.name):
        loaded = load(desk.database, {language: file} if language else twins(file, desk.default))
    click.echo("\n".join(loaded) or "nothing changed")
    if loaded:
        desk.check()
        desk.tell_what_got_worse()


@knowledge.command()
@FILE
@click.option("--document", help="The document that this is a version of; left out, the file's name.")
@click.option("--language", help="The language; left out, that of the file's name (rates.en.txt), else of its words.")
@ACTOR
@click.pass_obj
def upload(desk: KnowledgeDesk, file: Path, document: str | None, language: str | None, actor: int) -> None:
    """Store FILE as a draft, which a second person has to approve, and say what was understood of it."""
    with refusing(file.name):
        preview = desk.editing.preview(file.name, file.read_bytes())
        version = desk.editing.upload(actor, preview, document or preview.document, language or preview.language)
    desk.check()
    desk.tell(version.id)


@knowledge.command("list")
@click.pass_obj
def list_documents(desk: KnowledgeDesk) -> None:
    """List the documents with their versions."""
    desk.tell_documents()


@knowledge.command()
@of_version
def show(desk: KnowledgeDesk, version_id: UUID) -> None:
    """Show version NUMBER of DOCUMENT: who, when, entries, warnings, golden questions."""
    desk.tell(version_id, entries=True)


@knowledge.command()
@of_version
@click.option("--against", type=int, help="The number to compare with; left out, the version in force.")
def diff(desk: KnowledgeDesk, version_id: UUID, against: int | None) -> None:
    """Show what version NUMBER of DOCUMENT changes."""
    version = desk.editing.open(version_id).version
    desk.tell_difference(version_id, desk.find(version.document, version.language, against) if against else None)


@knowledge.command()
@of_version
@between
@ACTOR
def approve(desk: KnowledgeDesk, version_id: UUID, *, dates: Dates, actor: int) -> None:
    """Let version NUMBER of DOCUMENT hold; a version that does worse on the golden questions is not let through."""
    with refusing():
        desk.checked(lambda: desk.editing.approve(version_id, actor, dates))
    desk.tell(version_id)


@knowledge.command()
@of_version
@click.option("--reason", default="", help="Why.")
@ACTOR
def reject(desk: KnowledgeDesk, version_id: UUID, *, reason: str, actor: int) -> None:
    """Turn down draft NUMBER of DOCUMENT."""
    with refusing():
        version = desk.editing.reject(version_id, actor, reason)
    click.echo(f"version {version.number} of {version.document} is rejected")


@knowledge.command()
@of_version
@between
@ACTOR
def schedule(desk: KnowledgeDesk, version_id: UUID, *, dates: Dates, actor: int) -> None:
    """Change the dates of approved version NUMBER of DOCUMENT."""
    with refusing():
        desk.checked(lambda: desk.editing.schedule(version_id, actor, dates))
    desk.tell(version_id)


@knowledge.command()
@DOCUMENT
@ITS_LANGUAGE
@ACTOR
@click.pass_obj
def rollback(desk: KnowledgeDesk, document: str, language: str | None, actor: int) -> None:
    """Retire the version of DOCUMENT in force, so that the one before holds again."""
    language = language or desk.language_of(document)
    desk.tell_what_will_lose(document, language)
    with refusing():
        version = desk.editing.roll_back(document, language, actor)
    click.echo(f"version {version.number} of {document} ({version.language}) is in force again")


@knowledge.command()
@DOCUMENT
@ITS_LANGUAGE
@ACTOR
@click.pass_obj
def retire(desk: KnowledgeDesk, document: str, language: str | None, actor: int) -> None:
    """Take DOCUMENT out of the knowledge."""
    language = language or desk.language_of(document)
    desk.tell_what_will_lose(document, language)
    with refusing():
        number = desk.editing.retire(document, language, actor)
    click.echo(f"{document} is out of the knowledge: {number} versions retired")
