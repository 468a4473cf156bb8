"""Queries over calls that customers asked for."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, select, update

from database.models import Callback, CallbackState, User
from database.queries.scope import Queries
from database.types import db_now


class CallbackQueries(Queries):
    """The calls of one bot."""

    def ask(self, user: User) -> bool:
        """Keep that a person wants a call; False when one is on its way already."""
        row = {"bot_id": self.bot_id, "user_id": user.id, "state": CallbackState.OPEN}
        return self.insert_new(Callback, [row]) > 0

    def waits(self, user: User) -> bool:
        """Tell whether a person waits for a call."""
        statement = select(Callback.id).where(Callback.bot_id == self.bot_id, Callback.user_id == user.id)
        return self.session.scalar(statement.where(Callback.state != CallbackState.DONE).limit(1)) is not None

    def lock(self, callback_id: int) -> Callback | None:
        """Return a call by its number, locked until the commit."""
        statement = select(Callback).where(Callback.bot_id == self.bot_id, Callback.id == callback_id)
        return self.session.scalars(statement.with_for_update(key_share=True)).one_or_none()

    def undone(self, limit: int) -> list[Callback]:
        """Return the calls that are still to be made, oldest first."""
        statement = select(Callback).where(Callback.bot_id == self.bot_id, Callback.state != CallbackState.DONE)
        return list(self.session.scalars(statement.order_by(Callback.id).limit(limit)))

    def takers(self) -> list[int]:
        """Return who of the staff took calls that are still to be made."""
        statement = select(Callback.staff_id).where(*self._taken()).distinct()
        return [staff_id for staff_id in self.session.scalars(statement) if staff_id is not None]

    def give_back(self, staff_id: int) -> None:
        """Let calls that somebody took be nobody's again, and nobody told of them."""
        theirs = update(Callback).where(*self._taken(), Callback.staff_id == staff_id)
        self.execute(theirs.values(state=CallbackState.OPEN, staff_id=None, announced_at=None))

    def unannounced(self, limit: int) -> list[Callback]:
        """Return calls that nobody was told of yet, oldest first, locked until the commit."""
        statement = select(Callback).where(
            Callback.bot_id == self.bot_id, Callback.state == CallbackState.OPEN, Callback.announced_at.is_(None)
        )
        ordered = statement.order_by(Callback.id).limit(limit)
        return list(self.session.scalars(ordered.with_for_update(key_share=True, skip_locked=True)))

    def announced(self, callback_ids: Collection[int]) -> None:
        """Remember that the staff were told."""
        self.execute(
            update(Callback)
            .where(Callback.bot_id == self.bot_id, Callback.id.in_(callback_ids))
            .values(announced_at=db_now())
        )

    def done(self, callback: Callback, staff_id: int | None) -> None:
        """Close a call that was made."""
        callback.state = CallbackState.DONE
        callback.staff_id = staff_id or callback.staff_id
        callback.done_at = self.session.execute(select(db_now())).scalar_one()

    def _taken(self) -> tuple[ColumnElement[bool], ...]:
        return Callback.bot_id == self.bot_id, Callback.state == CallbackState.TAKEN
