"""Queries over what the desk keeps: what happened, notes, canned replies; and whose silence has lasted too long."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import and_, delete, func, or_, select

from database.models import (
    Author,
    CannedReply,
    Conversation,
    ConversationState,
    Delivery,
    DeskAct,
    DeskEvent,
    DeskNote,
    Message,
    NoteKind,
    User,
)
from database.queries.scope import Queries, rowcount
from database.types import db_now
from utils.encryption import EncryptionError


@dataclass(frozen=True)
class Noted:
    """A note or a suggestion, opened."""

    id: int
    author_id: int | None
    text: str
    created_at: datetime


class DeskQueries(Queries):
    """The desk of one bot."""

    def happened(
        self,
        act: DeskAct,
        conversation: Conversation | None = None,
        operator_id: int | None = None,
        *,
        seconds: float | None = None,
        detail: str | None = None,
    ) -> None:
        """Write down what happened."""
        self.session.add(
            DeskEvent(
                bot_id=self.bot_id,
                conversation_id=conversation.id if conversation else None,
                operator_id=operator_id,
                act=act,
                at=self.session.scalar(select(db_now())),
                line=(conversation.line if conversation else None) or 1,
                seconds=seconds,
                detail=detail,
            )
        )

    def events(self, since: datetime, until: datetime) -> list[DeskEvent]:
        """Return what happened from one moment until before another, in its order."""
        statement = select(DeskEvent).where(
            DeskEvent.bot_id == self.bot_id, DeskEvent.at >= since, DeskEvent.at < until
        )
        return list(self.session.scalars(statement.order_by(DeskEvent.at, DeskEvent.id)))

    def counts(self, seconds: float, within: float) -> tuple[int, int, int]:
        """Return how many were taken within a wait, taken at all, and abandoned, in the last seconds."""
        taken = DeskEvent.act == DeskAct.TAKEN
        statement = select(
            func.count().filter(and_(taken, DeskEvent.seconds <= within)),
            func.count().filter(taken),
            func.count().filter(DeskEvent.act == DeskAct.ABANDONED),
        ).where(DeskEvent.bot_id == self.bot_id, DeskEvent.at > db_now(-seconds))
        return tuple(self.session.execute(statement).one())  # type: ignore[return-value]  # three counts

    def lately(self, act: DeskAct, seconds: float) -> list[DeskEvent]:
        """Return what happened of a kind in the last seconds, newest first."""
        statement = select(DeskEvent).where(
            DeskEvent.bot_id == self.bot_id, DeskEvent.act == act, DeskEvent.at > db_now(-seconds)
        )
        return list(self.session.scalars(statement.order_by(DeskEvent.at.desc()).limit(20)))

    def note(self, conversation: Conversation, text: str, author_id: int | None, kind: NoteKind = NoteKind.NOTE) -> int:
        """Keep a note, sealed; returns its number."""
        uid = uuid4()
        row = DeskNote(
            bot_id=self.bot_id,
            uid=uid,
            conversation_id=conversation.id,
            author_id=author_id,
            kind=kind,
            body=self.vault.seal(text, _identity(uid)),
        )
        self.session.add(row)
        self.session.flush()
        return row.id

    def notes(self, conversation_id: UUID, kind: NoteKind = NoteKind.NOTE) -> list[Noted]:
        """Return the notes of a conversation, oldest first."""
        statement = select(DeskNote).where(
            DeskNote.bot_id == self.bot_id, DeskNote.conversation_id == conversation_id, DeskNote.kind == kind
        )
        return [
            Noted(row.id, row.author_id, self.vault.open(row.body, _identity(row.uid)), row.created_at)
            for row in self.session.scalars(statement.order_by(DeskNote.id))
        ]

    def canned(self, language: str | None = None) -> list[CannedReply]:
        """Return canned replies by their short names; those of a language, and where it has none those for all."""
        statement = select(CannedReply).where(CannedReply.bot_id == self.bot_id)
        rows = list(self.session.scalars(statement.order_by(CannedReply.shortcut, CannedReply.language)))
        if language is None:
            return rows
        fitting = {row.shortcut: row for row in rows if row.language in {"", language}}  # "" comes first, is replaced
        return list(fitting.values())

    def keep_canned(self, shortcut: str, language: str, text: str) -> None:
        """Write a canned reply, in the place of an earlier one of that name and language."""
        self.remove_canned(shortcut, language)
        self.session.add(CannedReply(bot_id=self.bot_id, shortcut=shortcut, language=language, text=text))

    def remove_canned(self, shortcut: str, language: str) -> bool:
        """Take a canned reply away; returns whether it was there."""
        statement = delete(CannedReply).where(
            CannedReply.bot_id == self.bot_id, CannedReply.shortcut == shortcut, CannedReply.language == language
        )
        return rowcount(self.execute(statement)) > 0

    def unanswered_for(self, seconds: float) -> list[Conversation]:
        """Return chats whose operator has left the customer's words unanswered for some seconds, locked."""
        unanswered = or_(Conversation.spoke_at.is_(None), Conversation.spoke_at < Conversation.heard_at)
        return self._served(unanswered, Conversation.heard_at <= db_now(-seconds))

    def silent_for(self, seconds: float) -> list[Conversation]:
        """Return chats whose customer has not answered the operator for some seconds and was not asked, locked."""
        answered = Conversation.spoke_at >= Conversation.heard_at
        return self._served(answered, Conversation.nudged_at.is_(None), Conversation.spoke_at <= db_now(-seconds))

    def nudged_for(self, seconds: float) -> list[Conversation]:
        """Return chats whose silent customer was asked some seconds ago, locked."""
        return self._served(Conversation.nudged_at <= db_now(-seconds))

    def dialog(self, conversation_id: UUID, limit: int) -> list[tuple[Message, str]]:
        """Return the last messages of a conversation, oldest first, with their bodies; those that open."""
        statement = (
            select(Message)
            .where(
                Message.bot_id == self.bot_id,
                Message.conversation_id == conversation_id,
                Message.author != Author.SYSTEM,
                Message.state != Delivery.DROPPED,
            )
            .order_by(Message.id.desc())
            .limit(limit)
        )
        found = []
        for message in reversed(list(self.session.scalars(statement))):
            with suppress(EncryptionError, ValueError):
                body = self.vault.open(message.body, f"messages:{message.uid}:body") if message.body else ""
                found.append((message, body))
        return found

    def customers(self, user_ids: Collection[UUID]) -> dict[UUID, User]:
        """Return people by their keys."""
        rows = self.session.scalars(select(User).where(User.bot_id == self.bot_id, User.id.in_(user_ids)))
        return {row.id: row for row in rows}

    def languages(self, telegram_ids: Collection[int]) -> dict[int, str | None]:
        """Return the languages that accounts have chosen."""
        statement = select(User.telegram_id, User.language).where(
            User.bot_id == self.bot_id, User.telegram_id.in_(telegram_ids)
        )
        return {row[0]: row[1] for row in self.session.execute(statement)}

    def _served(self, *conditions: object) -> list[Conversation]:
        statement = select(Conversation).where(
            Conversation.bot_id == self.bot_id,
            Conversation.state == ConversationState.WITH_OPERATOR,
            *conditions,  # type: ignore[arg-type]  # SQL expressions, each
        )
        return list(self.session.scalars(statement.limit(200).with_for_update(key_share=True, skip_locked=True)))


def _identity(uid: UUID) -> str:
    return f"desk_notes:{uid}:body"
