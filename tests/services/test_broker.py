"""The broker's options: what CELERY_BROKER_URL alone decides."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from celery import Celery

from deploy.servers.redis import start_redis
from services.broker import broker_options
from services.queue_service import QUEUES, CeleryWakeups


def configured(url: str) -> Celery:
    celery = Celery("bank", broker=url, set_as_current=False)
    celery.conf.update(broker_options(url))
    return celery


@pytest.mark.parametrize("scheme", ["amqp", "amqps", "pyamqp"])
def test_on_rabbitmq_every_queue_is_a_quorum_queue_that_celery_can_delay(scheme: str) -> None:
    queues = configured(f"{scheme}://guest:guest@127.0.0.1:1//").amqp.queues
    assert set(QUEUES) == set(queues)
    for queue in queues.values():
        assert queue.queue_arguments == {"x-queue-type": "quorum"}
        assert queue.exchange.type == "topic", "Celery does not delay what goes through a direct exchange"


@pytest.mark.parametrize("scheme", ["redis", "rediss", "unix"])
def test_on_redis_queues_are_plain(scheme: str) -> None:
    queues = configured(f"{scheme}://127.0.0.1:1/0").amqp.queues
    assert set(QUEUES) == set(queues)
    assert not any(queue.queue_arguments for queue in queues.values())


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "amqp://guest:guest@127.0.0.1:1//"])
def test_publishing_waits_for_no_broker(url: str) -> None:
    options = broker_options(url)
    assert options["broker_transport_options"]["max_retries"] == 0
    policy = options.get("task_publish_retry_policy", {})
    assert not options["task_publish_retry"] or (policy["max_retries"], policy["interval_start"]) == (1, 0)


@pytest.mark.parametrize(
    ("url", "countdown"), [("redis://127.0.0.1:1/0", 0.8), ("amqp://guest:guest@127.0.0.1:1//", 1)]
)
def test_a_delay_is_one_that_the_broker_can_keep(monkeypatch: pytest.MonkeyPatch, url: str, countdown: float) -> None:
    celery, published = configured(url), list[Any]()
    monkeypatch.setattr(celery, "send_task", lambda *_, **options: published.append(options["countdown"]))
    wakeups = CeleryWakeups(celery)
    wakeups.answers([uuid4()], 0.8)
    wakeups.delivery()
    assert published == [countdown, None]


def test_a_connection_to_a_redis_that_died_closes_with_hints_under_way(tmp_path: Path) -> None:
    with start_redis(tmp_path) as server:
        celery = configured(server.url)
        celery.send_task("inbox.advance", [[1]], queue="inbox")
        connection = celery.connection()
        message = connection.SimpleQueue("inbox").get(timeout=10)
    connection.close()
    message.ack()
    assert not connection.connected
