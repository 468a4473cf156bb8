"""Who of the staff may do what."""

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created


class RoleGrant(Created, Base):
    """A role held by a Telegram account in a bot; `granted_by` is empty when it came from the command line."""

    __tablename__ = "roles"

    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    telegram_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(primary_key=True)
    granted_by: Mapped[int | None] = mapped_column(BigInteger)
