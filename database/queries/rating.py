"""Queries over ratings of chats and thumbs under answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from database.models import Author, Conversation, Delivery, Message, Rating, Thumb, User
from database.queries.scope import Queries
from database.types import db_now

_CONVERSATIONS = 20  # a person's last ones, in which answers are still rated
_WRITTEN_SOON = (Delivery.SENDING, Delivery.UNKNOWN)


@dataclass(frozen=True)
class Score:
    """What customers gave one member of the staff: how many gave each score, 1 to 5."""

    staff_id: int
    given: Mapping[int, int]

    @property
    def number(self) -> int:
        """How many ratings there are."""
        return sum(self.given.values())

    @property
    def mean(self) -> float:
        """Their mean."""
        return sum(score * number for score, number in self.given.items()) / self.number


@dataclass(frozen=True)
class Comment:
    """What a customer wrote with a rating; personal."""

    rated_at: datetime
    staff_id: int
    conversation_id: UUID
    score: int
    text: str


class RatingQueries(Queries):
    """What customers of one bot think of it."""

    def of(self, conversation_id: UUID) -> Rating | None:
        """Return the rating of a conversation."""
        statement = select(Rating).where(Rating.bot_id == self.bot_id, Rating.conversation_id == conversation_id)
        return self.session.scalars(statement).one_or_none()

    def of_customer(self, user_id: UUID, limit: int) -> list[int]:
        """Return the scores that a customer gave last, newest first."""
        statement = (
            select(Rating.score)
            .join(Conversation, Conversation.id == Rating.conversation_id)
            .where(Rating.bot_id == self.bot_id, Conversation.user_id == user_id)
            .order_by(Rating.rated_at.desc())
        )
        return list(self.session.scalars(statement.limit(limit)))

    def rate(self, conversation_id: UUID, staff_id: int, score: int) -> bool:
        """Keep a rating, or change it; returns whether it says something new."""
        rating = self.of(conversation_id)
        if rating is None:
            row = {"bot_id": self.bot_id, "conversation_id": conversation_id, "staff_id": staff_id, "score": score}
            self.session.add(Rating(**row))
            return True
        changed = (rating.score, rating.staff_id) != (score, staff_id)
        rating.score, rating.staff_id = score, staff_id
        rating.rated_at = self.session.execute(select(db_now())).scalar_one()
        return changed

    def comment(self, rating: Rating, text: str) -> None:
        """Seal a comment into a rating."""
        rating.comment = self.vault.seal(text, _identity(rating.id))

    def answer(self, user: User, telegram_message_id: int) -> Message | None:
        """Return the AI's message, in one of a person's last conversations, that has the messenger's number.

        Whoever presses at once may be faster than the row of a message that is just being sent: then it is that one.
        """
        talks = (
            select(Conversation.id)
            .where(Conversation.bot_id == self.bot_id, Conversation.user_id == user.id)
            .order_by(Conversation.created_at.desc())
            .limit(_CONVERSATIONS)
        )
        said = select(Message).where(Message.conversation_id.in_(talks), Message.author == Author.AI)
        known = said.where(Message.telegram_message_id == telegram_message_id).order_by(Message.id.desc())
        under_way = said.where(Message.state.in_(_WRITTEN_SOON)).order_by(Message.id.desc())
        return self.session.scalars(known.limit(1)).first() or self.session.scalars(under_way.limit(1)).first()

    def thumb(self, message_id: int, *, up: bool) -> bool:
        """Keep a thumb, or turn it; returns whether it says something new."""
        thumb = self.session.get(Thumb, message_id)
        if thumb is None:
            self.session.add(Thumb(bot_id=self.bot_id, message_id=message_id, up=up))
            return True
        changed = thumb.up != up
        thumb.up = up
        thumb.rated_at = self.session.execute(select(db_now())).scalar_one()
        return changed

    def scores(self, days: float) -> list[Score]:
        """Return the ratings of the last days by member of the staff."""
        statement = (
            select(Rating.staff_id, Rating.score, func.count())
            .where(Rating.bot_id == self.bot_id, Rating.rated_at > db_now(-days * 86_400))
            .group_by(Rating.staff_id, Rating.score)
        )
        given: dict[int, dict[int, int]] = {}
        for staff_id, score, number in self.session.execute(statement):
            given.setdefault(staff_id, {})[score] = number
        return [Score(staff_id, scores) for staff_id, scores in sorted(given.items())]

    def thumbs(self, days: float) -> tuple[int, int]:
        """Return how many answers of the AI were found helpful in the last days, and how many not."""
        row = self.session.execute(
            select(func.count().filter(Thumb.up), func.count().filter(~Thumb.up)).where(
                Thumb.bot_id == self.bot_id, Thumb.rated_at > db_now(-days * 86_400)
            )
        ).one()
        return row[0], row[1]

    def comments(self, days: float, limit: int) -> Sequence[Comment]:
        """Return the last comments, newest first; raises EncryptionError for one whose key is gone."""
        statement = select(Rating).where(
            Rating.bot_id == self.bot_id, Rating.rated_at > db_now(-days * 86_400), Rating.comment.is_not(None)
        )
        found = self.session.scalars(statement.order_by(Rating.rated_at.desc()).limit(limit))
        return [
            Comment(
                rating.rated_at,
                rating.staff_id,
                rating.conversation_id,
                rating.score,
                self.vault.open(rating.comment or b"", _identity(rating.id)),
            )
            for rating in found
        ]


def _identity(rating_id: UUID) -> str:
    return f"ratings:{rating_id}:comment"
