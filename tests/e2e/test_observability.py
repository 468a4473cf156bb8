"""What those who operate the bot can see: health, readiness, metrics, traces and logs."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.trace.v1.trace_pb2 import Span as SentSpan
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from api import create_app
from config import load_settings
from tests.collector import Collector, running_collector
from tests.e2e.own import FACT, QUESTION, Place, own_place
from tests.system import environment_of, free_port, wait_until

pytestmark = pytest.mark.e2e

WAY = sorted(
    [("bot", name) for name in ("ingest", "guards", "INSERT inbox", "send inbox")]
    + [("worker", name) for name in ("intake", "answer", "retrieval", "model")]
    + 3 * [("worker", "chat gpt-5-mini")]  # whoever refuses a connection is asked again, twice
    + [("worker", name) for name in ("INSERT messages", "send", "send")]
)
_PARTS = {"database", "migrations", "redis", "knowledge"}


@dataclass
class Watched:
    """An installation with all that looks at it."""

    place: Place
    collector: Collector
    http: httpx.Client
    metrics: str

    def ready(self) -> tuple[int, dict[str, str]]:
        """Return readiness: the status, and each part's."""
        answer = self.http.get("/ready")
        return answer.status_code, {name: part["status"] for name, part in answer.json()["parts"].items()}

    def unready(self) -> set[str]:
        """Return what is not ready; the status says so too."""
        status, parts = self.ready()
        missing = {name for name, state in parts.items() if state != "ok"}
        assert (status == 503) is bool(missing)
        return missing


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """Run an installation with the HTTP front, spans on, and a model that is not there, which makes warnings."""
    with ExitStack() as stack:
        collector = stack.enter_context(running_collector())
        settings = {
            "OTEL_TRACES_EXPORTER": "otlp",
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.address,
            "OTEL_BSP_SCHEDULE_DELAY": "200",
            "OPENAI_API_KEY": "nobody",
            "OPENAI_BASE_URL": f"http://127.0.0.1:{free_port()}/v1",
        }
        folder = tmp_path_factory.mktemp("watched")
        place = stack.enter_context(own_place(folder, "postgresql", settings, ("api", "bot", "worker")))
        environment = place.system.environment
        address = f"http://127.0.0.1:{environment['HTTP_PORT']}"
        http = stack.enter_context(httpx.Client(base_url=address, trust_env=False, timeout=60))
        wait_until(lambda: _answers(http), what="the HTTP front")
        yield Watched(place, collector, http, f"http://127.0.0.1:{environment['METRICS_PORT']}/metrics")


def _answers(http: httpx.Client) -> bool:
    try:
        return http.get("/health").is_success
    except httpx.TransportError:
        return False


def test_health_and_readiness(watched: Watched) -> None:
    assert watched.http.get("/health").json() == {"status": "ok"}
    assert watched.ready() == (200, dict.fromkeys(_PARTS, "ok"))


def test_a_dependency_that_is_away_is_named(watched: Watched) -> None:
    watched.place.redis.stop()
    try:
        assert watched.unready() == {"redis"}
        assert watched.http.get("/health").is_success
    finally:
        watched.place.redis.start()
    wait_until(lambda: not watched.unready(), what="Redis to be found again")
    watched.place.stop_postgres()
    try:
        assert watched.unready() == {"database", "migrations", "knowledge"}
    finally:
        watched.place.start_postgres()
    wait_until(lambda: not watched.unready(), what="the database to be found again")


def test_a_database_that_is_not_prepared_is_not_ready(tmp_path: Path, redis_url: str) -> None:
    settings = environment_of(
        tmp_path, f"sqlite:///{tmp_path / 'bot.db'}", redis_url, "http://127.0.0.1:9", "1:" + "x" * 35
    )
    with TestClient(create_app(load_settings(settings))) as http:
        answer = http.get("/ready")
    assert answer.status_code == 503
    parts: dict[str, Any] = answer.json()["parts"]
    assert {name for name, part in parts.items() if part["status"] != "ok"} == {"migrations", "knowledge"}


def test_metrics_of_all_processes_come_from_one_port(watched: Watched) -> None:
    customer = watched.place.person()
    customer.says(QUESTION)
    customer.sees(FACT)
    watched.place.wait_quiet()
    text = httpx.get(watched.metrics, trust_env=False, timeout=60).text
    samples = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if line[0] != "#"}
    assert samples['bot_updates_accepted_total{kind="say"}'] >= 1  # counted by the bot
    assert samples['bot_answers_total{outcome="degraded"}'] >= 1  # and by the worker
    assert samples['bot_sends_total{outcome="sent"}'] >= 1
    assert samples["bot_answer_seconds_count"] >= 1
    assert samples['bot_wakeups_total{outcome="published",queue="inbox"}'] >= 1
    assert samples['bot_breaker_open{name="openai"}'] == 0
    named = [line for line in text.splitlines() if line.startswith("# HELP bot_")]
    assert len(named) >= 15


def test_one_trace_leads_from_the_update_to_the_sent_message(watched: Watched) -> None:
    customer = watched.place.person()
    fault = {"method": "sendMessage", "chat_id": customer.id, "kind": "status", "status": 502, "times": 1}
    watched.place.system.sandbox.faults(fault)
    customer.says(QUESTION)
    customer.sees(FACT)
    watched.place.wait_quiet()
    traceparent = watched.place.answers(customer)[0].traceparent
    assert traceparent is not None
    trace = bytes.fromhex(traceparent.split("-")[1])

    def of_trace() -> list[tuple[str, SentSpan]]:
        return [(service, sent) for service, sent in watched.collector.sent() if sent.trace_id == trace]

    wait_until(lambda: sorted((service, one.name) for service, one in of_trace()) == WAY, what=f"the spans {WAY}")
    spans = [one for _, one in of_trace()]
    here = {one.span_id for one in spans}
    [root] = [one for one in spans if not one.parent_span_id]
    assert root.name == "ingest"
    assert all(one.parent_span_id in here for one in spans if one is not root), "no parent is lost"
    first, second = sorted((one for one in spans if one.name == "send"), key=lambda one: one.start_time_unix_nano)
    assert first.status.code == Status.STATUS_CODE_ERROR
    assert [link.span_id for link in second.links] == [first.span_id]
    wake_ups = [one for _, one in watched.collector.sent() if one.name.startswith("process")]
    assert {(one.name, one.kind) for one in wake_ups if any(link.trace_id == trace for link in one.links)} == {
        ("process inbox", SentSpan.SPAN_KIND_CONSUMER)
    }
    lines = [json.loads(line) for line in (watched.place.system.folder / "logs/worker.log").read_text().splitlines()]
    told = {line["msg"] for line in lines if line.get("trace_id") == trace.hex()}
    assert "the model failed, quoting instead" in told


def test_logs_are_json_on_both_ways(watched: Watched) -> None:
    for part in ("bot", "worker"):
        file = watched.place.system.folder / f"logs/{part}.log"
        lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
        assert all({"ts", "level", "logger", "msg", "part"} <= line.keys() for line in lines)
        assert all(line["part"] == part for line in lines)
    in_file = set((watched.place.system.folder / "logs/worker.log").read_text().splitlines())
    assert in_file
    printed = watched.place.system.output
    wait_until(lambda: in_file <= set(printed("worker").splitlines()), what="each line of the file to be printed too")
