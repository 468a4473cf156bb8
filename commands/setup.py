"""Bringing an installation up: schema, first roles, first knowledge."""

from pathlib import Path

import click
from alembic import command
from alembic.config import Config

from commands.staff import give
from config import ROOT, load_settings
from database.db import Database
from services.access import Role
from services.knowledge.errors import KnowledgeError
from services.knowledge.load import load

DEMO_STAFF = frozenset({9002, 9003, 9005})


def migrate(database: Database) -> None:
    """Bring the database to the newest schema, by its owner's account where there is one (migrations/env.py)."""
    config = Config(ROOT / "alembic.ini")
    if load_settings().database.owner_url.get_secret_value():
        command.upgrade(config, "head")
        return
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


@click.command()
@click.option("--admin", "admins", type=int, multiple=True, help="An account that becomes administrator.")
@click.option("--moderator", "moderators", type=int, multiple=True, help="An account that becomes moderator.")
@click.option("--supervisor", "supervisors", type=int, multiple=True, help="An account that becomes supervisor.")
@click.option("--knowledge", "files", multiple=True, help="LANGUAGE=FILE to load.")
@click.pass_obj
def prepare(database: Database, /, files: tuple[str, ...], **staff: tuple[int, ...]) -> None:
    """Migrate, load knowledge and grant roles in one go; doing it again changes nothing."""
    migrate(database)
    with database.unit_of_work() as uow:
        uow.roles.ensure_bot()
        for role in (Role.ADMIN, Role.MODERATOR, Role.SUPERVISOR):
            for telegram_id in staff[f"{role}s"]:
                give(uow, telegram_id, role)
    named = dict(entry.split("=", 1) for entry in files)
    try:
        loaded = load(database, {language: Path(file) for language, file in named.items()})
    except (KnowledgeError, OSError) as error:
        raise click.ClickException(str(error)) from None
    for sentence in loaded:
        click.echo(sentence)


@click.command("check-real")
@click.pass_obj
def check_real(database: Database) -> None:
    """Refuse to go on where the demo's staff still have their roles."""
    migrate(database)
    with database.reading() as uow:
        strangers = sorted(DEMO_STAFF & uow.roles.all().keys())
    if strangers:
        names = ", ".join(map(str, strangers))
        raise click.ClickException(
            f"the demo's staff ({names}) hold roles in this database; take them away with manage.py revoke"
        )
