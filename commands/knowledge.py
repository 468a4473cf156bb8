"""Look after the bank's own texts."""

from pathlib import Path

import click

from config import load_settings
from database.db import Database
from services.knowledge.errors import KnowledgeError
from services.knowledge.load import load, twins


@click.group()
def knowledge() -> None:
    """Look after the bank's own texts."""


@knowledge.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--language", help="The file's language; left out, the file is in the default one and has its twins.")
@click.pass_obj
def knowledge_load(database: Database, file: Path, language: str | None) -> None:
    """Load FILE as a new version, if it changed."""
    default = load_settings().conversation.language
    try:
        loaded = load(database, {language: file} if language else twins(file, default))
    except KnowledgeError as error:
        raise click.ClickException(f"{file.name}: {error}") from None
    click.echo("\n".join(loaded) or "nothing changed")
