"""Spans of the steps that may be tried again: each attempt links to the one before, in the same trace."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from uuid import UUID

from utils.conventions import insert, messaging
from utils.tracing import Span, SpanKind, span


def taking_in(
    update_id: int, attempt: int, traceparent: str | None, kind: str, *, again: bool
) -> AbstractContextManager[Span]:
    """Return the span of work on an update; `again` when it was begun in the same lease, with others, in vain."""
    key = f"{update_id}.{attempt}"
    before = f"{update_id}.{attempt - 1}" if attempt > 1 else None
    return span(
        "intake",
        parent=traceparent,
        key=f"{key}.alone" if again else key,
        after=key if again else before,
        attributes={"bot.job": kind, "bot.attempt": attempt},
    )


def answering(
    conversation_id: UUID, attempt: int, traceparents: Sequence[str | None], failures: int
) -> AbstractContextManager[Span]:
    """Return the span of an answer, in the trace of the last message of several and linked to the others'.

    `attempt` counts the claims of the conversation, `failures` those of this answer, this one among them.
    """
    *others, newest = traceparents or (None,)
    return span(
        "answer",
        parent=newest,
        links=[traceparent for traceparent in others if traceparent],
        key=f"{conversation_id}.{attempt}",
        after=f"{conversation_id}.{attempt - 1}" if failures > 1 else None,
        attributes={"bot.attempt": failures, "bot.messages": len(traceparents)},
    )


def writing(system: str) -> AbstractContextManager[Span]:
    """Return the span of the transaction that puts an answer into the outbox."""
    return span("INSERT messages", kind=SpanKind.CLIENT, attributes=insert(system, "messages"))


def sending(message_id: int, attempt: int, traceparent: str | None) -> AbstractContextManager[Span]:
    """Return the span of a call that delivers a message."""
    return span(
        "send",
        kind=SpanKind.CLIENT,
        parent=traceparent,
        key=f"{message_id}.{attempt}",
        after=f"{message_id}.{attempt - 1}" if attempt > 1 else None,
        attributes={**messaging("telegram", "send", "sendMessage"), "bot.attempt": attempt},
    )
