"""Queries over the record of answers: why each was said, and what became of it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from database.models import Answer
from database.queries.scope import Queries


class AnswerQueries(Queries):
    """The answers of one bot."""

    def record(  # noqa: PLR0913 - each part of the record is named
        self,
        conversation_id: UUID,
        *,
        outcome: str,
        confidence: float,
        passages: Sequence[tuple[str, float]],
        message_id: int | None = None,
        model: str | None = None,
        prompt_version: str | None = None,
        traceparent: str | None = None,
    ) -> None:
        """Keep why an answer was said; `passages` are keys of chunks with their scores."""
        self.session.add(
            Answer(
                bot_id=self.bot_id,
                conversation_id=conversation_id,
                message_id=message_id,
                outcome=outcome,
                confidence=confidence,
                passages=[{"chunk": chunk, "score": round(score, 4)} for chunk, score in passages],
                model=model,
                prompt_version=prompt_version,
                traceparent=traceparent,
            )
        )

    def counts(self) -> dict[str, int]:
        """Return how many answers had each outcome."""
        statement = select(Answer.outcome, func.count()).where(Answer.bot_id == self.bot_id).group_by(Answer.outcome)
        return {outcome: int(number) for outcome, number in self.session.execute(statement)}
