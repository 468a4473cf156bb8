"""Settings that were changed while the bot ran."""

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created


class SettingVersion(Created, Base):
    """One change of one setting; the newest version of a name holds, and no value means the default again.

    `name` is the variable of the environment, or the key of a text with its language: `waiting.closed/ru`. Rows are
    only added. `changed_by` is a Telegram account.
    """

    __tablename__ = "setting_versions"

    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[str | None]
    changed_by: Mapped[int] = mapped_column(BigInteger)
