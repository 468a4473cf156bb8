"""Commands for people who operate the bot: `python manage.py --help`."""

import sys

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from commands.answers import answers
from commands.archive import archive
from commands.audit import audit
from commands.callbacks import callbacks
from commands.desk import canned, desk
from commands.hold import hold
from commands.keys import keys
from commands.knowledge import knowledge
from commands.links import links
from commands.operators import operators
from commands.privacy import privacy
from commands.ratings import ratings
from commands.retention import retention
from commands.setup import check_real, prepare
from commands.staff import grant, revoke, sign_out, staff
from commands.system import replay, status
from commands.tags import tags
from config import load_settings
from services.wiring import make_database
from utils.settings import SettingsError

_MADE_BY = "Its tables are made by `make demo`, `make run`, or by hand by `alembic upgrade head`."
_FOR_STRANGERS = (["keys"], ["audit", "check-proof"])  # commands that need no installation


class _Commands(click.Group):
    """Gives the database of the settings to each command but those that need none or only explain themselves."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of what was typed; raises SettingsError."""
        found = super().resolve_command(ctx, args)
        if "--help" not in args and not any(args[: len(known)] == known for known in _FOR_STRANGERS):
            ctx.obj = make_database(load_settings())
        return found


@click.group(cls=_Commands)
def cli() -> None:
    """Operate the bank's Telegram bot."""


_STAFF = (grant, revoke, sign_out, staff, operators, desk, canned)
_ROOMS = (keys, knowledge, answers, ratings, callbacks, links, tags, audit, archive, retention, hold, privacy)
for _command in (*_STAFF, *_ROOMS, replay, status, prepare, check_real):
    cli.add_command(_command)


def main() -> int:
    """Run a command; returns the process's exit code."""
    try:
        cli()
    except SettingsError as error:
        click.echo(error, err=True)
        return 2
    except (OperationalError, ProgrammingError) as error:
        reason = str(error.orig).strip().partition("\n")[0]
        click.echo(f"the database cannot be used: {reason}\n{_MADE_BY}", err=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
