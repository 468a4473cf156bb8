"""What the product's own database says at the end of a round: nothing left behind, every question on record once."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from config import load_settings
from database.db import Database, UnitOfWork
from database.models import Conversation, Delivery, InboxRow, InboxState, Message
from services.wiring import make_database


@dataclass(frozen=True)
class Records:
    """Rows that should not be there, in words; resends and texts by chat."""

    left: tuple[str, ...]
    resends: Mapping[int, int]
    unknown: Mapping[int, int]  # messages given up because their outcome stayed unknown
    texts: Mapping[int, Counter[str]]
    unanswered: tuple[str, ...]


def open_database(environment: Mapping[str, str]) -> Database:
    """Return the database of an installation."""
    return make_database(load_settings(environment))


def idle(database: Database) -> bool:
    """Return whether nothing waits and nobody works."""
    with database.reading() as uow:
        return not _left(uow)


def read_records(database: Database) -> Records:
    """Read what a round left."""
    with database.reading() as uow:
        received = uow.session.scalars(select(Message).where(Message.state == Delivery.RECEIVED)).all()
        texts: dict[int, Counter[str]] = defaultdict(Counter)
        for message in received:
            texts[message.chat_id][uow.messages.opened(message)] += 1
        open_ones = [message for message in received if message.answered_at is None]
        return Records(
            left=tuple(_left(uow)),
            resends=_by_chat(uow, func.sum(Message.resends)),
            unknown=_by_chat(uow, func.count().filter(Message.state == Delivery.UNKNOWN)),
            texts=texts,
            unanswered=tuple(f"{uow.messages.opened(m)!r} of chat {m.chat_id}" for m in open_ones),
        )


def _left(uow: UnitOfWork) -> list[str]:
    session = uow.session
    inbox = select(InboxRow.state, func.count()).where(InboxRow.state != InboxState.DONE).group_by(InboxRow.state)
    outbox = (
        select(Message.state, func.count())
        .where(Message.state.in_((Delivery.PENDING, Delivery.SENDING)))
        .group_by(Message.state)
    )
    leases = select(func.count()).where(
        or_(Conversation.lease_until.is_not(None), Conversation.answer_due_at.is_not(None))
    )
    left = [f"{number} inbox rows {state}" for state, number in session.execute(inbox)]
    left += [f"{number} messages {state}" for state, number in session.execute(outbox)]
    if held := session.scalar(leases):
        left.append(f"{held} conversations leased or due")
    return left


def _by_chat(uow: UnitOfWork, figure: object) -> dict[int, int]:
    rows = uow.session.execute(select(Message.chat_id, figure).group_by(Message.chat_id))  # type: ignore[call-overload]  # an aggregate of whole numbers
    return {chat: int(number) for chat, number in rows if number}
