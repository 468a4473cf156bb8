"""Celery's options that differ by broker: Redis, or RabbitMQ with quorum queues."""

from typing import Any
from urllib.parse import urlsplit

from kombu import Exchange, Queue

from services.queue_service import QUEUES

_VISIBILITY = 60  # seconds until Redis gives an unacknowledged task to another worker; tasks are shorter
_AMQP = frozenset({"amqp", "amqps", "pyamqp"})
_ONCE_MORE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}


def broker_options(url: str) -> dict[str, Any]:
    """Return the options for the broker at an address; publishing never waits long for one that is away."""
    return _rabbitmq() if urlsplit(url).scheme in _AMQP else _redis()


def _redis() -> dict[str, Any]:
    return {
        "broker_transport": "services.gateways.redis_transport:HintTransport",
        "broker_transport_options": {
            "visibility_timeout": _VISIBILITY,
            "socket_timeout": 5.0,
            "socket_connect_timeout": 1.0,
            "max_retries": 0,  # else publishing, which the front does, waits 6 s for a broker that is away
        },
        "task_publish_retry": False,
        "task_queues": [Queue(name, Exchange(name), routing_key=name) for name in QUEUES],
    }


def _rabbitmq() -> dict[str, Any]:
    """Return the options for RabbitMQ: queues that are kept on several nodes, delays inside the broker.

    Celery delays tasks on quorum queues through exchanges of the type "topic" only (Celery's documentation,
    "Using RabbitMQ", "Native Delayed Delivery").
    """
    quorum = {"x-queue-type": "quorum"}
    return {
        "broker_connection_timeout": 1.0,
        "broker_transport_options": {"write_timeout": 5.0, "max_retries": 0},
        "broker_native_delayed_delivery_queue_type": "quorum",
        "task_default_queue_type": "quorum",
        "task_default_exchange_type": "topic",
        # A connection that nobody published on for minutes may be gone without a word: once more, on a new one.
        "task_publish_retry": True,
        "task_publish_retry_policy": _ONCE_MORE,
        "task_queues": [
            Queue(name, Exchange(name, type="topic"), routing_key=name, queue_arguments=quorum) for name in QUEUES
        ],
    }
