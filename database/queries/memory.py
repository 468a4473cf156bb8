"""Queries over what the bot remembers of a dialog besides its last turns: a summary, and where to begin."""

from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, update

from database.models import Conversation, Message
from database.queries.scope import Queries
from database.types import db_now


class Remembered(Protocol):
    """What a conversation's row says of its memory, be it loaded or only looked at."""

    @property
    def id(self) -> UUID: ...  # noqa: D102 - columns of `conversations`
    @property
    def context_from(self) -> int: ...  # noqa: D102
    @property
    def summary(self) -> bytes | None: ...  # noqa: D102
    @property
    def summary_up_to(self) -> int | None: ...  # noqa: D102
    @property
    def open_question(self) -> int | None: ...  # noqa: D102


class MemoryQueries(Queries):
    """The memory of one bot's conversations."""

    def begins_after(self, conversation: Remembered) -> int:
        """Return the number of the last message that is forgotten, or told by the summary."""
        return max(conversation.context_from, conversation.summary_up_to or 0)

    def summary(self, conversation: Remembered) -> str:
        """Return the summary of what fell out of the window, or ""; raises EncryptionError."""
        sealed = conversation.summary
        return self.vault.open(sealed, _identity(conversation.id)) if sealed else ""

    def keep(self, conversation: Conversation, summary: str, up_to: int) -> None:
        """Keep a summary of everything up to a message."""
        conversation.summary = self.vault.seal(summary, _identity(conversation.id))
        conversation.summary_up_to = up_to

    def forget(self, conversation: Conversation) -> None:
        """Begin anew after the last message there is; the messages themselves stay."""
        last = select(func.max(Message.id)).where(
            Message.bot_id == self.bot_id, Message.conversation_id == conversation.id
        )
        conversation.context_from = self.session.scalar(last) or conversation.context_from
        conversation.summary = conversation.summary_up_to = conversation.summary_due_at = None
        conversation.open_question = None
        conversation.low_confidence = 0

    def want_summary(self, conversation_id: UUID) -> None:
        """Ask for a summary of what does not fit any more, unless somebody is at it."""
        self.execute(
            update(Conversation)
            .where(Conversation.id == conversation_id, Conversation.summary_due_at.is_(None))
            .values(summary_due_at=self.scope.now)
        )

    def claim_summary(self, lease: float) -> UUID | None:
        """Return a conversation that wants a summary, and put it off meanwhile: a worker that dies leaves it due."""
        due = (
            select(Conversation.id)
            .where(self._due())
            .order_by(Conversation.summary_due_at)
            .limit(1)
            .with_for_update(key_share=True, skip_locked=True)
        )
        return self.execute(
            update(Conversation)
            .where(Conversation.id == due.scalar_subquery())
            .values(summary_due_at=db_now(lease))
            .returning(Conversation.id)
        ).scalar_one_or_none()

    def summaries_due(self) -> bool:
        """Tell whether some conversation wants a summary."""
        return self.session.scalar(select(Conversation.id).where(self._due()).limit(1)) is not None

    def _due(self) -> ColumnElement[bool]:
        return and_(Conversation.bot_id == self.bot_id, Conversation.summary_due_at <= db_now())


def _identity(conversation_id: UUID) -> str:
    return f"conversations:{conversation_id}:summary"
