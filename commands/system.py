"""The state of the system: what runs, what waits, what failed, and another life for it."""

from dataclasses import asdict

import click

from commands.typist import typed_by
from config import load_settings
from database.db import Database
from database.models import Archive, AuditAct, AuditTree
from database.queries.presence import Running
from services.dead_letters import MOST
from services.status import look

_HOUR = 3600.0
_MICRO = 1_000_000  # of a currency's units, in which costs are kept
_QUEUES = {
    "inbox": "updates wait for a worker",
    "inbox_leases": "updates are being worked on",
    "answers": "questions are due for an answer",
    "answer_leases": "questions are being answered",
    "people": "customers wait for a person",
    "outbox": "messages wait to be sent",
    "sending": "messages are being sent",
    "dead": "updates failed too often",
    "dead_questions": "questions could not be answered",
    "dead_messages": "messages could not be sent",
}


@click.command()
@click.pass_obj
def replay(database: Database) -> None:
    """Give updates, questions and messages that failed too often another life."""
    with database.unit_of_work() as uow:
        revived = uow.dead_letters.revive(limit=MOST)
        uow.audit.record(AuditAct.DEAD_REPLAYED, actor=None, **asdict(revived), **typed_by())
    click.echo(
        f"{revived.updates} updates go back to the inbox, {revived.questions} questions are asked again,"
        f" {revived.messages} messages go back to the outbox; the workers find them within seconds"
    )


@click.command()
@click.pass_obj
def status(database: Database) -> None:
    """Say what runs, what waits and what failed."""
    with database.reading() as uow:
        state = look(uow)
    for part in state.running:
        click.echo(f"{part.number:6} × {part.part}" + _remarks(part))
    if not state.running:
        click.echo("nothing has run for a day")
    for name, words in _QUEUES.items():
        queue = state.backlog[name]
        age = f", the oldest for {queue.oldest:.0f} s" if queue.waiting else ""
        click.echo(f"{queue.waiting:6} {words}{age}")
    if state.held.number:
        click.echo(f"{state.held.number:6} of them wait for the messenger's limits, up to {state.held.longest:.0f} s")
    for lease in state.stuck:
        click.echo(f"a lease of {lease.queue} ran out {lease.seconds:.0f} s ago and nobody has taken it up")
    if state.dead:
        click.echo("       bring what is dead back with: manage.py replay")
    if state.unreadable:
        click.echo(f"{state.unreadable:6} updates had a form that this version does not know; their senders were told")
    click.echo("messages: " + (", ".join(f"{n} {kind}" for kind, n in sorted(state.delivery.items())) or "none"))
    click.echo(f"audit: {_sealed(state.tree, state.unsealed)}")
    click.echo(f"archive: {_archived(state.archived, state.unarchived)}")
    click.echo(f"models: {_spent(state.spent)}{'' if state.ai_enabled else '; the assistant is switched off'}")
    known = (f"{version.document} ({version.language}) v{version.number}" for version in state.knowledge)
    click.echo("knowledge: " + (", ".join(known) or "none"))
    indexes = (f"{index.language} {index.version} of {index.ready_at:%Y-%m-%d %H:%M} UTC" for index in state.indexes)
    click.echo("index: " + (", ".join(indexes) or "none"))


def _remarks(part: Running) -> str:
    gone = f", nothing heard for {part.silent:.0f} s" if not part.number else ""
    opened = f", breaker open: {', '.join(part.breakers)}" if part.breakers else ""
    return gone + opened


def _spent(spent: int) -> str:
    budget = load_settings().model.daily_budget
    of_budget = f" of {budget:g}{', so answers are quoted' if spent >= budget * _MICRO else ''}" if budget else ""
    return f"{spent / _MICRO:.2f} spent today{of_budget}"


def _archived(last: Archive | None, waits: float) -> str:
    waiting = f", what closed {waits / 3600:.0f} h ago waits" if waits >= _HOUR else ""
    if last is None:
        return f"nothing archived yet{waiting}"
    found = f", {last.findings} FINDINGS: manage.py archive verify" if last.findings else ""
    return f"last verified {last.verified_at:%Y-%m-%d %H:%M} UTC{found}{waiting}"


def _sealed(tree: AuditTree | None, unsealed: float) -> str:
    waiting = f", the oldest act waits to be sealed for {unsealed:.0f} s" if unsealed >= 1 else ""
    if tree is None:
        return f"nothing sealed yet{waiting}"
    found = f"{tree.findings} FINDINGS: manage.py audit verify" if tree.findings else "nothing found"
    checked = f"last checked {tree.checked_at:%Y-%m-%d %H:%M} UTC, {found}" if tree.checked_at else "never checked yet"
    return f"{tree.size} acts sealed, {checked}{waiting}"
