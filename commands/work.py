"""What waits and what failed."""

import click

from database.db import Database

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


@click.command()
@click.pass_obj
def replay(database: Database) -> None:
    """Give updates that failed too often another life."""
    with database.unit_of_work() as uow:
        number = uow.inbox.revive(limit=10_000)
    click.echo(f"{number} updates go back to the inbox; the workers find them within seconds")


@click.command()
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
