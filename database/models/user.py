"""A person who talks to the bot, and the consents that the person gave."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot
from database.sealed import BlindIndexed, Sealed
from database.types import BigId

TAIL = 4  # digits of a masked number that are shown


class Tier(StrEnum):
    """How sure we are of a person's phone number (features.md, B1)."""

    NONE = "none"
    TYPED = "typed"
    CONFIRMED = "confirmed"


class Step(StrEnum):
    """What registration waits for."""

    LANGUAGE = "language"
    CONSENT = "consent"
    PHONE = "phone"
    CONFIRM_PHONE = "confirm_phone"
    DONE = "done"


class Mode(StrEnum):
    """Who answers this person first."""

    AUTO = "auto"
    AI = "ai"
    HUMAN = "human"


def tail_of(digits: str) -> str:
    """Return what the last digits of a number, as a masked one shows them, are looked up by."""
    return f"tail:{digits[-TAIL:]}"


class User(OwnedByBot, Created, Base):
    """One Telegram account in one bot; phone and profile are sealed, the phone's index is a keyed hash.

    `phone_tail` is a keyed hash of its last four digits, for looking up masked numbers. `comments_on` is the
    conversation whose rating the next words are a comment on, until `comments_until`; `drafting` the broadcast that
    they are for, until `drafting_until`. `blocked_at` is when the person blocked the bot, `barred_at` when the bank
    barred the person, who has been told so if `barred_told`. Until `erase_until` the next words are taken for the
    second yes to an erasure; `erasing`: one is under way. `seen_at` is when the person was here, to half a day.
    """

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("bot_id", "telegram_id"),
        Index(None, "bot_id", "phone_index"),
        Index(None, "bot_id", "phone_tail"),
        Index(None, "bot_id", "created_at"),
        Index(
            "ix_users_barred",
            "bot_id",
            postgresql_where=text("barred_at IS NOT NULL"),
            sqlite_where=text("barred_at IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    telegram_id: Mapped[int] = mapped_column(BigInteger)
    language: Mapped[str | None]
    mode: Mapped[str] = mapped_column(default=Mode.AUTO)
    step: Mapped[str] = mapped_column(default=Step.LANGUAGE)
    tier: Mapped[str] = mapped_column(default=Tier.NONE)
    phone: Mapped[bytes | None] = mapped_column(Sealed("users:{id}:phone"))
    phone_index: Mapped[bytes | None] = mapped_column(BlindIndexed("phone"))
    phone_tail: Mapped[bytes | None] = mapped_column(BlindIndexed("phone", tail_of))
    phone_shared: Mapped[bool] = mapped_column(default=False)
    profile: Mapped[bytes | None] = mapped_column(Sealed("users:{id}:profile"))
    consent_version: Mapped[str | None]
    blocked_at: Mapped[datetime | None]
    barred_at: Mapped[datetime | None]
    barred_told: Mapped[bool] = mapped_column(default=False)
    comments_on: Mapped[UUID | None]
    comments_until: Mapped[datetime | None]
    erase_until: Mapped[datetime | None]
    erasing: Mapped[bool] = mapped_column(default=False, server_default=false())
    drafting: Mapped[UUID | None]
    drafting_until: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    opted_out_at: Mapped[datetime | None]

    @property
    def registered(self) -> bool:
        """Whether registration is complete."""
        return self.step == Step.DONE


class Consent(OwnedByBot, Created, Base):
    """A consent that a person gave: which text, in which language, when (`created_at`), until when if no longer."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    version: Mapped[str]
    language: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
