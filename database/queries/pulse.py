"""Queries that tell what changed at the desk since the last look."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, or_, select

from database.models import DeskEvent, DeskNote, Message
from database.queries.scope import Queries

_MOST = 2_000  # rows of each kind between two looks; who follows more than that looks at everything now and then


class Newest(NamedTuple):
    """The numbers of the newest event, message and note: when they are the same, nothing was written."""

    event: int
    message: int
    note: int


@dataclass(frozen=True)
class Change:
    """A row that was written: of which kind, which number, about which conversation, for or by whom."""

    kind: str
    id: int
    conversation_id: UUID | None
    telegram_id: int | None


class PulseQueries(Queries):
    """What changes at the desk of one bot."""

    def newest(self) -> Newest:
        """Return the newest numbers, in one statement."""
        numbers = [
            select(func.max(model.id)).where(model.bot_id == self.bot_id).scalar_subquery()
            for model in (DeskEvent, Message, DeskNote)
        ]
        row = self.session.execute(select(*numbers)).one()
        return Newest(*(number or 0 for number in row))

    def since(self, mark: Newest, followers: Collection[int]) -> list[Change]:
        """Return what was written after a mark in conversations, or to one of the accounts that follow."""
        heard = or_(Message.conversation_id.is_not(None), Message.chat_id.in_(followers))
        statements = {
            "event": select(DeskEvent.id, DeskEvent.conversation_id, DeskEvent.operator_id)
            .where(DeskEvent.bot_id == self.bot_id, DeskEvent.id > mark.event)
            .order_by(DeskEvent.id),
            "message": select(Message.id, Message.conversation_id, Message.chat_id)
            .where(Message.bot_id == self.bot_id, Message.id > mark.message, heard)
            .order_by(Message.id),
            "note": select(DeskNote.id, DeskNote.conversation_id, DeskNote.author_id)
            .where(DeskNote.bot_id == self.bot_id, DeskNote.id > mark.note)
            .order_by(DeskNote.id),
        }
        return [
            Change(kind, *row)
            for kind, statement in statements.items()
            for row in self.session.execute(statement.limit(_MOST))
        ]
