"""Processes that say they are there."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base
from database.types import db_now


class Presence(Base):
    """One process, known by its machine and number; what it says of itself, and when it said so last."""

    __tablename__ = "presences"

    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    part: Mapped[str] = mapped_column(primary_key=True)
    process: Mapped[str] = mapped_column(primary_key=True)
    breakers: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(insert_default=db_now())
    seen_at: Mapped[datetime] = mapped_column(insert_default=db_now())
