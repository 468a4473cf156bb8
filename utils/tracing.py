"""Spans over OpenTelemetry: a facade that costs next to nothing while tracing is off."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.context import attach, create_key, detach, get_value, set_value
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode

from utils.traceparent import chosen_span_id, context_of, named, step_of, written

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

__all__ = [
    "Span",
    "SpanKind",
    "Tracing",
    "TracingError",
    "current_traceparent",
    "current_traceparents",
    "fail",
    "note",
    "setup_tracing",
    "span",
    "spans",
]

Attributes = Mapping[str, str | bool | float | None]

_SHARED = create_key("spans of this step")  # those of `spans`, of which none is the current one


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
    service.name. Of the traces `sample_ratio` are exported, and of the others the steps that failed. Raises
    TracingError when no installed package offers the exporter.
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
def span(  # noqa: PLR0913 - what a span may be told, by name
    name: str,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    parent: str | None = None,
    links: Sequence[str] = (),
    key: str | None = None,
    after: str | None = None,
    attributes: Attributes | None = None,
) -> Iterator[Span]:
    """Run a block inside a span; of an exception that leaves it the class is noted.

    `parent` and `links` are W3C traceparents, such as `current_traceparent` gives; malformed ones are ignored.
    Without `parent` the current span is the parent; with it, a current span of another trace, such as a
    wake-up's, is linked. Attributes that are None are left out.

    A step that may be tried again has a `key` of its own for each attempt, unique in its trace: the span's id
    follows from it, so that the next attempt, in whatever process, links to the one `after` whose key it names.
    """
    if not parent and not _on():
        yield trace.INVALID_SPAN
        return
    here = trace.get_current_span().get_span_context()
    context = None if parent is None else context_of(parent)
    origin = here if context is None else trace.get_current_span(context).get_span_context()
    linked = [named(link) for link in links] + [here] * (here.trace_id != origin.trace_id)
    if after:
        linked.append(step_of(origin, name, after))
    token = chosen_span_id.set(step_of(origin, name, key).span_id if key else None)
    current = trace.get_tracer(__name__).start_span(
        name, context, kind, _given(attributes), [Link(target) for target in linked if target.is_valid]
    )
    chosen_span_id.reset(token)
    with trace.use_span(current, end_on_exit=True, record_exception=False, set_status_on_exception=False):
        try:
            yield current
        except Exception as error:
            _fail(current, error)
            raise


@contextmanager
def spans(
    name: str,
    parents: Sequence[str | None],
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    attributes: Attributes | None = None,
) -> Iterator[Sequence[str | None]]:
    """Run a block that is one step of several traces: a span in each, as long as the block.

    Yields the traceparent of each, in the order of their parents; a parent that is None begins a trace.
    """
    if not _on():
        yield parents
        return
    tracer = trace.get_tracer(__name__)
    opened = [tracer.start_span(name, context_of(parent), kind, _given(attributes)) for parent in parents]
    traces = [written(one.get_span_context()) for one in opened]
    only = opened[0] if len(opened) == 1 else trace.INVALID_SPAN
    token = attach(set_value(_SHARED, opened, trace.set_span_in_context(only)))
    try:
        yield traces
    except Exception as error:
        for one in opened:
            _fail(one, error)
        raise
    finally:
        detach(token)
        for one in opened:
            one.end()


def note(attributes: Attributes) -> None:
    """Add attributes to the current span, such as those that are known only at its end."""
    trace.get_current_span().set_attributes(_given(attributes))


def fail(error: Exception) -> None:
    """Mark the current span as failed (of several traces, each one's), by an error that does not leave it."""
    for one in _current():
        _fail(one, error)


def current_traceparent() -> str | None:
    """W3C traceparent of the current span, to be carried to another process; None outside any span."""
    context = trace.get_current_span().get_span_context()
    return written(context) if context.is_valid else None


def current_traceparents() -> list[str]:
    """Return the traceparent of the current span, or those of all the traces that this is a step of."""
    return [written(one.get_span_context()) for one in _current()]


def _current() -> list[Span]:
    one = trace.get_current_span()
    if one.get_span_context().is_valid:
        return [one]
    shared = get_value(_SHARED)
    return shared if isinstance(shared, list) else []


def _on() -> bool:
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


def _given(attributes: Attributes | None) -> dict[str, str | bool | float]:
    return {key: value for key, value in (attributes or {}).items() if value is not None}


def _fail(failed: Span, error: Exception) -> None:
    # No text and no stack: they may hold what is personal. The log has them, beside the trace's id.
    name = type(error).__name__
    failed.set_status(Status(StatusCode.ERROR, name))
    failed.set_attribute("error.type", name)
