"""Updates that were accepted from Telegram and wait to be worked on."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base
from database.sealed import Sealed
from database.types import db_now


class InboxState(StrEnum):
    """The states of contract.md: `new → claimed → done`, or `dead` after too many attempts.

    UNREADABLE is an update whose form the bot does not know: nothing can be done with it, so it stays where it is.
    """

    NEW = "new"
    CLAIMED = "claimed"
    DONE = "done"
    DEAD = "dead"
    UNREADABLE = "unreadable"


_OPEN = text("state IN ('new', 'claimed')")
_DEAD = text("state = 'dead'")


class InboxRow(Base):
    """One update: its sealed job, and the lease of whoever works on it; the body goes once it is done."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index("ix_inbox_open", "bot_id", "chat_id", "update_id", postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_inbox_dead", "bot_id", "received_at", postgresql_where=_DEAD, sqlite_where=_DEAD),
    )

    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    body: Mapped[bytes | None] = mapped_column(Sealed("inbox:{bot_id}:{update_id}:body"))
    state: Mapped[str] = mapped_column(default=InboxState.NEW)
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    received_at: Mapped[datetime] = mapped_column(insert_default=db_now())
    traceparent: Mapped[str | None]
    error: Mapped[str | None]
