"""Queries over who a broadcast is for: segments and their size, lists from files, tags."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select

from database.models import BroadcastKind, BroadcastListed, User, UserTag
from database.queries.scope import Queries, rowcount
from database.types import db_now

_DAY = 86_400.0  # seconds
_AT_ONCE = 5_000  # accounts of one statement
T = TypeVar("T")


@dataclass(frozen=True)
class Segment:
    """Whom a broadcast is for; what is empty does not matter. `active` and `silent` are days.

    `listed`: only accounts that a file named.
    """

    languages: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    active: int | None = None
    silent: int | None = None
    tag: str | None = None
    listed: bool = False

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Segment":
        """Return a segment as a row keeps it."""
        fields: dict[str, Any] = {n: tuple(value) if isinstance(value, list) else value for n, value in kept.items()}
        return cls(**fields)

    def kept(self) -> dict[str, Any]:
        """Return what a row keeps of it."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class Audience:
    """How many people of a segment are reached, and how many are not: for each the first reason that holds."""

    reached: int
    opted_out: int
    blocked: int
    unconsented: int


class AudienceQueries(Queries):
    """The people of one bot as broadcasts see them."""

    def count(self, broadcast_id: UUID, segment: Segment, kind: str) -> Audience:
        """Return how many people a broadcast would go to now, and how many it would leave out."""
        agreed = User.consent_version.is_not(None)
        there = and_(agreed, User.blocked_at.is_(None), User.barred_at.is_(None))
        out = and_(there, opted_out(kind))
        numbers = select(
            func.count().filter(there),
            func.count().filter(out),
            func.count().filter(and_(agreed, User.blocked_at.is_not(None))),
            func.count().filter(User.consent_version.is_(None)),
        )
        within, gone, blocked, unconsented = self.session.execute(
            numbers.where(self.within(broadcast_id, segment))
        ).one()
        return Audience(within - gone, gone, blocked, unconsented)

    def within(self, broadcast_id: UUID, segment: Segment) -> ColumnElement[bool]:
        """Return the condition that a person belongs to a segment, reachable or not."""
        wanted = [User.bot_id == self.bot_id]
        if segment.languages:
            wanted.append(User.language.in_(segment.languages))
        if segment.tiers:
            wanted.append(User.tier.in_(segment.tiers))
        if segment.active:
            wanted.append(User.seen_at >= db_now(-_DAY * segment.active))
        if segment.silent:
            wanted.append(or_(User.seen_at.is_(None), User.seen_at < db_now(-_DAY * segment.silent)))
        if segment.tag:
            tagged = select(UserTag.user_id).where(UserTag.bot_id == self.bot_id, UserTag.tag == segment.tag)
            wanted.append(User.id.in_(tagged))
        if segment.listed:
            named = select(BroadcastListed.chat_id).where(BroadcastListed.broadcast_id == broadcast_id)
            wanted.append(User.telegram_id.in_(named))
        return and_(*wanted)

    def keep_list(self, broadcast_id: UUID, accounts: Iterable[int]) -> int:
        """Keep the accounts that a file names, in place of those before if there are any.

        Returns how many of them the bot knows.
        """
        for number, some in enumerate(_parts(accounts)):
            if number == 0:
                self.execute(delete(BroadcastListed).where(BroadcastListed.broadcast_id == broadcast_id))
            rows = [{"broadcast_id": broadcast_id, "chat_id": chat_id, "bot_id": self.bot_id} for chat_id in some]
            self.insert_new(BroadcastListed, rows)
        return self.session.scalars(
            select(func.count()).select_from(User).where(self.within(broadcast_id, Segment(listed=True)))
        ).one()

    def tags(self) -> dict[str, int]:
        """Return the tags there are, with how many people have each."""
        counted = select(UserTag.tag, func.count()).where(UserTag.bot_id == self.bot_id).group_by(UserTag.tag)
        return {tag: int(number) for tag, number in self.session.execute(counted.order_by(UserTag.tag))}

    def tag(self, tag: str, accounts: Sequence[int]) -> int:
        """Put a tag on people; returns how many did not have it. Accounts that the bot does not know are left out."""
        found = self._ids(accounts)
        return self.insert_new(UserTag, [{"bot_id": self.bot_id, "user_id": user, "tag": tag} for user in found])

    def untag(self, tag: str, accounts: Sequence[int] | None = None) -> int:
        """Take a tag from people, or from everybody; returns how many had it."""
        gone = delete(UserTag).where(UserTag.bot_id == self.bot_id, UserTag.tag == tag)
        if accounts is None:
            return rowcount(self.execute(gone))
        return sum(
            rowcount(self.execute(gone.where(UserTag.user_id.in_(some)))) for some in _parts(self._ids(accounts))
        )

    def _ids(self, accounts: Sequence[int]) -> list[UUID]:
        known = select(User.id).where(User.bot_id == self.bot_id)
        found = (self.session.scalars(known.where(User.telegram_id.in_(some))) for some in _parts(accounts))
        return [user for some in found for user in some]


def opted_out(kind: str) -> ColumnElement[bool]:
    """Return the condition that a person wants no broadcasts of a kind."""
    return User.opted_out_at.is_not(None) if kind == BroadcastKind.MARKETING else User.id.is_(None)


def _parts(accounts: Iterable[T]) -> Iterator[tuple[T, ...]]:
    left = iter(accounts)
    while some := tuple(islice(left, _AT_ONCE)):
        yield some
