"""Deep links that were made for a topic or a campaign, and the people who came by them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot


class LinkPurpose(StrEnum):
    """What a link is for, and nothing else."""

    CONVERSATION = "conversation"
    TOPIC = "topic"
    CAMPAIGN = "campaign"


class Link(OwnedByBot, Created, Base):
    """A link's subject: the question that opens a topic, or the name of a campaign. Conversations need no row."""

    __tablename__ = "links"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    purpose: Mapped[str]
    subject: Mapped[str]
    expires_at: Mapped[datetime]


class LinkOpening(OwnedByBot, Created, Base):
    """A person came by a link, for the first time at `created_at`."""

    __tablename__ = "link_openings"

    link_id: Mapped[UUID] = mapped_column(ForeignKey("links.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
