"""Queries over the record of answers: why each was said, what became of it, and what it cost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, select

from database.models import Answer, Conversation
from database.queries.scope import Queries, table


@dataclass(frozen=True)
class Reasons:
    """Why an answer was said; `passages` are JSON objects, a chunk's key with its score and where it is from."""

    outcome: str
    confidence: float
    passages: Sequence[Mapping[str, object]]
    model: str | None = None
    prompt_version: str | None = None
    provider: str | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost: int = 0
    index_version: str | None = None
    masked: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Wanted:
    """Which answers are looked for: all that is named must hold, `trace` is an id in hexadecimal digits.

    `start` and `end` are moments, the end left out; only answers with a smaller number than `before` are given.
    """

    number: int | None = None
    trace: str = ""
    chat_id: int | None = None
    start: datetime | None = None
    end: datetime | None = None
    before: int | None = None


_RECORD = insert(table(Answer))


class AnswerQueries(Queries):
    """The answers of one bot."""

    def record(
        self, conversation_id: UUID, reasons: Reasons, *, message_id: int | None = None, traceparent: str | None = None
    ) -> None:
        """Keep why an answer was said."""
        row = {
            "bot_id": self.bot_id,
            "conversation_id": conversation_id,
            "message_id": message_id,
            "traceparent": traceparent,
        }
        self.run(_RECORD, row | vars(reasons))

    def counts(self) -> dict[str, int]:
        """Return how many answers had each outcome, without those of tests."""
        statement = (
            select(Answer.outcome, func.count())
            .join(Conversation, Conversation.id == Answer.conversation_id)
            .where(Answer.bot_id == self.bot_id, Conversation.test.is_(False))
            .group_by(Answer.outcome)
        )
        return {outcome: int(number) for outcome, number in self.session.execute(statement)}

    def spent_today(self) -> int:
        """Return what the answers of this day (UTC) cost so far, in micro-units."""
        now = self.scope.now
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        statement = select(func.sum(Answer.cost)).where(Answer.bot_id == self.bot_id, Answer.created_at >= midnight)
        return int(self.session.scalar(statement) or 0)

    def by_id(self, answer_id: int) -> Answer | None:
        """Return one answer."""
        return self.session.scalar(select(Answer).where(Answer.bot_id == self.bot_id, Answer.id == answer_id))

    def found(self, wanted: Wanted, limit: int) -> list[tuple[Answer, int]]:
        """Return answers with the number of their chat, newest first."""
        statement = (
            select(Answer, Conversation.chat_id)
            .join(Conversation, Conversation.id == Answer.conversation_id)
            .where(Answer.bot_id == self.bot_id, *_conditions(wanted))
        )
        rows = self.session.execute(statement.order_by(Answer.id.desc()).limit(limit))
        return [(answer, chat_id) for answer, chat_id in rows]

    def latest(self, chat_id: int, limit: int) -> list[Answer]:
        """Return a chat's last answers, newest first."""
        return [answer for answer, _ in self.found(Wanted(chat_id=chat_id), limit)]


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.number is not None:
        yield Answer.id == wanted.number
    if wanted.trace:  # after the version, of which there is one (W3C Trace Context)
        yield Answer.traceparent.like(f"00-{wanted.trace}-%")
    if wanted.chat_id is not None:
        yield Conversation.chat_id == wanted.chat_id
    if wanted.start is not None:
        yield Answer.created_at >= wanted.start
    if wanted.end is not None:
        yield Answer.created_at < wanted.end
    if wanted.before is not None:
        yield Answer.id < wanted.before
