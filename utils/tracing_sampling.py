"""Which spans leave: those of sampled traces, and of all others the steps that failed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult, TraceIdRatioBased
from opentelemetry.trace import Link, SpanContext, SpanKind, StatusCode, TraceState
from opentelemetry.util.types import Attributes

from utils.traceparent import chosen_span_id

_SAMPLED = trace.TraceFlags(trace.TraceFlags.SAMPLED)


class StepIds(RandomIdGenerator):
    """Random ids, but for a span whose id was chosen."""

    def generate_span_id(self) -> int:
        """Return the id that was chosen, else a random one."""
        return chosen_span_id.get() or super().generate_span_id()


class Recording(Sampler):
    """Samples by the parent's word, by that of any link, or by ratio; what is not sampled is recorded all the same."""

    def __init__(self, ratio: float) -> None:
        self._ratio = TraceIdRatioBased(ratio)

    def should_sample(  # noqa: PLR0913, PLR0917 - the SDK's signature
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """Decide about a span."""
        del kind, trace_state
        parent = trace.get_current_span(parent_context).get_span_context()
        if parent.is_valid:
            sampled = parent.trace_flags.sampled
        elif links:  # a wake-up goes with the traces it works for
            sampled = any(link.context.trace_flags.sampled for link in links)
        else:
            sampled = self._ratio.should_sample(None, trace_id, name).decision is Decision.RECORD_AND_SAMPLE
        decision = Decision.RECORD_AND_SAMPLE if sampled else Decision.RECORD_ONLY
        return SamplingResult(decision, attributes, parent.trace_state if parent.is_valid else None)

    def get_description(self) -> str:
        """Say what this is."""
        return f"Recording{{{self._ratio.get_description()}}}"


@dataclass
class _Step:
    """A span that has no parent in this process, with all that happens below it."""

    root: int
    ended: list[ReadableSpan] = field(default_factory=list)
    failed: bool = False


class StepsThatFail(SpanProcessor):
    """Passes sampled spans on at once, and those of an unsampled step at its end if any of them failed."""

    def __init__(self, behind: SpanProcessor) -> None:
        self._behind = behind
        self._steps: dict[int, _Step] = {}
        self._lock = Lock()

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Remember to which step an unsampled span belongs."""
        if not _recorded_only(span.context):
            self._behind.on_start(span, parent_context)
            return
        parent = span.parent.span_id if span.parent else 0
        with self._lock:
            self._steps[span.context.span_id] = self._steps.get(parent) or _Step(span.context.span_id)

    def on_end(self, span: ReadableSpan) -> None:
        """Pass on, keep for the step's end, or forget."""
        if not _recorded_only(span.context):
            self._behind.on_end(span)
            return
        with self._lock:
            step = self._steps.pop(span.context.span_id, None) or _Step(span.context.span_id)
        step.ended.append(span)
        step.failed = step.failed or span.status.status_code is StatusCode.ERROR
        if step.root == span.context.span_id:
            for kept in step.ended if step.failed else ():
                self._behind.on_end(_as_sampled(kept))

    def shutdown(self) -> None:
        """Export what waits, then stop."""
        self._behind.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Export what waits."""
        return self._behind.force_flush(timeout_millis)


def _recorded_only(context: SpanContext) -> bool:
    return not context.trace_flags.sampled


def _as_sampled(span: ReadableSpan) -> ReadableSpan:
    """Return a copy that exporters take; the trace itself stays unsampled."""
    context = span.context
    return ReadableSpan(
        name=span.name,
        context=SpanContext(context.trace_id, context.span_id, context.is_remote, _SAMPLED, context.trace_state),
        parent=span.parent,
        resource=span.resource,
        attributes=span.attributes,
        events=span.events,
        links=span.links,
        kind=span.kind,
        status=span.status,
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )
