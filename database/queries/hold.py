"""Queries over legal holds: who is under one, and why."""

from collections.abc import Collection
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, ScalarSelect, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from database.models import LegalHold
from database.queries.scope import Queries


class HoldQueries(Queries):
    """The legal holds of one bot."""

    def of(self, telegram_id: int) -> list[LegalHold]:
        """Return what holds a customer, the oldest first; nothing of theirs may go while there is any."""
        mine = select(LegalHold).where(self._in_force(), LegalHold.telegram_id == telegram_id)
        return list(self.session.scalars(mine.order_by(LegalHold.created_at, LegalHold.id)))

    def held(self, telegram_ids: Collection[int]) -> set[int]:
        """Return which of some customers are under a hold."""
        found = select(LegalHold.telegram_id).where(self._in_force(), LegalHold.telegram_id.in_(telegram_ids))
        return set(self.session.scalars(found))

    def holds(self, customer: InstrumentedAttribute[int] | ScalarSelect[int]) -> ColumnElement[bool]:
        """Return the condition that a row's customer, named by a column or a look-up, is under a hold."""
        return exists().where(self._in_force(), LegalHold.telegram_id == customer)

    def all(self, *, lifted: bool = False) -> list[LegalHold]:
        """Return the holds in force, with those that were lifted if asked; the oldest first."""
        mine = LegalHold.bot_id == self.bot_id if lifted else self._in_force()
        return list(self.session.scalars(select(LegalHold).where(mine).order_by(LegalHold.created_at, LegalHold.id)))

    def place(self, telegram_id: int, reason: str, placed_by: int | None) -> LegalHold:
        """Write a hold."""
        hold_id = uuid4()
        sealed = self.vault.seal(reason, _identity(hold_id, "reason"))
        hold = LegalHold(id=hold_id, bot_id=self.bot_id, telegram_id=telegram_id, reason=sealed, placed_by=placed_by)
        self.session.add(hold)
        self.session.flush()
        return hold

    def lock(self, hold_id: UUID) -> LegalHold | None:
        """Return a hold by its key, locked until the commit."""
        mine = select(LegalHold).where(LegalHold.bot_id == self.bot_id, LegalHold.id == hold_id)
        return self.session.scalars(mine.with_for_update()).one_or_none()

    def lift(self, hold: LegalHold, reason: str, lifted_by: int | None) -> None:
        """End a hold."""
        hold.lift_reason = self.vault.seal(reason, _identity(hold.id, "lift_reason"))
        hold.lifted_at, hold.lifted_by = self.scope.now, lifted_by

    def reason(self, hold: LegalHold) -> str:
        """Return why a hold was placed; raises EncryptionError."""
        return self.vault.open(hold.reason, _identity(hold.id, "reason"))

    def _in_force(self) -> ColumnElement[bool]:
        return (LegalHold.bot_id == self.bot_id) & LegalHold.lifted_at.is_(None)


def _identity(hold_id: UUID, column: str) -> str:
    return f"legal_holds:{hold_id}:{column}"
