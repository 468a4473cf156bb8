"""Spans over OpenTelemetry: a facade that costs little while tracing is off and redacts what is exported."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

__all__ = ["SpanKind", "Tracing", "TracingError", "current_traceparent", "setup_tracing", "span"]

_HEADER = "traceparent"
_PROPAGATOR = TraceContextTextMapPropagator()


class TracingError(Exception):
    """Tracing cannot be set up."""


@dataclass(frozen=True)
class Tracing:
    """What `setup_tracing` started; nothing when tracing is off."""

    provider: "TracerProvider | None" = None

    def shutdown(self) -> None:
        """Export the spans that wait, then stop."""
        if self.provider is not None:
            self.provider.shutdown()


def setup_tracing(part: str, exporter: str | None, endpoint: str | None, sample_ratio: float = 1.0) -> Tracing:
    """Send this process's spans to `exporter`, named as in OTEL_TRACES_EXPORTER; once a process.

    None and "none" leave tracing off and import no SDK; several names are separated by commas. "otlp" goes by
    HTTP to `endpoint`, the collector's base address such as `http://127.0.0.1:4318`. `part` becomes
    service.name. Raises TracingError when no installed package offers the exporter.
    """
    names = [name.strip() for name in (exporter or "").split(",")]
    names = [name for name in names if name not in {"", "none"}]
    if not names:
        return Tracing()
    from utils.tracing_export import build_provider  # noqa: PLC0415 - brings in the SDK

    try:
        provider = build_provider(part, names, endpoint, sample_ratio)
    except (LookupError, ValueError) as error:
        raise TracingError(str(error)) from error
    trace.set_tracer_provider(provider)
    return Tracing(provider)


@contextmanager
def span(
    name: str,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    parent: str | None = None,
    links: Sequence[str] = (),
    **attributes: str | float | None,
) -> Iterator[Span]:
    """Run a block inside a span; an exception that leaves it is recorded.

    `parent` and `links` are W3C traceparents, such as `current_traceparent` gives; malformed ones are
    ignored. Without `parent` the current span is the parent. Attributes that are None are left out.
    """
    context = None if parent is None else _context(parent)
    linked = [trace.get_current_span(_context(link)).get_span_context() for link in links]
    with trace.get_tracer(__name__).start_as_current_span(
        name,
        context=context,
        kind=kind,
        attributes={key: value for key, value in attributes.items() if value is not None},
        links=[Link(target) for target in linked if target.is_valid],
    ) as current:
        yield current


def current_traceparent() -> str | None:
    """W3C traceparent of the current span, to be carried to another process; None outside any span."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get(_HEADER)


def _context(traceparent: str) -> Context:
    return _PROPAGATOR.extract({_HEADER: traceparent}, Context())
