"""What tests of the inbox share: updates, accepting and claiming them, their rows."""

from sqlalchemy import select

from database.db import Database
from database.models import InboxRow
from database.queries.inbox import ClaimedUpdate, NewUpdate

LEASE = 30.0


def new(update_id: int, chat_id: int = 1, body: str = "{}") -> NewUpdate:
    return NewUpdate(update_id, chat_id, "say", body)


def accept(database: Database, *updates: NewUpdate) -> int:
    with database.unit_of_work() as uow:
        return uow.inbox.accept(updates)


def claim(database: Database, *chat_ids: int, lease: float = LEASE) -> list[ClaimedUpdate]:
    with database.unit_of_work() as uow:
        return uow.inbox.claim(uow.users.lock_chats(chat_ids), lease)


def row(database: Database, update_id: int) -> InboxRow:
    with database.reading() as uow:
        wanted = select(InboxRow).where(InboxRow.bot_id == database.bot_id, InboxRow.update_id == update_id)
        return uow.session.scalars(wanted).one()
