"""What the commands of the knowledge take: who acts, a version by its document and number, dates."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import update_wrapper, wraps
from typing import Any

import click

from commands.knowledge_desk import KnowledgeDesk
from services.knowledge.lifecycle import Dates

DOCUMENT = click.argument("document")
NUMBER = click.argument("number", type=int)
LANGUAGE = click.option("--language", help="The language; left out, the default one.")
ITS_LANGUAGE = click.option(
    "--language", help="The document's language; left out, the only one it has, else the default one."
)
ACTOR = click.option(
    "--as", "actor", type=int, required=True, help="Whose act this is: the Telegram id of an account with a role."
)
Command = Callable[..., None]


class Moment(click.ParamType[datetime]):
    """A moment in UTC unless it names another zone: 2026-12-01, 2026-12-01T09:30, 2026-12-01T09:30+05:00."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read a moment."""
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value} is not a moment such as 2026-12-01T09:30", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def of_version(command: Command) -> Command:
    """Let a command name a version by its document, number and language; it is given the desk and the version's key."""

    def found(desk: KnowledgeDesk, /, document: str, number: int, language: str | None, **more: Any) -> None:
        command(desk, desk.find(document, language, number), **more)

    update_wrapper(found, command)
    return DOCUMENT(NUMBER(ITS_LANGUAGE(click.pass_obj(found))))


def between(command: Command) -> Command:
    """Let a command take the dates between which a version holds."""

    @click.option("--from", "start", type=Moment(), help="When it begins, in UTC; left out, at once.")
    @click.option("--to", "end", type=Moment(), help="When it ends, in UTC; left out, never.")
    @wraps(command)
    def dated(*given: Any, start: datetime | None, end: datetime | None, **more: Any) -> None:
        command(*given, dates=Dates(start, end), **more)

    return dated
