"""Look after the bank's own texts: load, upload, compare, approve, schedule, roll back."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

import click

from commands.golden import golden
from commands.knowledge_desk import ACTOR, LANGUAGE, MOMENT, KnowledgeDesk, refusing
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
DOCUMENT = click.argument("document")
NUMBER = click.argument("number", type=int)
START = click.option("--from", "start", type=MOMENT, help="When it begins, in UTC; left out, at once.")
END = click.option("--to", "end", type=MOMENT, help="When it ends, in UTC; left out, never.")


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
@DOCUMENT
@NUMBER
@LANGUAGE
@click.pass_obj
def show(desk: KnowledgeDesk, document: str, number: int, language: str | None) -> None:
    """Show version NUMBER of DOCUMENT: who, when, entries, warnings, golden questions."""
    desk.tell(desk.find(document, language, number), entries=True)


@knowledge.command()
@DOCUMENT
@NUMBER
@click.option("--against", type=int, help="The number to compare with; left out, the version in force.")
@LANGUAGE
@click.pass_obj
def diff(desk: KnowledgeDesk, document: str, number: int, against: int | None, language: str | None) -> None:
    """Show what version NUMBER of DOCUMENT changes."""
    other: UUID | None = desk.find(document, language, against) if against else None
    desk.tell_difference(desk.find(document, language, number), other)


@knowledge.command()
@DOCUMENT
@NUMBER
@LANGUAGE
@START
@END
@ACTOR
@click.pass_obj
def approve(  # noqa: PLR0913 - one parameter an option
    desk: KnowledgeDesk,
    document: str,
    number: int,
    *,
    language: str | None,
    start: datetime | None,
    end: datetime | None,
    actor: int,
) -> None:
    """Let version NUMBER of DOCUMENT hold; a version that does worse on the golden questions is not let through."""
    version_id = desk.find(document, language, number)
    with refusing():
        desk.approve(version_id, actor, Dates(start, end))
    desk.tell(version_id)


@knowledge.command()
@DOCUMENT
@NUMBER
@LANGUAGE
@click.option("--reason", default="", help="Why.")
@ACTOR
@click.pass_obj
def reject(  # noqa: PLR0913 - one parameter an option
    desk: KnowledgeDesk, document: str, number: int, *, language: str | None, reason: str, actor: int
) -> None:
    """Turn down draft NUMBER of DOCUMENT."""
    with refusing():
        version = desk.editing.reject(desk.find(document, language, number), actor, reason)
    click.echo(f"version {version.number} of {document} is rejected")


@knowledge.command()
@DOCUMENT
@NUMBER
@LANGUAGE
@START
@END
@ACTOR
@click.pass_obj
def schedule(  # noqa: PLR0913 - one parameter an option
    desk: KnowledgeDesk,
    document: str,
    number: int,
    *,
    language: str | None,
    start: datetime | None,
    end: datetime | None,
    actor: int,
) -> None:
    """Change the dates of approved version NUMBER of DOCUMENT."""
    version_id = desk.find(document, language, number)
    with refusing():
        desk.editing.schedule(version_id, actor, Dates(start, end))
    desk.tell(version_id)


@knowledge.command()
@DOCUMENT
@LANGUAGE
@ACTOR
@click.pass_obj
def rollback(desk: KnowledgeDesk, document: str, language: str | None, actor: int) -> None:
    """Retire the version of DOCUMENT in force, so that the one before holds again."""
    with refusing():
        version = desk.editing.roll_back(document, language or desk.default, actor)
    click.echo(f"version {version.number} of {document} ({version.language}) is in force again")


@knowledge.command()
@DOCUMENT
@LANGUAGE
@ACTOR
@click.pass_obj
def retire(desk: KnowledgeDesk, document: str, language: str | None, actor: int) -> None:
    """Take DOCUMENT out of the knowledge."""
    with refusing():
        number = desk.editing.retire(document, language or desk.default, actor)
    click.echo(f"{document} is out of the knowledge: {number} versions retired")
