"""Legal holds: what of a customer must be kept, whatever the schedule or the customer says."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.models.base import Base, Created, OwnedByBot
from database.sealed import Sealed

_IN_FORCE = text("lifted_at IS NULL")


class LegalHold(OwnedByBot, Created, Base):
    """One reason to keep all of a customer, in force until it is lifted; there may be several at a time.

    `reason` and `lift_reason` are sealed for this row: they name cases. `placed_by` and `lifted_by` are Telegram
    accounts, empty for the command line, which the audit log tells more of.
    """

    __tablename__ = "legal_holds"
    __table_args__ = (
        Index("ix_legal_holds_in_force", "bot_id", "telegram_id", postgresql_where=_IN_FORCE, sqlite_where=_IN_FORCE),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    telegram_id: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[bytes] = mapped_column(Sealed("legal_holds:{id}:reason"))
    placed_by: Mapped[int | None] = mapped_column(BigInteger)
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[int | None] = mapped_column(BigInteger)
    lift_reason: Mapped[bytes | None] = mapped_column(Sealed("legal_holds:{id}:lift_reason"))
