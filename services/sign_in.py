"""Signing in to the console: a one-time code that the bot sends to the account's chat opens a session.

Whoever asks is told the same, whether the account is known or not. Codes and tokens are stored as keyed hashes only.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from database.db import Database, UnitOfWork
from database.models import AuditAct, Author, SignInCode
from services.access import Permission, allowed
from services.ports import Outbound, Wakeups, Words

CODE_SECONDS = 300
ATTEMPTS = 5
_PAUSE = timedelta(seconds=30)  # until a code that was not used is followed by another one
_FIRST_LOCK = 60  # seconds; each further lock in a row is twice as long
_LONGEST_LOCK = 3600
_IDLE = 1800.0  # seconds without a sign of life after which a session is over


@dataclass(frozen=True)
class Visitor:
    """Somebody of the staff who is signed in; the roles are as old as this object."""

    telegram_id: int
    roles: frozenset[str]
    language: str

    def may(self, permission: Permission) -> bool:
        """Return whether this person may do something."""
        return allowed(self.roles, permission)


class SignIn:
    """Sends codes, opens sessions for them, and tells whose a session is."""

    def __init__(self, database: Database, words: Words, wakeups: Wakeups, language: str, session: float) -> None:
        self._database = database
        self._words = words
        self._wakeups = wakeups
        self._language = language
        self._session = session

    def send_code(self, telegram_id: int) -> None:
        """Send a code to an account of the staff; to anybody else, or so soon after another one, nothing."""
        with self._database.unit_of_work() as uow:
            if not uow.roles.of(telegram_id):
                return
            row, now = uow.console.code_of(telegram_id), uow.now()
            out = row.code_hash is not None and row.sent_at is not None and now - row.sent_at < _PAUSE
            if out or (row.locked_until and row.locked_until > now):
                return
            code = f"{secrets.randbelow(10**6):06}"
            row.code_hash = self._hashes(uow, telegram_id, code)[0]
            row.sent_at, row.expires_at = now, now + timedelta(seconds=CODE_SECONDS)
            html = self._words.text(self._language_of(uow, telegram_id), "console.message", code=code)
            body = Outbound(html=html, protected=True).model_dump_json(exclude_defaults=True)
            uow.messages.send(telegram_id, body, author=Author.SYSTEM)
            uow.after_commit(self._wakeups.delivery)

    def open(self, telegram_id: int, code: str) -> str | None:
        """Return the token of a new session, or None: the code is wrong, used, late, or the account is locked."""
        with self._database.unit_of_work() as uow:
            if not uow.roles.of(telegram_id):
                return None
            row, now = uow.console.code_of(telegram_id), uow.now()
            if row.code_hash is None or row.expires_at is None or row.expires_at <= now:
                return None
            hashes = self._hashes(uow, telegram_id, code)
            if not any(hmac.compare_digest(row.code_hash, digest) for digest in hashes):
                self._missed(uow, row)
                return None
            uow.audit.record(AuditAct.SIGNED_IN, actor=telegram_id, via="console")
            row.code_hash, row.attempts, row.lockouts, row.locked_until = None, 0, 0, None
            token = secrets.token_hex(32)
            uow.console.open_session(telegram_id, token, self._session)
            return token

    def visitor(self, token: str | None, *, seen: bool = True) -> Visitor | None:
        """Return whose session a token opens, and if `seen` keep it from running out for want of use.

        Roles are read now, and an account without any has no session.
        """
        if not token:
            return None
        with self._database.reading() as uow:
            found = uow.console.account(token, _IDLE)
            if found is None or not (roles := uow.roles.of(found[0])):
                return None
            visitor = Visitor(found[0], roles, self._language_of(uow, found[0]))
        if seen and found[1]:
            with self._database.unit_of_work() as uow:
                uow.console.seen(token)
        return visitor

    def end(self, token: str) -> None:
        """End a session."""
        with self._database.unit_of_work() as uow:
            if telegram_id := uow.console.end_session(token):
                uow.audit.record(AuditAct.SIGNED_OUT, actor=telegram_id, via="console")

    def _missed(self, uow: UnitOfWork, row: SignInCode) -> None:
        row.attempts += 1
        uow.audit.record(AuditAct.SIGN_IN_FAILED, actor=row.telegram_id, via="console", attempt=row.attempts)
        if row.attempts >= ATTEMPTS:
            seconds = min(_FIRST_LOCK * 2**row.lockouts, _LONGEST_LOCK)
            row.code_hash, row.attempts, row.lockouts = None, 0, row.lockouts + 1
            row.locked_until = uow.now() + timedelta(seconds=seconds)
            uow.audit.record(AuditAct.SIGN_IN_LOCKED, actor=row.telegram_id, via="console", seconds=seconds)

    def _hashes(self, uow: UnitOfWork, telegram_id: int, code: str) -> tuple[bytes, ...]:
        return tuple(uow.console.hashes(f"code:{telegram_id}:{code}"))

    def _language_of(self, uow: UnitOfWork, telegram_id: int) -> str:
        user = uow.users.get(telegram_id)
        return (user.language if user else None) or self._language
