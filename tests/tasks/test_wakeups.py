"""Wake-ups: one message for a batch, ids only, and a broker that is away delays nobody."""

import base64
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from celery import Celery
from opentelemetry.trace import SpanKind
from redis import Redis

from deploy.servers.redis import RedisServer
from services import queue_service
from services.broker import broker_options
from services.metrics import WAKEUPS
from services.queue_service import TRACES, CeleryWakeups
from tests.recorded import PARENT, name_of, parent_of, record
from tests.twins import Clock
from utils.tracing import spans


def celery(broker: str) -> Celery:
    app = Celery("wakeups", broker=broker, set_as_current=False)
    app.conf.update(broker_options(broker))
    return app


@pytest.fixture
def redis(redis_server: RedisServer) -> Iterator[Redis]:
    """Return a client of an empty Redis."""
    with Redis.from_url(redis_server.url, decode_responses=True) as client:
        yield client


@pytest.fixture
def wakeups(redis: Redis, redis_server: RedisServer) -> Iterator[CeleryWakeups]:
    """Return wake-ups that go into that Redis."""
    del redis
    with celery(redis_server.url) as app:
        yield CeleryWakeups(app)


def waiting(redis: Redis, queue: str) -> list[dict[str, Any]]:
    """Return the messages of a queue, oldest first."""
    return [json.loads(str(message)) for message in reversed(redis.lrange(queue, 0, -1))]


def arguments(message: dict[str, Any]) -> Any:
    return json.loads(base64.b64decode(message["body"]))[:2]


def counted(queue: str, outcome: str) -> float:
    return float(WAKEUPS.labels(queue, outcome)._value.get())


def test_a_batch_of_chats_is_one_message(wakeups: CeleryWakeups, redis: Redis) -> None:
    before = counted("inbox", "published")
    wakeups.inbox([5, 7, 9])
    [message] = waiting(redis, "inbox")
    assert message["headers"]["task"] == "inbox.advance"
    assert arguments(message) == [[[5, 7, 9]], {}]
    assert counted("inbox", "published") == before + 1


def test_each_wake_up_goes_to_its_own_queue_and_carries_no_more_than_ids(wakeups: CeleryWakeups, redis: Redis) -> None:
    conversation = uuid4()
    wakeups.answers([conversation])
    wakeups.delivery()
    wakeups.broadcasts()
    for queue, task in (("answers", "answers.run"), ("delivery", "delivery.run"), ("broadcast", "broadcast.feed")):
        [message] = waiting(redis, queue)
        assert message["headers"]["task"] == task
        assert arguments(message) == [[], {}]
        assert (message["headers"]["argsrepr"], message["headers"]["kwargsrepr"]) == ("", "")
    assert redis.llen("inbox") == 0


def test_arguments_are_not_described_in_the_headers(wakeups: CeleryWakeups, redis: Redis) -> None:
    wakeups.inbox([987654321])
    [message] = waiting(redis, "inbox")
    assert "987654321" not in json.dumps(message["headers"])


def test_each_conversation_wakes_a_slot_up_to_a_limit(wakeups: CeleryWakeups, redis: Redis) -> None:
    wakeups.answers([])
    assert redis.llen("answers") == 0
    wakeups.answers([uuid4() for _ in range(3)])
    assert redis.llen("answers") == 3
    wakeups.answers([uuid4() for _ in range(100)])
    assert redis.llen("answers") == 23


@pytest.mark.parametrize("delay", [0.0, 0.8])
def test_a_delay_is_the_tasks_time(wakeups: CeleryWakeups, redis: Redis, delay: float) -> None:
    wakeups.answers([uuid4()], delay)
    [message] = waiting(redis, "answers")
    assert (message["headers"]["eta"] is not None) == bool(delay)


def test_without_a_broker_nothing_raises_and_a_second_is_quiet(
    dead_port: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    monkeypatch.setattr(queue_service, "monotonic", clock)
    failed, skipped = counted("delivery", "failed"), counted("delivery", "skipped")
    with celery(f"redis://127.0.0.1:{dead_port}/0") as app:
        wakeups = CeleryWakeups(app)
        for _ in range(3):
            wakeups.delivery()
        assert (counted("delivery", "failed") - failed, counted("delivery", "skipped") - skipped) == (1, 2)
        clock.now += 1
        wakeups.delivery()
    assert counted("delivery", "failed") - failed == 2
    assert [record.message for record in caplog.records if record.name == queue_service.__name__] == [
        "a wake-up was not published"
    ] * 2


def test_a_broker_that_is_full_raises_nothing(wakeups: CeleryWakeups, redis: Redis) -> None:
    failed = counted("broadcast", "failed")
    redis.config_set("maxmemory", 1)
    try:
        wakeups.broadcasts()
    finally:
        redis.config_set("maxmemory", 0)
    assert counted("broadcast", "failed") == failed + 1


def test_a_wake_up_names_the_traces_that_it_is_for(
    wakeups: CeleryWakeups, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = record(monkeypatch)
    with spans("ingest", [None, PARENT]):
        wakeups.inbox([5, 7])
    [message] = waiting(redis, "inbox")
    sends = recorded.spans("send inbox")
    assert message["headers"][TRACES] == [f"{name_of(send)}-{send.context.trace_flags:02x}" for send in sends]
    assert [parent_of(send) for send in sends] == [f"{one.context.span_id:016x}" for one in recorded.spans("ingest")]
    assert {send.kind for send in sends} == {SpanKind.PRODUCER}
    assert sends[0].attributes == {
        "messaging.system": "celery",
        "messaging.operation.type": "send",
        "messaging.operation.name": "send_task",
        "messaging.destination.name": "inbox",
    }


def test_a_wake_up_of_nobodys_trace_names_none(wakeups: CeleryWakeups, redis: Redis) -> None:
    wakeups.delivery()
    [message] = waiting(redis, "delivery")
    assert TRACES not in message["headers"]
