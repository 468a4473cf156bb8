"""W3C traceparents, and ids of spans that follow from what the span is about."""

from contextvars import ContextVar
from hashlib import blake2b

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import SpanContext
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR = TraceContextTextMapPropagator()

# The id that the next span gets, in place of a random one: read by the provider's generator of ids.
chosen_span_id: ContextVar[int | None] = ContextVar("chosen_span_id", default=None)


def context_of(traceparent: str | None) -> Context:
    """Return a context below the span that a traceparent names; an empty one when it is malformed or none."""
    return _PROPAGATOR.extract({"traceparent": traceparent or ""}, Context())


def named(traceparent: str) -> SpanContext:
    """Return the span that a traceparent names, an invalid one when it is malformed."""
    return trace.get_current_span(context_of(traceparent)).get_span_context()


def written(context: SpanContext) -> str:
    """Return the traceparent of a span."""
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def step_of(parent: SpanContext, name: str, key: str) -> SpanContext:
    """Return the span of a step below a parent: the same in whatever process it is asked for; invalid without one."""
    if not parent.is_valid:
        return trace.INVALID_SPAN_CONTEXT
    digest = blake2b(f"{parent.trace_id:032x}/{name}/{key}".encode(), digest_size=8).digest()
    span_id = int.from_bytes(digest) or 1  # zero is no span's (W3C Trace Context, "parent-id")
    return SpanContext(parent.trace_id, span_id, is_remote=True, trace_flags=parent.trace_flags)
