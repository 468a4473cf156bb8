"""The people at the desk: issuing PINs, revoking, listing."""

import click

from commands.staff import give
from commands.typist import typed_by
from database.db import Database, UnitOfWork
from database.models import AuditAct, Operator
from services.access import Role
from services.desk.pins import fits, hashed, is_pin, new_pin


@click.group()
def operators() -> None:
    """Operators of the desk and their PINs."""


@operators.command()
@click.argument("telegram_id", type=int)
@click.option("--name", default="", help="The name that customers see.")
@click.option("--line", type=click.IntRange(1, 2), default=1, help="The line: 1, or 2 for what the first passes up.")
@click.option("--chats", type=click.IntRange(1, 50), help="Chats at a time, if not as many as OPERATOR_CHATS.")
@click.option("--language", "languages", multiple=True, help="A language they serve in; none named means any.")
@click.option("--skill", "skills", multiple=True, help="What they know, such as fraud.")
@click.option("--no-pin", is_flag=True, help="Let the role alone open the desk.")
@click.pass_obj
def add(database: Database, /, telegram_id: int, name: str, no_pin: bool, **seat: object) -> None:  # noqa: FBT001 - a flag
    """Make TELEGRAM_ID an operator, or change one, and show a new PIN, once."""
    pin = "" if no_pin else _unused(database)
    with database.unit_of_work() as uow:
        uow.roles.ensure_bot()
        give(uow, telegram_id, Role.MODERATOR)
        operator = uow.operators.ensure(telegram_id)
        operator.line, operator.chats = seat["line"], seat["chats"]  # type: ignore[assignment]  # click checked them
        operator.languages, operator.skills = list(seat["languages"]), list(seat["skills"])  # type: ignore[call-overload]
        if name:
            uow.operators.set_name(operator, name)
        operator.pin_hash = hashed(pin) if pin else None
        _renewed(uow, operator, AuditAct.OPERATOR_ADDED)
    click.echo(f"{telegram_id} is an operator" + (f", PIN {pin}: it is shown only now" if pin else ""))


@operators.command("pin")
@click.argument("telegram_id", type=int)
@click.pass_obj
def issue(database: Database, telegram_id: int) -> None:
    """Issue a new PIN to the operator TELEGRAM_ID; the one before, and its session, end."""
    pin = _unused(database)
    with database.unit_of_work() as uow:
        operator = uow.operators.of(telegram_id)
        if operator is None:
            raise click.ClickException(f"{telegram_id} is no operator; manage.py operators add makes one")
        operator.pin_hash = hashed(pin)
        _renewed(uow, operator, AuditAct.PIN_ISSUED)
    click.echo(f"PIN {pin}: it is shown only now")


@operators.command("revoke")
@click.argument("telegram_id", type=int)
@click.pass_obj
def take_away(database: Database, telegram_id: int) -> None:
    """Take the operator TELEGRAM_ID from the desk at once: PIN, role, sessions; chats go back to the queue."""
    with database.unit_of_work() as uow:
        if uow.operators.of(telegram_id) is None:
            raise click.ClickException(f"{telegram_id} is no operator")
        uow.operators.shut_out(telegram_id)
        before = ",".join(sorted(uow.roles.of(telegram_id)))
        for role in (Role.MODERATOR, Role.SUPERVISOR):
            uow.roles.revoke(telegram_id, role)
        uow.console.end_sessions(telegram_id)
        subject = f"account:{telegram_id}"
        uow.audit.record(AuditAct.OPERATOR_REVOKED, actor=None, subject=subject, before=before, **typed_by())
    click.echo(f"{telegram_id} is no operator any more")


@operators.command("list")
@click.pass_obj
def show(database: Database) -> None:
    """List the operators: account, line, chats, languages, skills, whether they have a PIN, what they said last."""
    with database.reading() as uow:
        for row in uow.operators.all():
            parts = [
                str(row.telegram_id or "unused PIN"),
                uow.operators.name(row) or "-",
                f"line {row.line}",
                f"{row.chats or 'usual'} chats",
                ",".join(row.languages) or "any language",
                ",".join(row.skills) or "no skills",
                "PIN" if row.pin_hash else "no PIN",
                row.availability or "on call",
            ]
            click.echo(" | ".join(parts))


def _unused(database: Database) -> str:
    """Return a PIN that nobody has: one PIN, one operator."""
    with database.reading() as uow:
        taken = [row.pin_hash for row in uow.operators.all()]
    while True:
        pin = new_pin()
        if is_pin(pin) and not any(fits(pin_hash, pin) for pin_hash in taken):
            return pin


def _renewed(uow: UnitOfWork, operator: Operator, act: AuditAct) -> None:
    operator.session_until = None
    uow.audit.record(act, actor=None, subject=f"operator:{operator.id}", **typed_by())
