"""Queries over dead letters: what attempts came to no end with, and the way back for it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, true, update

from database.models import Author, Conversation, ConversationState, Delivery, InboxRow, InboxState, Message
from database.queries.scope import Queries, rowcount
from database.types import db_now


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

    def revive(self, limit: int) -> Revived:
        """Give dead letters another life, at most `limit` of each kind."""
        return Revived(self._revive_updates(limit), self._revive_questions(limit), self._revive_messages(limit))

    def _revive_updates(self, limit: int) -> int:
        dead = (
            select(InboxRow.update_id)
            .where(InboxRow.bot_id == self.bot_id, InboxRow.state == InboxState.DEAD)
            .limit(limit)
        )
        revived = self.execute(
            update(InboxRow)
            .where(InboxRow.bot_id == self.bot_id, InboxRow.update_id.in_(dead))
            .values(state=InboxState.NEW, attempt=0, not_before=None)
        )
        return rowcount(revived)

    def _revive_questions(self, limit: int) -> int:
        """Let questions be asked again where the AI still has the conversation."""
        with_ai = select(Conversation.id).where(
            Conversation.bot_id == self.bot_id, Conversation.state == ConversationState.AI
        )
        dead = select(Message.id).where(self._questions(), Message.conversation_id.in_(with_ai)).limit(limit)
        revived = self.execute(
            update(Message)
            .where(Message.id.in_(dead))
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

    def _revive_messages(self, limit: int) -> int:
        mine = and_(Message.bot_id == self.bot_id, Message.state == Delivery.DEAD, Message.author != Author.CUSTOMER)
        dead = update(Message).where(Message.id.in_(select(Message.id).where(mine).limit(limit)))
        return rowcount(self.execute(dead.values(state=Delivery.PENDING, failures=0, not_before=None, reason=None)))

    def _questions(self) -> ColumnElement[bool]:
        return and_(Message.bot_id == self.bot_id, Message.state == Delivery.DEAD, Message.author == Author.CUSTOMER)
