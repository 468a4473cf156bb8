"""Queries over rows whose time is over, class by class; nothing of a customer under a legal hold is among them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from database.models import (
    Attachment,
    Base,
    Broadcast,
    BroadcastRecipient,
    BroadcastState,
    Callback,
    CallbackState,
    ConsoleSession,
    Delivery,
    DeskEvent,
    InboxRow,
    InboxState,
    LegalHold,
    Message,
    SignInCode,
    User,
)
from database.queries.hold import HoldQueries
from database.queries.scope import Queries, rowcount

_UNDER_WAY = (Delivery.PENDING, Delivery.SENDING, Delivery.DEAD)  # what is dead waits for `manage.py replay`


@dataclass(frozen=True)
class Overdue:
    """How many rows are older than they may be; `held` of them stay because of a legal hold."""

    rows: int
    held: int


@dataclass(frozen=True)
class _Rows:
    """Rows of one table: what tells them apart in a bot, when their time is over, and whose they are."""

    model: type[Base]
    key: tuple[InstrumentedAttribute[Any], ...]
    over: Callable[[datetime], ColumnElement[bool]]
    customer: Any = None


def _ended(before: datetime) -> ColumnElement[bool]:
    return and_(Broadcast.state.in_((BroadcastState.DONE, BroadcastState.CANCELLED)), Broadcast.finished_at < before)


def _of_ended(column: InstrumentedAttribute[Any]) -> Callable[[datetime], ColumnElement[bool]]:
    return lambda before: column.in_(select(Broadcast.id).where(_ended(before)))


def _notices(before: datetime) -> ColumnElement[bool]:
    copies = exists().where(Attachment.copy_id == Message.id)
    outside = and_(Message.conversation_id.is_(None), Message.broadcast_id.is_(None))
    return and_(outside, Message.created_at < before, Message.state.not_in(_UNDER_WAY), ~copies)


_CLASSES: dict[str, tuple[_Rows, ...]] = {
    "notices": (_Rows(Message, (Message.id,), _notices, Message.chat_id),),
    "broadcasts": (
        _Rows(
            Message,
            (Message.id,),
            lambda before: and_(_of_ended(Message.broadcast_id)(before), Message.state.not_in(_UNDER_WAY)),
            Message.chat_id,
        ),
        _Rows(
            BroadcastRecipient,
            (BroadcastRecipient.broadcast_id, BroadcastRecipient.chat_id),
            _of_ended(BroadcastRecipient.broadcast_id),
            BroadcastRecipient.chat_id,
        ),
    ),
    "drafts": (
        _Rows(
            Broadcast,
            (Broadcast.id,),
            lambda before: and_(Broadcast.state == BroadcastState.DRAFT, Broadcast.created_at < before),
        ),
    ),
    "updates": (
        _Rows(
            InboxRow,
            (InboxRow.update_id,),
            lambda before: and_(
                InboxRow.state.in_((InboxState.DONE, InboxState.UNREADABLE)), InboxRow.received_at < before
            ),
            InboxRow.chat_id,
        ),
    ),
    "callbacks": (
        _Rows(
            Callback,
            (Callback.id,),
            lambda before: and_(Callback.state == CallbackState.DONE, Callback.done_at < before),
            select(User.telegram_id).where(User.id == Callback.user_id).correlate(Callback).scalar_subquery(),
        ),
    ),
    "events": (
        _Rows(
            DeskEvent,
            (DeskEvent.id,),
            lambda before: and_(DeskEvent.conversation_id.is_(None), DeskEvent.at < before),
        ),
    ),
    "holds": (_Rows(LegalHold, (LegalHold.id,), lambda before: LegalHold.lifted_at < before, LegalHold.telegram_id),),
    "sessions": (
        _Rows(
            ConsoleSession,
            (ConsoleSession.id,),
            lambda before: or_(ConsoleSession.expires_at < before, ConsoleSession.ended_at < before),
        ),
        _Rows(SignInCode, (SignInCode.id,), lambda before: SignInCode.created_at < before),
    ),
}
CLASSES = tuple(_CLASSES)
"""The classes that are rows and nothing else; conversations and files have more to them."""


class RetentionQueries(Queries):
    """The rows of one bot whose time is over."""

    def overdue(self, kind: str, before: datetime) -> Overdue:
        """Count what of a class is older than a moment."""
        held = rows = 0
        for some in _CLASSES[kind]:
            over = self._over(some, before)
            rows += self._count(some, *over)
            if some.customer is not None:
                held += self._count(some, *over, self._held(some))
        return Overdue(rows, held)

    def remove(self, kind: str, before: datetime, limit: int) -> int:
        """Remove some rows of a class that are older than a moment; returns how many, fewer than `limit` at the end."""
        gone = 0
        for some in _CLASSES[kind]:
            if gone < limit:
                gone += self._remove(some, before, limit - gone)
        return gone

    def _remove(self, some: _Rows, before: datetime, limit: int) -> int:
        may = () if some.customer is None else (~self._held(some),)
        wanted = select(*some.key).where(*self._over(some, before), *may).limit(limit)
        bot = some.model.__table__.c.bot_id == self.bot_id
        return rowcount(self.execute(delete(some.model).where(bot, tuple_(*some.key).in_(wanted))))

    def _count(self, some: _Rows, *conditions: ColumnElement[bool]) -> int:
        return int(self.session.scalar(select(func.count()).select_from(some.model).where(*conditions)) or 0)

    def _over(self, some: _Rows, before: datetime) -> tuple[ColumnElement[bool], ...]:
        return some.model.__table__.c.bot_id == self.bot_id, some.over(before)

    def _held(self, some: _Rows) -> ColumnElement[bool]:
        return HoldQueries(self.scope).holds(some.customer)
