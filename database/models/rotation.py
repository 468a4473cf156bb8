"""Rotations of keys: how far each table has come."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created


class Rotation(Created, Base):
    """One table (or the stored files) on its way to a pair of keys, named by their public ids.

    `cursor` is the last row looked at, as JSON, empty at the start of a round; `rows` how many were sealed anew. A
    round that had to leave something out is followed by another one; `done_at` is when one left out nothing.
    `unreadable` counts what none of the keys opens, in this round.
    """

    __tablename__ = "rotations"

    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    target: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    cursor: Mapped[str] = mapped_column(default="")
    rows: Mapped[int] = mapped_column(BigInteger, default=0)
    left_out: Mapped[int] = mapped_column(BigInteger, default=0)
    unreadable: Mapped[int] = mapped_column(BigInteger, default=0)
    done_at: Mapped[datetime | None]
