"""Statements of the outbox: what may be sent next, and that it is being sent; built once, for every look costs."""

from sqlalchemy import (
    BigInteger,
    Integer,
    String,
    Update,
    and_,
    bindparam,
    case,
    or_,
    select,
    update,
)

from database.models import Delivery, Message
from database.queries.scope import table
from database.types import db_now, seconds

OVERTAKEN = "overtaken"  # the reason of what was taken back because somebody came first
MESSAGES = table(Message)
_OTHER = MESSAGES.alias("other")
_BOT = bindparam("bot", type_=BigInteger)
_IS_READY = and_(
    MESSAGES.c.bot_id == _BOT,
    MESSAGES.c.state == Delivery.PENDING,
    or_(MESSAGES.c.not_before.is_(None), MESSAGES.c.not_before <= db_now()),
)


# By its number, not by NOT EXISTS: of a table that PostgreSQL knows nothing of yet, that one compared each message that
# waits with each other one (1.2 s for 2,000 of them); this looks each chat up in its index.
_HEAD_OF_ITS_CHAT = (
    select(_OTHER.c.id)
    .where(
        _OTHER.c.bot_id == MESSAGES.c.bot_id,
        _OTHER.c.chat_id == MESSAGES.c.chat_id,
        _OTHER.c.state.in_((Delivery.PENDING, Delivery.SENDING)),
    )
    .order_by(case((_OTHER.c.state == Delivery.SENDING, 0), else_=1), _OTHER.c.priority, _OTHER.c.id)
    .limit(1)
    .scalar_subquery()
)
NEXT = (
    select(MESSAGES.c.id, MESSAGES.c.chat_id, MESSAGES.c.priority)
    .where(_IS_READY, MESSAGES.c.id == _HEAD_OF_ITS_CHAT)
    .order_by(MESSAGES.c.priority, MESSAGES.c.id)
    .limit(bindparam("most"))
    .with_for_update(key_share=True, skip_locked=True, of=MESSAGES)
)
"""The next message of each chat that has one, in order of service, locked until the commit: `bot`, `most`."""

START = (
    update(MESSAGES)
    .where(MESSAGES.c.id.in_(bindparam("ids", expanding=True)), MESSAGES.c.state == Delivery.PENDING)
    .values(state=Delivery.SENDING, attempt=MESSAGES.c.attempt + 1, lease_until=db_now(seconds("lease")))
    .returning(
        MESSAGES.c.id,
        MESSAGES.c.uid,
        MESSAGES.c.chat_id,
        MESSAGES.c.broadcast_id,
        MESSAGES.c.body,
        MESSAGES.c.priority,
        MESSAGES.c.attempt,
        MESSAGES.c.failures,
        MESSAGES.c.resends,
        MESSAGES.c.traceparent,
    )
)
"""Messages that still wait are being sent from now on: `ids`, `lease` in seconds."""

WAIT_THERE = select(MESSAGES.c.id).where(_IS_READY, MESSAGES.c.chat_id.in_(bindparam("chats", expanding=True))).limit(1)
"""Whether messages of some chats are ready: `bot`, `chats`."""

POSTPONE = update(MESSAGES).where(MESSAGES.c.id == bindparam("message")).values(not_before=db_now(seconds("delay")))
"""A message is not ready for some seconds: `message`, `delay`."""


def _settle() -> Update:
    state, resend = bindparam("to_state", type_=String), bindparam("again", type_=Integer)
    taken_back = and_(MESSAGES.c.reason == OVERTAKEN, or_(state == Delivery.PENDING, state == Delivery.DEAD))
    # States in which an outcome may still be learnt; executemany knows no IN.
    is_open = or_(*(MESSAGES.c.state == known for known in (Delivery.SENDING, Delivery.PENDING, Delivery.UNKNOWN)))
    return (
        update(MESSAGES)
        .where(
            MESSAGES.c.id == bindparam("of_message"),
            MESSAGES.c.attempt == bindparam("of_attempt"),
            is_open,
        )
        .values(
            state=case((and_(taken_back, resend == 1), Delivery.UNKNOWN), (taken_back, Delivery.DROPPED), else_=state),
            telegram_message_id=bindparam("to_message"),
            reason=case((taken_back, OVERTAKEN), else_=bindparam("why", type_=String)),
            resends=MESSAGES.c.resends + resend,
            failures=bindparam("failed", type_=Integer),
            lease_until=None,
            not_before=case((seconds("delay") > 0, db_now(seconds("delay"))), else_=None),
            sent_at=case((state == Delivery.SENT, db_now()), else_=None),
        )
    )


SETTLE = _settle()
"""What became of an attempt: the fields of `Outcome`, as `DeliveryQueries.settle` names them."""
