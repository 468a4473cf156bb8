"""Queries that put a whole conversation into words: every row about it, opened, as plain values.

Columns come from the tables themselves, so that a new one is told without being asked for; what says only how work
goes on, and not what happened, is left out.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Row, Table, select

from database.models import (
    Answer,
    Attachment,
    AttachmentState,
    Base,
    Conversation,
    DeskEvent,
    DeskNote,
    Message,
    Rating,
    Thumb,
)
from database.queries.scope import Queries, table
from database.sealed import Sealed

SCHEMA = 1  # of the lines; changes with what a reader has to know, not with every new column

_OF_ALL = ("bot_id", "lease_until", "attempt", "failures")
_OF_WORK = {
    "conversations": (
        *("answer_due_at", "asked_at", "summary_due_at", "quick_question", "quick_lease", "offered_at", "offered_to"),
        *("offered_until", "told_place", "told_at", "told_until", "watched_by", "suggest_due", "reopen_until"),
        *("archived_end", "low_confidence", "context_from", "open_question", "urgent", "returned", "nudged_at"),
    ),
    "messages": ("priority", "resends", "not_before", "answered_at"),
    "attachments": ("state", "stored_at", "position", "album"),
}
_KINDS: tuple[tuple[str, type[Base]], ...] = (
    ("message", Message),
    ("attachment", Attachment),
    ("note", DeskNote),
    ("answer", Answer),
    ("rating", Rating),
    ("event", DeskEvent),
)

TABLES: tuple[tuple[str, type[Base]], ...] = (("conversation", Conversation), *_KINDS, ("thumb", Thumb))
"""All kinds of lines and their tables, in an order in which they can be written."""

Line = dict[str, Any]
"""One row: `type` says of which kind, the other fields are its columns; JSON can write it."""


@dataclass(frozen=True)
class KeptFile:
    """A file whose bytes are in our own storage; `sha256` of them in clear."""

    uid: UUID
    conversation_id: UUID
    sha256: str | None


class TranscriptQueries(Queries):
    """The conversations of one bot, row by row."""

    def of(self, conversation_ids: Collection[UUID]) -> dict[UUID, list[Line]]:
        """Return the lines of conversations, in the same order whenever the rows are the same.

        A statement for each kind of row, however many conversations there are. Raises EncryptionError for what does
        not open.
        """
        lines: dict[UUID, list[Line]] = {}
        talks = table(Conversation)
        for row in self._rows(talks, talks.c.id, conversation_ids):
            lines[row.id] = [{"type": "conversation", "schema": SCHEMA} | self._line(talks, row)]
        for kind, model in _KINDS:
            rows = table(model)
            for row in self._rows(rows, rows.c.conversation_id, conversation_ids):
                lines[row.conversation_id].append({"type": kind} | self._line(rows, row))
        for conversation_id, row in self._thumbs(conversation_ids):
            lines[conversation_id].append({"type": "thumb"} | self._line(table(Thumb), row))
        return lines

    def files(self, conversation_ids: Collection[UUID]) -> list[KeptFile]:
        """Return the files of conversations whose bytes lie in our own storage."""
        wanted = select(Attachment.uid, Attachment.conversation_id, Attachment.sha256).where(
            Attachment.bot_id == self.bot_id,
            Attachment.conversation_id.in_(conversation_ids),
            Attachment.state == AttachmentState.STORED,
        )
        return [KeptFile(*row) for row in self.session.execute(wanted.order_by(Attachment.id))]

    def _rows(self, rows: Table, key: Column[Any], keys: Collection[UUID]) -> Iterator[Row[Any]]:
        wanted = select(rows).where(rows.c.bot_id == self.bot_id, key.in_(keys))
        yield from self.session.execute(wanted.order_by(rows.c.id))

    def _thumbs(self, conversation_ids: Collection[UUID]) -> Iterator[tuple[UUID, Row[Any]]]:
        thumbs, messages = table(Thumb), table(Message)
        wanted = (
            select(thumbs, messages.c.conversation_id)
            .join(messages, messages.c.id == thumbs.c.message_id)
            .where(messages.c.bot_id == self.bot_id, messages.c.conversation_id.in_(conversation_ids))
        )
        for row in self.session.execute(wanted.order_by(thumbs.c.message_id)):
            yield row.conversation_id, row

    def _line(self, rows: Table, row: Row[Any]) -> Line:
        values = row._mapping  # noqa: SLF001 - the documented name of a row as a mapping
        return {column.name: self._plain(column, values) for column in _told(rows)}

    def _plain(self, column: Column[Any], values: Mapping[Any, Any]) -> Any:
        value = values[column]
        if isinstance(column.type, Sealed):
            return self.vault.open(value, column.type.identity.format(**values)) if value is not None else None
        if isinstance(value, datetime):
            return value.isoformat()
        return str(value) if isinstance(value, UUID) else value


def _told(rows: Table) -> list[Column[Any]]:
    left_out = {*_OF_ALL, *_OF_WORK.get(rows.name, ())}
    return [column for column in rows.columns if column.name not in left_out]
