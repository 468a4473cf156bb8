"""Queries over sign-in codes and the sessions of the console."""

from collections.abc import Sequence

from sqlalchemy import exists, select, update

from database.models import ConsoleSession, SignInCode
from database.queries.scope import Queries, rowcount
from database.types import db_now

_SEEN = 60.0  # seconds between two writes of when a session was last seen


class ConsoleQueries(Queries):
    """Who of one bot's staff is signing in, and who has."""

    def code_of(self, telegram_id: int, browser: str) -> SignInCode | None:
        """Return the code with which a browser may open an account's session, locked until the commit."""
        statement = select(SignInCode).where(
            SignInCode.bot_id == self.bot_id,
            SignInCode.telegram_id == telegram_id,
            SignInCode.browser_hash.in_(self.hashes(browser)),
            SignInCode.code_hash.is_not(None),
            SignInCode.expires_at > db_now(),
        )
        return self.session.scalars(statement.with_for_update()).one_or_none()

    def in_vain(self, telegram_id: int, seconds: float) -> Sequence[SignInCode]:
        """Return an account's codes of the last seconds that opened nothing; nobody else adds any until the commit."""
        self.be_alone(f"sign-in:{telegram_id}")
        statement = select(SignInCode).where(
            SignInCode.bot_id == self.bot_id,
            SignInCode.telegram_id == telegram_id,
            SignInCode.created_at > db_now(-seconds),
        )
        return self.session.scalars(statement.order_by(SignInCode.created_at)).all()

    def knows(self, telegram_id: int, browser: str) -> bool:
        """Return whether an account was signed in in a browser before, as far as sessions are kept."""
        statement = exists().where(
            ConsoleSession.bot_id == self.bot_id,
            ConsoleSession.telegram_id == telegram_id,
            ConsoleSession.browser_hash.in_(self.hashes(browser)),
        )
        return bool(self.session.scalar(select(statement)))

    def open_session(self, telegram_id: int, token: str, seconds: float, browser: str | None = None) -> None:
        """Remember a session by its token; those that are over go by the schedule of retention."""
        self.session.add(
            ConsoleSession(
                bot_id=self.bot_id,
                telegram_id=telegram_id,
                token_hash=self.hashes(token)[0],
                browser_hash=self.hashes(browser)[0] if browser else None,
                expires_at=self.session.scalar(select(db_now(seconds))),
                seen_at=self.scope.now,
            )
        )

    def account(self, token: str, idle: float) -> tuple[int, bool] | None:
        """Return whose session a token opens, if it is not over and was seen within `idle` seconds.

        With it goes whether that was long enough ago to be written down anew (`seen`).
        """
        statement = select(ConsoleSession.telegram_id, ConsoleSession.seen_at <= db_now(-_SEEN)).where(
            ConsoleSession.bot_id == self.bot_id,
            ConsoleSession.token_hash.in_(self.hashes(token)),
            ConsoleSession.ended_at.is_(None),
            ConsoleSession.expires_at > db_now(),
            ConsoleSession.seen_at > db_now(-idle),
        )
        found = self.session.execute(statement).one_or_none()
        return None if found is None else (int(found[0]), bool(found[1]))

    def seen(self, token: str) -> None:
        """Write down that a session is in use."""
        own = update(ConsoleSession).where(
            ConsoleSession.bot_id == self.bot_id, ConsoleSession.token_hash.in_(self.hashes(token))
        )
        self.execute(own.values(seen_at=db_now()))

    def end_session(self, token: str) -> int | None:
        """End a session; returns whose it was, or None if it was over already."""
        own = update(ConsoleSession).where(
            ConsoleSession.bot_id == self.bot_id,
            ConsoleSession.token_hash.in_(self.hashes(token)),
            ConsoleSession.ended_at.is_(None),
        )
        return self.execute(own.values(ended_at=db_now()).returning(ConsoleSession.telegram_id)).scalar_one_or_none()

    def end_sessions(self, telegram_id: int) -> int:
        """End all sessions of an account; returns how many there were."""
        ended = self.execute(
            update(ConsoleSession)
            .where(
                ConsoleSession.bot_id == self.bot_id,
                ConsoleSession.telegram_id == telegram_id,
                ConsoleSession.ended_at.is_(None),
            )
            .values(ended_at=db_now())
        )
        return rowcount(ended)

    def hashes(self, secret: str) -> Sequence[bytes]:
        """Return the keyed hashes under which a token or a code may be stored, the current key's first."""
        return self.vault.index.candidates(f"console:{self.bot_id}:{secret}")
