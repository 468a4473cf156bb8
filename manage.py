"""Commands for people who operate the bot: `python manage.py --help`."""

import sys
from pathlib import Path

import click
from alembic import command
from alembic.config import Config

from config import ROOT, load_settings
from database.db import Database
from services.access import Role
from services.knowledge.errors import KnowledgeError
from services.knowledge.load import load, twins
from services.wiring import make_database
from utils.encryption import generate_key
from utils.settings import SettingsError

DEMO_STAFF = frozenset({9002, 9003})
_QUEUES = {
    "inbox": "updates wait for a worker",
    "inbox_leases": "updates are being worked on",
    "answers": "questions are due for an answer",
    "answer_leases": "questions are being answered",
    "people": "customers wait for a person",
    "outbox": "messages wait to be sent",
    "sending": "messages are being sent",
    "dead": "updates failed too often (bring them back with: manage.py replay)",
}
_ROLES = click.Choice([role.value for role in Role if role is not Role.CUSTOMER])


def migrate(database: Database) -> None:
    """Bring the database to the newest schema."""
    config = Config(ROOT / "alembic.ini")
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


@click.group()
@click.pass_context
def cli(context: click.Context) -> None:
    """Operate the bank's Telegram bot."""
    if context.invoked_subcommand != "keys":
        context.obj = make_database(load_settings())


@cli.command()
@click.argument("role", type=_ROLES)
@click.argument("telegram_id", type=int)
@click.pass_obj
def grant(database: Database, role: str, telegram_id: int) -> None:
    """Give ROLE to the account TELEGRAM_ID."""
    with database.unit_of_work() as uow:
        uow.roles.ensure_bot()
        new = uow.roles.grant(telegram_id, role, granted_by=None)
    click.echo(f"{telegram_id} is {role}" + ("" if new else " already"))


@cli.command()
@click.argument("role", type=_ROLES)
@click.argument("telegram_id", type=int)
@click.pass_obj
def revoke(database: Database, role: str, telegram_id: int) -> None:
    """Take ROLE from the account TELEGRAM_ID."""
    with database.unit_of_work() as uow:
        held = uow.roles.revoke(telegram_id, role)
    if not held:
        raise click.ClickException(f"{telegram_id} is not {role}")
    click.echo(f"{telegram_id} is no longer {role}")


@cli.group()
def keys() -> None:
    """Keys that protect what is stored."""


@keys.command("new")
def keys_new() -> None:
    """Print a new key for ENCRYPTION_KEY or BLIND_INDEX_KEY."""
    click.echo(generate_key())


@cli.group()
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


@cli.command()
@click.pass_obj
def replay(database: Database) -> None:
    """Give updates that failed too often another life."""
    with database.unit_of_work() as uow:
        number = uow.inbox.revive(limit=10_000)
    click.echo(f"{number} updates go back to the inbox; the workers find them within seconds")


@cli.command()
@click.pass_obj
def status(database: Database) -> None:
    """Say what waits and what failed."""
    with database.reading() as uow:
        backlog = {queue.queue: queue for queue in uow.backlog.all()}
        delivery, versions = uow.delivery.counts(), uow.knowledge.current()
    for name, words in _QUEUES.items():
        queue = backlog[name]
        age = f", the oldest for {queue.oldest:.0f} s" if queue.waiting else ""
        click.echo(f"{queue.waiting:6} {words}{age}")
    click.echo("messages: " + (", ".join(f"{n} {state}" for state, n in sorted(delivery.items())) or "none"))
    click.echo("knowledge: " + (", ".join(f"{v.document} ({v.language}) v{v.number}" for v in versions) or "none"))


@cli.command()
@click.option("--admin", "admins", type=int, multiple=True, help="An account that becomes administrator.")
@click.option("--moderator", "moderators", type=int, multiple=True, help="An account that becomes moderator.")
@click.option("--knowledge", "files", multiple=True, help="LANGUAGE=FILE to load.")
@click.pass_obj
def prepare(database: Database, admins: tuple[int, ...], moderators: tuple[int, ...], files: tuple[str, ...]) -> None:
    """Migrate, load knowledge and grant roles in one go; doing it again changes nothing."""
    migrate(database)
    with database.unit_of_work() as uow:
        uow.roles.ensure_bot()
        for telegram_id in admins:
            uow.roles.grant(telegram_id, Role.ADMIN, granted_by=None)
        for telegram_id in moderators:
            uow.roles.grant(telegram_id, Role.MODERATOR, granted_by=None)
    named = dict(entry.split("=", 1) for entry in files)
    try:
        loaded = load(database, {language: Path(file) for language, file in named.items()})
    except (KnowledgeError, OSError) as error:
        raise click.ClickException(str(error)) from None
    for sentence in loaded:
        click.echo(sentence)


@cli.command("check-real")
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


def main() -> int:
    """Run a command; returns the process's exit code."""
    try:
        cli()
    except SettingsError as error:
        click.echo(error, err=True)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
