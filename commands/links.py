"""Deep links to the bot."""

from datetime import timedelta
from uuid import UUID

import click

from config import load_settings
from database.db import Database
from database.models import AuditAct, LinkPurpose
from services.deep_link import Ticket, address, payload

_LONGEST = 500  # characters of a topic's question or a campaign's name


@click.group()
def links() -> None:
    """Make and list deep links to the bot: signed, for one purpose and a time."""


@links.command("make")
@click.argument("purpose", type=click.Choice([purpose.value for purpose in LinkPurpose]))
@click.argument("subject")
@click.option("--days", type=click.FloatRange(min=0.01, max=3650), help="How long it holds; LINK_DAYS unless given.")
@click.pass_obj
def make(database: Database, purpose: str, subject: str, days: float | None) -> None:
    """Make a link for PURPOSE: a conversation by its key, a topic by the question that opens it, a campaign by name."""
    lasts = days or load_settings().waiting.link_days
    if not 1 <= len(subject) <= _LONGEST:
        raise click.ClickException(f"a subject has 1 to {_LONGEST} characters")
    with database.unit_of_work() as uow:
        uow.roles.ensure_bot()
        if purpose == LinkPurpose.CONVERSATION:
            key = _conversation(subject)
            if uow.conversations.lock(key) is None:
                raise click.ClickException("there is no such conversation")
        else:
            key = uow.links.make(LinkPurpose(purpose), subject, lasts).id
        until = uow.now() + timedelta(days=lasts)
        text = payload(database.vault.keyring, database.bot_id, Ticket(LinkPurpose(purpose), key), until)
        uow.audit.record(AuditAct.LINK_MADE, actor=None, subject=f"link:{key}", purpose=purpose)
        username = uow.links.username()
    click.echo(address(username, text) if username else f"?start={text}   (the bot's name is known once it has run)")


@links.command("list")
@click.pass_obj
def list_(database: Database) -> None:
    """List the links of topics and campaigns, newest first, with how many people came by each."""
    with database.reading() as uow:
        for seen in uow.links.visited():
            link = seen.link
            click.echo(f"{seen.people:>7} people  until {link.expires_at:%Y-%m-%d}  {link.purpose}  {link.subject}")


def _conversation(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise click.ClickException("a conversation is named by its key, as answers show tells it") from None
