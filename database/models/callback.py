"""A call that a customer asked for: who wants it, who makes it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot
from database.types import BigId


class CallbackState(StrEnum):
    """Nobody has it yet, somebody of the staff makes the call, it was made."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"


_UNDONE = text("state <> 'done'")


class Callback(OwnedByBot, Created, Base):
    """A customer waits for a call to the phone of the profile; one undone call a person.

    `announced_at` is when the moderators were told.
    """

    __tablename__ = "callbacks"
    __table_args__ = (
        Index("uq_callbacks_undone", "bot_id", "user_id", unique=True, postgresql_where=_UNDONE, sqlite_where=_UNDONE),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(default=CallbackState.OPEN)
    staff_id: Mapped[int | None] = mapped_column(BigInteger)
    announced_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
