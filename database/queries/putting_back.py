"""Queries that put an archived conversation back: the lines of a transcript become the rows that they were."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, Uuid, select, update

from database.models import Conversation, DeskEvent, User
from database.queries.scope import Queries, table
from database.queries.transcript import TABLES, Line
from database.sealed import Sealed
from database.types import UtcDateTime


class PuttingBackQueries(Queries):
    """The conversations of one bot that come back from an archive."""

    def is_there(self, conversation_id: UUID) -> bool:
        """Tell whether a conversation is in the database."""
        own = select(Conversation.id).where(Conversation.bot_id == self.bot_id, Conversation.id == conversation_id)
        return self.session.scalar(own) is not None

    def has_customer(self, user_id: UUID) -> bool:
        """Tell whether somebody is still known to the bot."""
        own = select(User.id).where(User.bot_id == self.bot_id, User.id == user_id)
        return self.session.scalar(own) is not None

    def put_back(self, lines: Sequence[Line]) -> int:
        """Write the rows of a conversation that is not there, sealed anew; returns how many.

        What the desk counts was left there without its conversation, and gets it again. Columns of work begin anew.
        """
        written = 0
        for kind, model in TABLES:
            rows = [self._row(table(model), line) for line in lines if line["type"] == kind]
            written += self.insert_new(model, rows) if rows else 0
        events = [line["id"] for line in lines if line["type"] == "event"]
        own = update(DeskEvent).where(DeskEvent.bot_id == self.bot_id, DeskEvent.id.in_(events))
        self.execute(own.values(conversation_id=UUID(lines[0]["id"])))
        return written

    def _row(self, rows: Table, line: Line) -> dict[str, Any]:
        plain = {column.name: _typed(column, line[column.name]) for column in rows.columns if column.name in line}
        values = {column.name: self._sealed(column, plain) for column in rows.columns if column.name in line}
        if rows.name == Conversation.__tablename__:
            values["archived_end"] = values["closed_at"]  # it is in the archive just so
        return values | {"bot_id": self.bot_id}

    def _sealed(self, column: Column[Any], plain: dict[str, Any]) -> Any:
        value = plain[column.name]
        if isinstance(column.type, Sealed) and value is not None:
            return self.vault.seal(value, column.type.identity.format(**plain))
        return value


def _typed(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    return UUID(value) if isinstance(column.type, Uuid) else value
