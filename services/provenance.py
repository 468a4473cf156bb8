"""Provenance: why an answer is said is written down with it."""

from database.db import UnitOfWork
from database.queries.answer import Reasons
from services.claim import Question
from services.knowledge.passages import Passage
from services.reply import Reply


def record(uow: UnitOfWork, question: Question, reply: Reply, message_id: int | None) -> None:
    """Write down why a reply is said, or was not, in the transaction that says it."""
    reasons = Reasons(
        outcome=reply.outcome,
        confidence=reply.found.confidence,
        passages=[_cited(passage) for passage in reply.found.passages],
        model=reply.model,
        prompt_version=reply.prompt_version,
        provider=reply.provider,
        tokens_in=reply.usage.tokens_in,
        tokens_out=reply.usage.tokens_out,
        cost=reply.usage.cost,
        index_version=reply.index_version,
        masked=reply.masked,
    )
    conversation_id = question.claim.conversation_id
    uow.answers.record(conversation_id, reasons, message_id=message_id, traceparent=question.traceparent)


def _cited(passage: Passage) -> dict[str, object]:
    """Return a passage as it is kept: with its title and version, as neither may be there when somebody asks."""
    chunk = passage.chunk
    return {
        "chunk": chunk.id,
        "score": round(passage.score, 4),
        "title": chunk.title,
        "document": chunk.document,
        "version": chunk.version,
    }
