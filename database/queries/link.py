"""Queries over deep links, and the name that the bot has in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update

from database.models import Bot, Link, LinkOpening, LinkPurpose, User
from database.queries.scope import Queries
from database.types import db_now


@dataclass(frozen=True)
class Visited:
    """A link, and how many people came by it."""

    link: Link
    people: int


class LinkQueries(Queries):
    """The deep links of one bot."""

    def make(self, purpose: LinkPurpose, subject: str, days: float) -> Link:
        """Write a link for a topic or a campaign that holds for some days."""
        expires_at = self.session.execute(select(db_now(days * 86_400))).scalar_one()
        link = Link(bot_id=self.bot_id, purpose=purpose, subject=subject, expires_at=expires_at)
        self.session.add(link)
        self.session.flush()
        return link

    def get(self, link_id: UUID) -> Link | None:
        """Return a link."""
        return self.session.scalar(select(Link).where(Link.bot_id == self.bot_id, Link.id == link_id))

    def opened(self, link: Link, user: User) -> bool:
        """Keep that a person came by a link; returns whether for the first time."""
        return self.insert_new(LinkOpening, [{"bot_id": self.bot_id, "link_id": link.id, "user_id": user.id}]) > 0

    def visited(self) -> Sequence[Visited]:
        """Return all links, newest first, with how many people came by each."""
        statement = (
            select(Link, func.count(LinkOpening.user_id))
            .outerjoin(LinkOpening, LinkOpening.link_id == Link.id)
            .where(Link.bot_id == self.bot_id)
            .group_by(Link.id)
            .order_by(Link.created_at.desc())
        )
        return [Visited(link, people) for link, people in self.session.execute(statement)]

    def username(self) -> str | None:
        """Return the bot's name in links, once the front has asked for it."""
        return self.session.scalar(select(Bot.username).where(Bot.id == self.bot_id))

    def name_bot(self, username: str) -> None:
        """Keep the bot's name in links."""
        self.insert_new(Bot, [{"id": self.bot_id}])
        self.execute(update(Bot).where(Bot.id == self.bot_id).values(username=username))
