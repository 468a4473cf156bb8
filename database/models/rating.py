"""What customers think of it: one to five for a chat with a person, a thumb for an answer of the AI."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot
from database.sealed import Sealed
from database.types import BigId, db_now


class Rating(OwnedByBot, Created, Base):
    """How a customer rates a chat with `staff_id`, 1 to 5; there is one a conversation, and the last word counts.

    `comment` is sealed for this row.
    """

    __tablename__ = "ratings"
    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", name="score"),
        Index("uq_ratings_conversation", "conversation_id", unique=True),
        Index("ix_ratings_rated", "bot_id", "rated_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    staff_id: Mapped[int] = mapped_column(BigInteger)
    score: Mapped[int]
    comment: Mapped[bytes | None] = mapped_column(Sealed("ratings:{id}:comment"))
    rated_at: Mapped[datetime] = mapped_column(insert_default=db_now())


class Thumb(OwnedByBot, Base):
    """Whether a customer found an answer of the AI helpful; the last word counts."""

    __tablename__ = "thumbs"
    __table_args__ = (Index("ix_thumbs_rated", "bot_id", "rated_at"),)

    message_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    up: Mapped[bool]
    rated_at: Mapped[datetime] = mapped_column(insert_default=db_now())
