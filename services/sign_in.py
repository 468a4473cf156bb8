"""Signing in to the console: a one-time code that the bot sends to the account's chat opens a session.

Whoever asks is told the same, whether the account is known or not. Codes and tokens are stored as keyed hashes only.

A code is for the browser that asked for it, and mistakes count against that code alone: a stranger who guesses closes
no door to anybody. What guessing costs is codes, and of those few go out in an hour for an account: to a network, and
to all browsers in which it was never signed in. The others have a share of their own, which no stranger can use up.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from database.db import Database, UnitOfWork
from database.models import AuditAct, Author, SignInCode
from services.access import Permission, allowed
from services.metrics import SIGN_INS
from services.ports import Outbound, Wakeups, Words

CODE_SECONDS = 300
ATTEMPTS = 5
EACH = 5  # codes that opened nothing which one browser, or one network, gets in an hour for an account
ALL = 15  # and all browsers together, but for those that are known: 75 guesses an hour, one in a hundred million each
_DIGITS = 8
_PAUSE = timedelta(seconds=30)  # until a code that was not used is followed by another one
_HOUR = 3600.0
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


@dataclass(frozen=True)
class Browser:
    """Who asks, as far as can be told: a secret that this browser keeps, and the network that it asks from."""

    secret: str
    source: str


class SignIn:
    """Sends codes, opens sessions for them, and tells whose a session is."""

    def __init__(self, database: Database, words: Words, wakeups: Wakeups, language: str, session: float) -> None:
        self._database = database
        self._words = words
        self._wakeups = wakeups
        self._language = language
        self._session = session

    def send_code(self, telegram_id: int, browser: Browser) -> None:
        """Send a code to an account of the staff; to others, too soon after another one, or too often, nothing."""
        with self._database.unit_of_work() as uow:
            if not uow.roles.of(telegram_id):
                return
            vain = uow.console.in_vain(telegram_id, _HOUR)
            mine, networks = uow.console.hashes(browser.secret), uow.console.hashes(browser.source)
            own = [row for row in vain if row.browser_hash in mine]
            if own and own[-1].code_hash and uow.now() - own[-1].created_at < _PAUSE:
                return
            near = [row for row in vain if row.source_hash in networks]
            strange = not uow.console.knows(telegram_id, browser.secret)
            if len(own) >= EACH or (strange and (len(near) >= EACH or len(vain) >= ALL)):
                SIGN_INS.labels("refused").inc()
                return
            for row in own:
                row.code_hash = None
            self._send(uow, telegram_id, SignInCode(browser_hash=mine[0], source_hash=networks[0]))

    def open(self, telegram_id: int, code: str, browser: Browser) -> str | None:
        """Return the token of a new session, or None: the code is wrong, used, late, or another browser's."""
        with self._database.unit_of_work() as uow:
            if not uow.roles.of(telegram_id):
                return None
            row = uow.console.code_of(telegram_id, browser.secret)
            if row is None or row.code_hash is None:
                return None
            hashes = self._hashes(uow, telegram_id, code)
            if not any(hmac.compare_digest(row.code_hash, digest) for digest in hashes):
                self._missed(uow, row)
                return None
            uow.audit.record(AuditAct.SIGNED_IN, actor=telegram_id, via="console")
            uow.session.delete(row)
            token = secrets.token_hex(32)
            uow.console.open_session(telegram_id, token, self._session, browser.secret)
            uow.after_commit(SIGN_INS.labels("opened").inc)
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

    def _send(self, uow: UnitOfWork, telegram_id: int, row: SignInCode) -> None:
        code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
        row.bot_id, row.telegram_id = self._database.bot_id, telegram_id
        row.code_hash = self._hashes(uow, telegram_id, code)[0]
        row.expires_at = uow.now() + timedelta(seconds=CODE_SECONDS)
        uow.session.add(row)
        html = self._words.text(self._language_of(uow, telegram_id), "console.message", code=code)
        body = Outbound(html=html, protected=True).model_dump_json(exclude_defaults=True)
        uow.messages.send(telegram_id, body, author=Author.SYSTEM)
        uow.after_commit(self._wakeups.delivery)
        uow.after_commit(SIGN_INS.labels("sent").inc)

    def _missed(self, uow: UnitOfWork, row: SignInCode) -> None:
        row.attempts += 1
        uow.audit.record(AuditAct.SIGN_IN_FAILED, actor=row.telegram_id, via="console", attempt=row.attempts)
        uow.after_commit(SIGN_INS.labels("wrong").inc)
        if row.attempts >= ATTEMPTS:
            row.code_hash = None
            uow.after_commit(SIGN_INS.labels("spent").inc)

    def _hashes(self, uow: UnitOfWork, telegram_id: int, code: str) -> tuple[bytes, ...]:
        return tuple(uow.console.hashes(f"code:{telegram_id}:{code}"))

    def _language_of(self, uow: UnitOfWork, telegram_id: int) -> str:
        user = uow.users.get(telegram_id)
        return (user.language if user else None) or self._language
