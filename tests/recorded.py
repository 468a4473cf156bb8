"""Spans of one test, recorded in this process: OpenTelemetry itself takes one provider for a process's whole life."""

from dataclasses import dataclass

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from utils.tracing_sampling import Recording, StepIds

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-01"


@dataclass(frozen=True)
class Recorded:
    """What was traced since the test began."""

    exporter: InMemorySpanExporter

    def spans(self, name: str) -> list[ReadableSpan]:
        """Return the spans of a name, in the order in which they ended."""
        return [span for span in self.exporter.get_finished_spans() if span.name == name]


def record(monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """Record spans until the test ends."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(sampler=Recording(1.0), id_generator=StepIds(), shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    return Recorded(exporter)


def parent_of(span: ReadableSpan) -> str | None:
    """Return the id of a span's parent as hexadecimal digits."""
    return f"{span.parent.span_id:016x}" if span.parent else None


def links_of(span: ReadableSpan) -> list[str]:
    """Return the traceparents, without flags, that a span links to."""
    return [f"00-{link.context.trace_id:032x}-{link.context.span_id:016x}" for link in span.links]


def name_of(span: ReadableSpan) -> str:
    """Return the traceparent, without flags, of a span."""
    return f"00-{span.context.trace_id:032x}-{span.context.span_id:016x}"
