"""Spans reach a collector redacted, and cost nothing while tracing is off."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span as SentSpan
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from tests.collector import Collector, running_collector
from utils.tracing import TracingError, current_traceparent, setup_tracing, span

ROOT = Path(__file__).parents[2]
TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
PARENT = f"00-{TRACE}-{SPAN}-01"
CANARIES = [
    "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-pc",
    "+7 912 345-67-89",
    "4111 1111 1111 1111",
    "ivan@example.ru",
]


@pytest.fixture
def collector() -> Iterator[Collector]:
    with running_collector() as running:
        yield running


def run(program: str, *arguments: str) -> str:
    """Run a process of its own: OpenTelemetry takes one provider for the whole life of a process."""
    command = [sys.executable, "-W", "error", "-c", program, *arguments]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


SENDER = """
import json, sys
from utils.tracing import SpanKind, current_traceparent, setup_tracing, span
address, parent, canaries = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
tracing = setup_tracing("worker", "otlp", address)
with span("outer", kind=SpanKind.CONSUMER, parent=parent, attributes={"rows": 3, "ok": True, "nothing": None}):
    here = current_traceparent()
    with span("inner", links=[parent, "nonsense"]) as inner:
        inner.add_event("event", {"note": canaries[0]})
        inner.set_attribute("list", canaries)
        inner.set_attribute("number", 79123456789)
for number, canary in enumerate(canaries):
    try:
        with span(f"failing {number}", attributes={"text": canary}):
            raise RuntimeError(canary)
    except RuntimeError:
        pass
    with span(f"named {canary}"):
        pass
tracing.shutdown()
print(here, current_traceparent())
"""


def test_spans_reach_the_collector(collector: Collector) -> None:
    here, after = run(SENDER, collector.address, PARENT, json.dumps(CANARIES)).split()
    spans = collector.spans()
    outer, inner = spans["outer"], spans["inner"]
    assert collector.paths == {"/v1/traces"}
    assert (outer.trace_id.hex(), outer.parent_span_id.hex()) == (TRACE, SPAN)
    assert (inner.trace_id.hex(), inner.parent_span_id) == (TRACE, outer.span_id)
    assert [link.span_id.hex() for link in inner.links] == [SPAN]
    assert outer.kind == SentSpan.SPAN_KIND_CONSUMER
    assert {item.key: item.value.WhichOneof("value") for item in outer.attributes} == {
        "rows": "int_value",
        "ok": "bool_value",
    }
    assert spans["failing 0"].status.code == Status.STATUS_CODE_ERROR
    assert here == f"00-{TRACE}-{outer.span_id.hex()}-01"
    assert after == "None"
    (resource,) = {
        item.value.string_value
        for sent in collector.resources()
        for item in sent.resource.attributes
        if item.key == "service.name"
    }
    assert resource == "worker"


def test_nothing_personal_is_sent(collector: Collector) -> None:
    run(SENDER, collector.address, PARENT, json.dumps(CANARIES))
    everything = "\n".join(map(str, collector.resources()))
    assert "RuntimeError" in everything
    for canary in [*CANARIES, "79123456789"]:
        assert canary not in everything
        assert canary.encode() not in b"".join(collector.bodies)


def test_sampling_follows_the_parent_and_the_ratio(collector: Collector) -> None:
    program = """
import sys
from utils.tracing import setup_tracing, span
tracing = setup_tracing("worker", "otlp_proto_http", sys.argv[1] + "/v1/traces", 0.0)
with span("dropped"):
    pass
with span("kept", parent=sys.argv[2]):
    pass
tracing.shutdown()
"""
    run(program, collector.address, PARENT)
    assert set(collector.spans()) == {"kept"}


def test_a_collector_that_is_away_stops_nothing(dead_port: int) -> None:
    program = """
import os, sys, time
os.environ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "1"  # seconds, instead of ten
from utils.tracing import setup_tracing, span
tracing = setup_tracing("worker", "otlp", sys.argv[1])
with span("lost"):
    pass
start = time.monotonic()
tracing.shutdown()
print(time.monotonic() - start)
"""
    assert float(run(program, f"http://127.0.0.1:{dead_port}")) < 9


def test_while_off_no_sdk_is_imported_and_spans_still_nest() -> None:
    program = """
import sys
from utils.tracing import current_traceparent, setup_tracing, span
for exporter in (None, "", "none", " none "):
    setup_tracing("front", exporter, None).shutdown()
with span("nothing", attributes={"rows": 1}):
    print(current_traceparent())
with span("passed on", parent=sys.argv[1]):
    print(current_traceparent())
print([name for name in sys.modules if name.startswith("opentelemetry.sdk") or "exporter" in name])
"""
    assert run(program, PARENT).split("\n")[:3] == ["None", PARENT, "[]"]


def test_an_exporter_that_is_not_installed_is_named_with_those_that_are() -> None:
    with pytest.raises(TracingError, match=r"'zipkin'.*otlp_proto_http"):
        setup_tracing("front", "zipkin", None)


def test_a_ratio_outside_its_bounds_is_refused() -> None:
    with pytest.raises(TracingError):
        setup_tracing("front", "otlp", None, 1.5)


def test_exceptions_pass_through() -> None:
    with pytest.raises(KeyError), span("failing"):
        raise KeyError("x")
    assert current_traceparent() is None
