"""A bot and what administrators switch on it."""

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created


class Bot(Created, Base):
    """One Telegram bot served by this installation; `username` is the one of its links, once the front has asked.

    `settings_revision` grows with every change of a setting: whoever has seen this number has seen all of them.
    """

    __tablename__ = "bots"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    ai_enabled: Mapped[bool] = mapped_column(default=True)
    username: Mapped[str | None]
    settings_revision: Mapped[int] = mapped_column(default=0)
