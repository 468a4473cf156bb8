"""Queries over erasures: asking for one, and taking each a step further, one worker at a time."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update

from database.models import Delivery, Erasure, ErasureState, Message
from database.queries.scope import Queries
from database.types import db_now


class ErasureQueries(Queries):
    """The erasures of one bot."""

    def want(self, telegram_id: int, language: str, *, by_staff: bool) -> Erasure:
        """Ask for an erasure; the one that is under way already is returned instead of a second one."""
        if undone := self.undone(telegram_id):
            return undone
        erasure = Erasure(
            bot_id=self.bot_id, telegram_id=telegram_id, language=language, by_staff=by_staff, files=[], counts={}
        )
        self.session.add(erasure)
        self.session.flush()
        return erasure

    def undone(self, telegram_id: int) -> Erasure | None:
        """Return the erasure of a customer that is not done yet."""
        mine = select(Erasure).where(Erasure.bot_id == self.bot_id, Erasure.telegram_id == telegram_id)
        return self.session.scalars(mine.where(Erasure.state != ErasureState.DONE)).one_or_none()

    def all(self, limit: int) -> list[Erasure]:
        """Return the newest erasures, the newest first."""
        mine = select(Erasure).where(Erasure.bot_id == self.bot_id)
        return list(self.session.scalars(mine.order_by(Erasure.created_at.desc(), Erasure.id).limit(limit)))

    def get(self, erasure_id: UUID) -> Erasure | None:
        """Return an erasure by its key."""
        mine = select(Erasure).where(Erasure.bot_id == self.bot_id, Erasure.id == erasure_id)
        return self.session.scalars(mine).one_or_none()

    def waits(self) -> bool:
        """Tell whether there is an erasure to go on with."""
        return self.session.scalar(select(Erasure.id).where(self._due()).limit(1)) is not None

    def claim(self, lease: float) -> UUID | None:
        """Lease the erasure that has waited longest, or return None."""
        due = (
            select(Erasure.id)
            .where(self._due())
            .order_by(Erasure.created_at, Erasure.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        claimed = update(Erasure).where(Erasure.id == due.scalar_subquery()).values(lease_until=db_now(lease))
        return self.execute(claimed.returning(Erasure.id)).scalar_one_or_none()

    def lock(self, erasure_id: UUID) -> Erasure:
        """Return an erasure, locked until the commit."""
        mine = select(Erasure).where(Erasure.bot_id == self.bot_id, Erasure.id == erasure_id)
        return self.session.scalars(mine.with_for_update()).one()

    def put_off(self, erasure: Erasure, seconds: float) -> None:
        """Look at an erasure again after some seconds."""
        self.session.flush()
        self.execute(update(Erasure).where(Erasure.id == erasure.id).values(lease_until=db_now(seconds)))

    def told(self, erasure: Erasure) -> bool:
        """Return whether the message with the certificate has left, or never will."""
        state = self.session.scalar(
            select(Message.state).where(Message.bot_id == self.bot_id, Message.id == erasure.message_id)
        )
        return state not in {Delivery.PENDING, Delivery.SENDING}

    def forget_message(self, erasure: Erasure) -> None:
        """Take the message with the certificate away: it names the chat."""
        mine = (Message.bot_id == self.bot_id, Message.id == erasure.message_id)
        if message := self.session.scalars(select(Message).where(*mine)).one_or_none():
            self.session.delete(message)
            self.session.flush()

    def _due(self) -> ColumnElement[bool]:
        return and_(
            Erasure.bot_id == self.bot_id,
            Erasure.state != ErasureState.DONE,
            or_(Erasure.lease_until.is_(None), Erasure.lease_until <= db_now()),
        )
