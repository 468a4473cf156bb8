"""The base of all tasks: the worker's services, and how an error of a task is met."""

from logging import getLogger
from typing import Any

from billiard.einfo import ExceptionInfo
from celery import Task

from services.loader import BankLoader
from services.queue_service import TRACES
from services.worker import Worker
from utils.conventions import messaging
from utils.tracing import SpanKind, span

_log = getLogger(__name__)


class BankTask(Task[..., None]):
    """A wake-up. It is not retried: the sweep wakes somebody for whatever a failed one left undone."""

    abstract = True
    acks_late = True
    reject_on_worker_lost = True
    ignore_result = True

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        """Run in a trace of its own: a wake-up is for many chats, whose traces it links."""
        links = self.request.get(TRACES) or ()
        queue = str(self.name).partition(".")[0]
        attributes = messaging("celery", "process", str(self.name), queue, len(links))
        with span(f"process {queue}", kind=SpanKind.CONSUMER, links=links, attributes=attributes):
            self.run(*args, **kwargs)

    @property
    def worker(self) -> Worker:
        """The services of this process; raises RuntimeError outside a worker."""
        loader = self.app.loader
        if not isinstance(loader, BankLoader) or loader.worker is None:
            raise RuntimeError("tasks run in a worker: celery -A services.queue_service worker")
        return loader.worker

    def on_failure(
        self, exc: Exception, task_id: str, args: tuple[Any, ...], kwargs: dict[str, Any], einfo: ExceptionInfo
    ) -> None:
        """Log a failure without the task's arguments."""
        del task_id, args, kwargs, einfo
        _log.error("a task failed", exc_info=exc, extra={"task": self.name})
