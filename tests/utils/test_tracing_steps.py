"""Steps of traces: several at once, tried again, failed; what is exported of them, and how they are joined."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from tests.collector import Collector, running_collector

ROOT = Path(__file__).parents[2]
SAMPLED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
UNSAMPLED = SAMPLED[:-2] + "00"
START = """
import sys
from utils.tracing import current_traceparents, fail, setup_tracing, span, spans
tracing = setup_tracing("worker", "otlp", sys.argv[1], float(sys.argv[3]))
parent = sys.argv[2]
"""
END = "\ntracing.shutdown()\n"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with running_collector() as running:
        yield running


def run(collector: Collector, program: str, parent: str = SAMPLED, ratio: float = 1.0) -> list[str]:
    """Run a process of its own: OpenTelemetry takes one provider for the whole life of a process."""
    command = [sys.executable, "-W", "error", "-c", START + program + END, collector.address, parent, str(ratio)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout.split()


FIRST = 'with span("send", parent=parent, key="7.1"): pass'
SECOND = 'with span("send", parent=parent, key="7.2", after="7.1"): pass'


@pytest.mark.parametrize("parent", [SAMPLED, UNSAMPLED])
def test_an_attempt_links_to_the_one_before_though_another_process_made_it(collector: Collector, parent: str) -> None:
    failing = FIRST.replace("pass", "fail(ValueError())")
    run(collector, failing, parent)
    run(collector, failing.replace('key="7.1"', 'key="7.2", after="7.1"'), parent)
    [(_, first), (_, second)] = collector.sent()
    assert first.trace_id == second.trace_id
    assert first.span_id != second.span_id
    assert first.parent_span_id == second.parent_span_id == bytes.fromhex(SAMPLED.split("-")[2])
    assert [link.span_id for link in second.links] == [first.span_id]
    assert [link.trace_id for link in second.links] == [first.trace_id]
    assert list(first.links) == []


def test_attempts_without_a_trace_begin_one(collector: Collector) -> None:
    run(collector, SECOND.replace("parent=parent", "parent=None"))
    [(_, only)] = collector.sent()
    assert (only.parent_span_id, list(only.links)) == (b"", [])


TREE = """
with span("step", parent=parent):
    with span("fine"):
        pass
    try:
        with span("failing"):
            raise ValueError("Ivan Petrov")
    except ValueError:
        pass
with span("another step", parent=parent):
    with span("also fine"):
        pass
"""


def test_of_an_unsampled_trace_the_spans_of_a_step_that_failed_are_kept(collector: Collector) -> None:
    run(collector, TREE, UNSAMPLED)
    spans = collector.spans()
    assert set(spans) == {"step", "fine", "failing"}
    assert spans["failing"].status.code == Status.STATUS_CODE_ERROR
    assert {spans[name].parent_span_id for name in ("fine", "failing")} == {spans["step"].span_id}
    assert "Ivan Petrov" not in str(collector.resources())


def test_of_a_sampled_trace_all_is_kept(collector: Collector) -> None:
    run(collector, TREE, SAMPLED, ratio=0.0)
    assert set(collector.spans()) == {"step", "fine", "failing", "another step", "also fine"}


def test_what_is_not_sampled_says_so_to_those_behind_it(collector: Collector) -> None:
    program = 'with span("root"): print(*current_traceparents())'
    [traceparent] = run(collector, program, ratio=0.0)
    assert int(traceparent.split("-")[3], 16) & 1 == 0
    assert collector.sent() == []


def test_a_batch_is_a_step_of_each_of_its_traces(collector: Collector) -> None:
    program = """
with spans("ingest", [None, parent], attributes={"rows": 2}) as traces:
    assert current_traceparents() == traces
    with spans("guards", traces):
        fail(ValueError("x"))
    print(*traces)
"""
    told = run(collector, program)
    for traceparent in told:
        trace, span = (bytes.fromhex(part) for part in traceparent.split("-")[1:3])
        [ingest, guards] = sorted(
            (s for _, s in collector.sent() if s.trace_id == trace), key=lambda s: s.name, reverse=True
        )
        assert (ingest.name, ingest.span_id, guards.parent_span_id) == ("ingest", span, span)
        assert guards.status.code == Status.STATUS_CODE_ERROR
    assert len(collector.sent()) == 4
    assert len({traceparent.split("-")[1] for traceparent in told}) == 2


def test_a_wake_up_goes_with_the_traces_it_links_to(collector: Collector) -> None:
    program = """
with span("process inbox", links=[parent]):
    with span("intake", parent=parent):
        pass
"""
    run(collector, program, UNSAMPLED)
    assert collector.sent() == []
    run(collector, program, SAMPLED, ratio=0.0)
    spans = collector.spans()
    assert spans["intake"].trace_id != spans["process inbox"].trace_id
    assert [link.span_id.hex() for link in spans["process inbox"].links] == [SAMPLED.split("-")[2]]
    assert [link.span_id for link in spans["intake"].links] == [spans["process inbox"].span_id]


def test_a_batch_that_fails_fails_in_each_trace(collector: Collector) -> None:
    program = """
try:
    with spans("ingest", [None, None]), spans("INSERT inbox", current_traceparents()):
        raise OSError("database of Ivan Petrov")
except OSError:
    pass
"""
    run(collector, program, ratio=0.0)
    sent = [one for _, one in collector.sent()]
    assert sorted(one.name for one in sent) == ["INSERT inbox", "INSERT inbox", "ingest", "ingest"]
    assert {one.status.message for one in sent} == {"OSError"}


def test_while_off_nothing_is_made() -> None:
    program = """
import sys
from opentelemetry import trace
from opentelemetry.trace import ProxyTracer
made = []
ProxyTracer.start_span = lambda *_, **__: made.append(1)
from utils.tracing import current_traceparents, span, spans
with span("a", key="1", attributes={"rows": 1}) as one, spans("b", [None, None]) as traces:
    print(one is trace.INVALID_SPAN, traces, current_traceparents(), made)
print([name for name in sys.modules if name.startswith("opentelemetry.sdk")])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=180, check=True
    )
    assert done.stdout.splitlines() == ["True [None, None] [] []", "[]"]
