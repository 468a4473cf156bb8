"""PINs: argon2 hashes, misses that lock for longer each time, and signing in with one."""

import re
import secrets
from collections.abc import Sequence
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from database.db import Database
from database.models import AuditAct, Availability, Operator, PinAttempts
from database.queries.operator import STRANGERS
from services.access import Permission, Role, allowed
from services.desk.desk import Desk
from services.desk.jobs import SignInOperator
from services.desk.queueing import give_back_all
from services.turn import Turn

ATTEMPTS = 5
_OF_STRANGERS = 20  # misses of all strangers together, so that many accounts do not guess what one may not
_FIRST_LOCK, _LONGEST_LOCK = 60, 86_400  # seconds; each further lock in a row is twice as long
_DIGITS = 8
_FORM = re.compile(r"\d{6,12}")
_HASHER = PasswordHasher()  # RFC 9106's second choice: 64 MiB, three passes


def new_pin() -> str:
    """Return a PIN that nobody chose."""
    return f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"


def is_pin(text: str) -> bool:
    """Return whether a text may be a PIN at all: 6 to 12 digits."""
    return bool(_FORM.fullmatch(text))


def hashed(pin: str) -> str:
    """Return what is kept of a PIN."""
    return _HASHER.hash(pin)


def fits(pin_hash: str | None, pin: str) -> bool:
    """Return whether a PIN is the one that was kept."""
    try:
        return pin_hash is not None and _HASHER.verify(pin_hash, pin)
    except (VerificationError, InvalidHashError):
        return False


def sign_in(turn: Turn, job: SignInOperator) -> None:
    """Sign an operator in; the message with the PIN leaves the chat whatever becomes of it."""
    if (message_id := job.message_id) is not None:
        chat_id, signals = turn.user.telegram_id, turn.tools.signals
        turn.uow.after_commit(lambda: signals.delete(chat_id, message_id))
    desk = Desk.of(turn)
    if not job.pin:
        turn.say("desk.pin_usage")
        return
    own = turn.uow.operators.of(desk.me)
    known = own is not None and own.pin_hash is not None
    misses = [turn.uow.operators.attempts(number) for number in ([desk.me] if known else [desk.me, STRANGERS])]
    now = turn.uow.now()
    if locked := [row.locked_until for row in misses if row.locked_until and row.locked_until > now]:
        minutes = -(-(max(locked) - now).total_seconds() // 60)
        turn.say("desk.pin_locked", minutes=int(minutes))
        return
    operator = _whose(desk, own if known else None, job.pin)
    if operator is None:
        _missed(desk, misses)
        turn.uow.audit.record(AuditAct.SIGN_IN_FAILED, actor=desk.me, via="telegram")
        turn.say("desk.pin_wrong")
        return
    misses[0].attempts, misses[0].lockouts, misses[0].locked_until = 0, 0, None
    if not _open(desk, operator, own):
        turn.say("refused.not_allowed")
        return
    turn.uow.audit.record(AuditAct.SIGNED_IN, actor=desk.me, subject=f"operator:{operator.id}", via="telegram")
    turn.say("desk.signed_in", name=turn.uow.operators.name(operator) or turn.sender.name)


def sign_out(desk: Desk, telegram_id: int) -> int:
    """End an operator's session; chats go back to the front of the queue. Returns how many there were."""
    given = give_back_all(desk, telegram_id)
    desk.uow.operators.sign_out(telegram_id)
    desk.uow.audit.record(AuditAct.SIGNED_OUT, actor=desk.actor, subject=f"account:{telegram_id}", via="telegram")
    return given


def revoke(desk: Desk, telegram_id: int) -> int:
    """Take an operator from the desk for good: PIN, role, session in Telegram and in the console, at once.

    Returns how many chats went back to the queue.
    """
    given = sign_out(desk, telegram_id)
    desk.uow.operators.shut_out(telegram_id)
    before = ",".join(sorted(desk.uow.roles.of(telegram_id)))
    subject = f"account:{telegram_id}"
    desk.uow.audit.record(AuditAct.OPERATOR_REVOKED, actor=desk.actor, subject=subject, before=before)
    desk.uow.roles.revoke(telegram_id, Role.MODERATOR)
    desk.uow.roles.revoke(telegram_id, Role.SUPERVISOR)
    desk.uow.console.end_sessions(telegram_id)
    return given


def take_in(database: Database, first: Sequence[tuple[str, str]]) -> int:
    """Take in the PINs of the settings, with names, if nobody has a PIN yet; returns how many."""
    with database.reading() as uow:
        if not first or any(row.pin_hash for row in uow.operators.all()):
            return 0
    kept = [(hashed(pin), name) for pin, name in dict(first).items()]
    with database.unit_of_work() as uow:
        uow.floor.lock()  # another worker may start just now
        if any(row.pin_hash for row in uow.operators.all()):
            return 0
        for pin_hash, name in kept:
            uow.operators.set_name(uow.operators.add(None, pin_hash), name)
    return len(kept)


def _whose(desk: Desk, own: Operator | None, pin: str) -> Operator | None:
    """Return whose PIN it is: the account's own, or one of the first import that nobody has used yet."""
    if not is_pin(pin):
        return None
    if own is not None:
        return own if fits(own.pin_hash, pin) else None
    return next((operator for operator in desk.uow.operators.unbound() if fits(operator.pin_hash, pin)), None)


def _open(desk: Desk, operator: Operator, own: Operator | None) -> bool:
    """Open a session; the first use of an imported PIN makes the account an operator's. False without the role."""
    if operator.telegram_id is None:
        if own is not None:  # a row without a PIN, from before; what it knew is not worth keeping twice
            desk.uow.session.delete(own)
            desk.uow.session.flush()
        operator.telegram_id = desk.me
        if desk.uow.roles.grant(desk.me, Role.MODERATOR, None):
            subject = f"account:{desk.me}"
            desk.uow.audit.record(AuditAct.ROLE_GRANTED, actor=None, subject=subject, role=Role.MODERATOR, via="pin")
    if not allowed(desk.uow.roles.of(desk.me), Permission.TAKE_CHATS):
        return False
    desk.uow.operators.sign_in(operator, desk.rules.session)
    operator.availability, operator.available_at = Availability.OFFLINE, desk.uow.now()
    return True


def _missed(desk: Desk, misses: list[PinAttempts]) -> None:
    for row in misses:
        row.attempts += 1
        if row.attempts >= (_OF_STRANGERS if row.telegram_id == STRANGERS else ATTEMPTS):
            seconds = min(_FIRST_LOCK * 2**row.lockouts, _LONGEST_LOCK)
            row.attempts, row.lockouts = 0, row.lockouts + 1
            row.locked_until = desk.uow.now() + timedelta(seconds=seconds)
            whom = None if row.telegram_id == STRANGERS else row.telegram_id
            desk.uow.audit.record(AuditAct.SIGN_IN_LOCKED, actor=whom, via="telegram", seconds=seconds)
