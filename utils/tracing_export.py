"""The half of tracing that needs the OpenTelemetry SDK: exporters by name, sampling, redaction."""

from collections.abc import Mapping, Sequence
from importlib.metadata import entry_points
from typing import Any
from urllib.parse import urlsplit

from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status

from utils.masking import redact
from utils.tracing_sampling import Recording, StepIds, StepsThatFail

_GROUP = "opentelemetry_traces_exporter"
_OTLP = "otlp_proto_http"
_ALIASES = {"otlp": _OTLP}  # the specification's name, which says nothing of the protocol
_OTLP_PATH = "/v1/traces"


def build_provider(part: str, names: Sequence[str], endpoint: str | None, sample_ratio: float) -> TracerProvider:
    """Make a provider that exports redacted spans in batches: of a share of the traces, and of steps that fail.

    Raises LookupError for an exporter that is not installed, ValueError for a ratio outside 0…1.
    """
    provider = TracerProvider(
        resource=Resource.create({SERVICE_NAME: part}),
        sampler=Recording(sample_ratio),
        id_generator=StepIds(),
        shutdown_on_exit=False,  # whoever set tracing up shuts it down
    )
    for name in names:
        provider.add_span_processor(StepsThatFail(BatchSpanProcessor(RedactingExporter(_load(name, endpoint)))))
    return provider


class RedactingExporter(SpanExporter):
    """Passes spans on without personal data in their names, attributes, events, links and status."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export redacted copies."""
        return self._exporter.export([_redacted_span(span) for span in spans])

    def shutdown(self) -> None:
        """Stop the exporter behind."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Flush the exporter behind."""
        return self._exporter.force_flush(timeout_millis)


def _load(name: str, endpoint: str | None) -> SpanExporter:
    installed = entry_points(group=_GROUP)
    wanted = _ALIASES.get(name, name)
    if wanted not in installed.names:
        raise LookupError(f"no trace exporter {name!r}; installed are {', '.join(sorted(installed.names))}")
    make: Any = installed[wanted].load()
    if endpoint is None:
        exporter: SpanExporter = make()
    elif wanted == _OTLP and urlsplit(endpoint).path in {"", "/"}:
        exporter = make(endpoint=endpoint.rstrip("/") + _OTLP_PATH)
    else:
        exporter = make(endpoint=endpoint)
    return exporter


def _redacted_span(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=redact(span.name),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_redacted(span.attributes),
        events=[Event(redact(event.name), _redacted(event.attributes), event.timestamp) for event in span.events],
        links=[type(link)(link.context, _redacted(link.attributes)) for link in span.links],
        kind=span.kind,
        status=Status(span.status.status_code, span.status.description and redact(span.status.description)),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _redacted(attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    return {key: _redacted_value(value) for key, value in (attributes or {}).items()}


def _redacted_value(value: Any) -> Any:
    match value:
        case bool() | bytes() | float():
            return value
        case str():
            return redact(value)
        case int():
            text = str(value)
            return value if redact(text) == text else redact(text)
        case _:
            return [_redacted_value(item) for item in value]
