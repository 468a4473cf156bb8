"""Provenance: why an answer was said is written down with it, and told to an auditor who asks."""

from dataclasses import dataclass

from database.db import UnitOfWork
from database.models import Answer, Author
from database.queries.answer import Reasons
from services.claim import Question
from services.dialog import spoken
from services.knowledge.passages import Passage
from services.reply import Reply

_TURNS = 4  # of the dialog before an answer, where its question stands


@dataclass(frozen=True)
class Explanation:
    """An answer with the words around it; `question` and `said` are empty when nothing was said to the customer."""

    answer: Answer
    question: str = ""
    said: str = ""


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


def explain(uow: UnitOfWork, answer: Answer) -> Explanation:
    """Return an answer with what was asked and said; whoever is shown it has to be entitled to read the dialog."""
    if answer.message_id is None:
        return Explanation(answer)
    before = uow.messages.history(answer.conversation_id, _TURNS, before=answer.message_id)
    asked: list[str] = []
    for said in reversed(before):
        if said.author != Author.CUSTOMER:
            break
        asked.insert(0, said.body)
    message = uow.messages.said(answer.message_id)
    return Explanation(answer, "\n".join(asked), spoken(message) if message else "")


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
