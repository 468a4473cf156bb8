"""Queries over dead letters: what attempts came to no end with, and the way back for it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, true, update

from database.models import Author, Conversation, ConversationState, Delivery, InboxRow, InboxState, Message
from database.queries.scope import Queries, rowcount
from database.types import db_now

DROPPED = "given_up"  # the reason of a message that somebody gave up


class DeadKind(StrEnum):
    """What attempts came to no end with."""

    UPDATE = auto()
    QUESTION = auto()
    MESSAGE = auto()


@dataclass(frozen=True)
class DeadLetter:
    """A dead letter without its words: the number of its row, whose chat, since when, after how many attempts, why."""

    kind: DeadKind
    number: int
    chat_id: int
    since: datetime
    attempts: int
    reason: str | None


@dataclass(frozen=True)
class Revived:
    """How many of each kind were given another life."""

    updates: int
    questions: int
    messages: int


class DeadLetterQueries(Queries):
    """The dead letters of one bot: updates nobody could work on, questions without an answer, messages not sent."""

    def bury_questions(self, conversation_id: UUID, reason: str, up_to: int | None = None) -> None:
        """Put the open questions of a conversation (up to one of them) here; they count as answered meanwhile."""
        self.execute(
            update(Message)
            .where(
                Message.conversation_id == conversation_id,
                Message.state == Delivery.RECEIVED,
                Message.answered_at.is_(None),
                true() if up_to is None else Message.id <= up_to,
            )
            .values(answered_at=db_now(), state=Delivery.DEAD, reason=reason)
        )

    def let_go(self, conversation_id: UUID) -> None:
        """Give up a conversation's dead questions: a person sees to them now, or nobody needs to any more."""
        dead = and_(self._questions(), Message.conversation_id == conversation_id)
        self.execute(update(Message).where(dead).values(state=Delivery.RECEIVED))

    def newest(self, limit: int) -> list[DeadLetter]:
        """Return dead letters, the newest first, at most `limit` of each kind."""
        updates = select(InboxRow.update_id, InboxRow.chat_id, InboxRow.received_at, InboxRow.attempt, InboxRow.error)
        messages = select(Message.id, Message.chat_id, Message.created_at, Message.failures, Message.reason)
        newest = {
            DeadKind.UPDATE: updates.where(self._updates()).order_by(InboxRow.received_at.desc()),
            DeadKind.QUESTION: messages.where(self._questions()).order_by(Message.created_at.desc()),
            DeadKind.MESSAGE: messages.where(self._messages()).order_by(Message.created_at.desc()),
        }
        return [
            DeadLetter(kind, *row)
            for kind, statement in newest.items()
            for row in self.session.execute(statement.limit(limit))
        ]

    def revive(self, limit: int) -> Revived:
        """Give dead letters another life, at most `limit` of each kind."""
        return Revived(self._revive_updates(limit), self._revive_questions(limit), self._revive_messages(limit))

    def revive_one(self, kind: DeadKind, number: int) -> bool:
        """Give one dead letter another life; False when it is none any more, or a person has the conversation."""
        match kind:
            case DeadKind.UPDATE:
                return self._revive_updates(1, InboxRow.update_id == number) > 0
            case DeadKind.QUESTION:
                return self._revive_questions(1, Message.id == number) > 0
            case DeadKind.MESSAGE:
                return self._revive_messages(1, Message.id == number) > 0

    def drop(self, kind: DeadKind, number: int) -> bool:
        """Give one dead letter up for good; False when it is none any more."""
        match kind:
            case DeadKind.UPDATE:
                own = update(InboxRow).where(self._updates(), InboxRow.update_id == number)
                dropped = self.execute(own.values(state=InboxState.DONE, body=None))
            case DeadKind.QUESTION:
                question = update(Message).where(self._questions(), Message.id == number)
                dropped = self.execute(question.values(state=Delivery.RECEIVED))
            case DeadKind.MESSAGE:
                message = update(Message).where(self._messages(), Message.id == number)
                dropped = self.execute(message.values(state=Delivery.DROPPED, reason=DROPPED))
        return rowcount(dropped) > 0

    def _revive_updates(self, limit: int, *which: ColumnElement[bool]) -> int:
        dead = select(InboxRow.update_id).where(self._updates(), *which).limit(limit)
        revived = self.execute(
            update(InboxRow)
            .where(self._updates(), InboxRow.update_id.in_(dead))
            .values(state=InboxState.NEW, attempt=0, not_before=None)
        )
        return rowcount(revived)

    def _revive_questions(self, limit: int, *which: ColumnElement[bool]) -> int:
        """Let questions be asked again where the AI still has the conversation."""
        with_ai = select(Conversation.id).where(
            Conversation.bot_id == self.bot_id, Conversation.state == ConversationState.AI
        )
        dead = select(Message.id).where(self._questions(), Message.conversation_id.in_(with_ai), *which).limit(limit)
        revived = self.execute(
            update(Message)
            .where(self._questions(), Message.id.in_(dead))
            .values(state=Delivery.RECEIVED, answered_at=None, reason=None)
            .returning(Message.conversation_id)
        )
        asked_again = list(revived.scalars())
        self.execute(
            update(Conversation)
            .where(Conversation.id.in_(set(asked_again)), Conversation.answer_due_at.is_(None))
            .values(asked_at=db_now(), answer_due_at=db_now(), failures=0)
        )
        return len(asked_again)

    def _revive_messages(self, limit: int, *which: ColumnElement[bool]) -> int:
        mine = select(Message.id).where(self._messages(), *which).limit(limit)
        dead = update(Message).where(self._messages(), Message.id.in_(mine))
        return rowcount(self.execute(dead.values(state=Delivery.PENDING, failures=0, not_before=None, reason=None)))

    # Updates ask these again beside their choice of rows: only there PostgreSQL sees what a colleague did meanwhile.

    def _updates(self) -> ColumnElement[bool]:
        return and_(InboxRow.bot_id == self.bot_id, InboxRow.state == InboxState.DEAD)

    def _questions(self) -> ColumnElement[bool]:
        return and_(Message.bot_id == self.bot_id, Message.state == Delivery.DEAD, Message.author == Author.CUSTOMER)

    def _messages(self) -> ColumnElement[bool]:
        return and_(Message.bot_id == self.bot_id, Message.state == Delivery.DEAD, Message.author != Author.CUSTOMER)
