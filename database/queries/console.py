"""Queries over sign-in codes and the sessions of the console."""

from collections.abc import Sequence

from sqlalchemy import select, update

from database.models import ConsoleSession, SignInCode
from database.queries.scope import Queries, rowcount
from database.types import db_now

_SEEN = 60.0  # seconds between two writes of when a session was last seen


class ConsoleQueries(Queries):
    """Who of one bot's staff is signing in, and who has."""

    def code_of(self, telegram_id: int) -> SignInCode:
        """Return an account's row, locked until the commit; written if it was not there."""
        self.insert_new(SignInCode, [{"bot_id": self.bot_id, "telegram_id": telegram_id, "attempts": 0, "lockouts": 0}])
        statement = select(SignInCode).where(SignInCode.bot_id == self.bot_id, SignInCode.telegram_id == telegram_id)
        return self.session.scalars(statement.with_for_update(key_share=True)).one()

    def open_session(self, telegram_id: int, token: str, seconds: float) -> None:
        """Remember a session by its token; those that are over go by the schedule of retention."""
        self.session.add(
            ConsoleSession(
                bot_id=self.bot_id,
                telegram_id=telegram_id,
                token_hash=self.hashes(token)[0],
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
