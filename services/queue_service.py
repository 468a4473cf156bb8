"""The Celery application (`celery -A services.queue_service worker`), its queues, and the wake-ups through it."""

from collections.abc import Collection, Sequence
from logging import getLogger
from math import ceil
from time import monotonic
from typing import Any
from uuid import UUID

from celery import Celery
from kombu.exceptions import OperationalError

from services.metrics import WAKEUPS
from utils.conventions import messaging
from utils.tracing import SpanKind, current_traceparents, spans

QUEUES = ("inbox", "answers", "delivery", "broadcast", "knowledge", "archive", "audit", "maintenance")
_QUIET = 1.0  # seconds without publishing after the broker did not answer; the sweep finds what was not woken
TRACES = "tracelinks"  # the header with the traceparents of all that a wake-up is for
_MOST_TRACES = 32  # in that header; the other traces of a batch lead to the same moment
_MOST_TASKS = 20  # wake-ups published at once for conversations that were left behind

_log = getLogger(__name__)

# The one reference upwards: names of the task modules, as strings (architecture.md, "Layers").
TASK_MODULES = (
    *("tasks.inbox", "tasks.answers", "tasks.delivery", "tasks.broadcast", "tasks.knowledge"),
    *("tasks.maintenance", "tasks.archive"),
)

app = Celery("bank", loader="services.loader:BankLoader", include=list(TASK_MODULES))


class CeleryWakeups:
    """Wake-ups as Celery messages: ids only, never waited for, never repeated by themselves."""

    def __init__(self, celery: Celery = app) -> None:
        self._celery = celery
        self._quiet_until = 0.0

    def inbox(self, chat_ids: Collection[int]) -> None:
        """There are new updates in these chats."""
        self._publish("inbox.advance", "inbox", [list(chat_ids)])

    def answers(self, conversation_ids: Collection[UUID], delay: float = 0.0) -> None:
        """Conversations are due for an answer after some seconds; each wakes one slot."""
        for _ in list(conversation_ids)[:_MOST_TASKS]:
            self._publish("answers.run", "answers", [], delay)

    def delivery(self, delay: float = 0.0) -> None:
        """There are messages to send, after some seconds."""
        self._publish("delivery.run", "delivery", [], delay)

    def broadcasts(self) -> None:
        """There is a broadcast to feed."""
        self._publish("broadcast.feed", "broadcast", [])

    def summaries(self) -> None:
        """There are dialogs to sum up."""
        self._publish("maintenance.summarise", "maintenance", [])

    def knowledge(self) -> None:
        """There is a version of the knowledge to check."""
        self._publish("knowledge.check", "knowledge", [])

    def waiting(self) -> None:
        """There are customers who wait for a person and may be told something."""
        self._publish("maintenance.wait", "maintenance", [])

    def erasures(self) -> None:
        """There are customers who want to be forgotten."""
        self._publish("maintenance.erase", "maintenance", [])

    def desk(self) -> None:
        """Somebody waits, or an operator has room."""
        self._publish("inbox.tend", "inbox", [])

    def _publish(self, task: str, queue: str, args: Sequence[Any], delay: float = 0.0) -> None:
        if monotonic() < self._quiet_until:
            WAKEUPS.labels(queue, "skipped").inc()
            return
        try:
            self._send(task, queue, args, delay)
        except (OperationalError, ConnectionError) as error:
            self._quiet_until = monotonic() + _QUIET
            WAKEUPS.labels(queue, "failed").inc()
            _log.warning("a wake-up was not published", extra={"queue": queue, "error": type(error).__name__})
        else:
            WAKEUPS.labels(queue, "published").inc()

    def _send(self, task: str, queue: str, args: Sequence[Any], delay: float) -> None:
        attributes = messaging("celery", "send", "send_task", queue)
        with spans(f"send {queue}", current_traceparents(), kind=SpanKind.PRODUCER, attributes=attributes) as traces:
            # argsrepr is set because building it costs a fifth of a publish, and would carry what args hold.
            self._celery.send_task(
                task,
                args,
                queue=queue,
                countdown=self._countdown(delay) if delay else None,
                argsrepr="",
                kwargsrepr="",
                headers={TRACES: traces[:_MOST_TRACES]} if traces else None,
            )

    def _countdown(self, delay: float) -> float:
        """Return a delay as the broker keeps it: quorum queues know whole seconds, and being early is no use."""
        return ceil(delay) if self._celery.conf.task_default_queue_type == "quorum" else delay
