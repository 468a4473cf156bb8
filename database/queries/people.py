"""Queries over people as an administrator looks for them: by what is known of them, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from database.models import User
from database.models.user import TAIL, tail_of
from database.queries.scope import Queries


@dataclass(frozen=True)
class Sought:
    """Which people are looked for; what is None does not matter. `phone` is E.164, `tail` its last four digits."""

    tier: str | None = None
    language: str | None = None
    barred: bool | None = None
    telegram_id: int | None = None
    phone: str | None = None
    tail: str | None = None


class PeopleQueries(Queries):
    """The people of one bot, to be looked through."""

    def page(self, sought: Sought, limit: int, offset: int = 0) -> Sequence[User]:
        """Return people, those who came last first."""
        newest = select(User).where(*self._conditions(sought)).order_by(User.created_at.desc(), User.id)
        return self.session.scalars(newest.limit(limit).offset(offset)).all()

    def barred(self) -> dict[int, bool]:
        """Return whom the bank bars, by account, and whether each was told so."""
        barred = select(User.telegram_id, User.barred_told).where(
            User.bot_id == self.bot_id, User.barred_at.is_not(None)
        )
        return {row[0]: row[1] for row in self.session.execute(barred)}

    def _conditions(self, sought: Sought) -> list[Any]:
        conditions: list[Any] = [User.bot_id == self.bot_id]
        for column, value in (
            (User.tier, sought.tier),
            (User.language, sought.language),
            (User.telegram_id, sought.telegram_id),
        ):
            if value is not None:
                conditions.append(column == value)
        if sought.barred is not None:
            conditions.append(User.barred_at.is_not(None) if sought.barred else User.barred_at.is_(None))
        if sought.phone is not None:
            conditions.append(User.phone_index.in_(self.vault.index.candidates(sought.phone)))
        if sought.tail is not None:
            conditions.append(User.phone_tail.in_(self.vault.index.candidates(tail_of(sought.tail))))
        return conditions


def is_tail(text: str) -> bool:
    """Return whether a text is the last digits of a number."""
    return len(text) == TAIL and text.isascii() and text.isdigit()
