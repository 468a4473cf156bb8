"""Tasks: all of them are known to Celery, each has a queue of its own, and a lost worker loses none."""

import json
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from celery import Celery
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from config import ROOT
from services.loader import BankLoader, ServicesStep
from services.queue_service import QUEUES, TASK_MODULES
from tasks.base import BankTask
from utils.encryption import generate_key
from utils.tracing import Tracing

ENVIRONMENT = {
    "BOT_TOKEN": "123456:" + "A" * 35,
    "ENCRYPTION_KEY": generate_key(),
    "BLIND_INDEX_KEY": generate_key(),
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
PROGRAM = """
import json
from services.queue_service import app
from tasks.base import BankTask
app.loader.import_default_modules()
own = [task for name, task in app.tasks.items() if not name.startswith("celery.")]
scheduled = [entry["task"] for entry in app.conf.beat_schedule.values()]
print(json.dumps({
    "names": sorted(task.name for task in own),
    "all are wake-ups": all(isinstance(task, BankTask) for task in own),
    "late": all(task.acks_late and task.reject_on_worker_lost and task.ignore_result for task in own),
    "scheduled": {name: app.amqp.router.route({}, name)["queue"].name for name in scheduled},
}))
"""


def test_every_module_of_tasks_is_loaded() -> None:
    files = {path.stem for path in (ROOT / "tasks").glob("*.py")} - {"__init__", "base"}
    assert sorted(TASK_MODULES) == sorted(f"tasks.{name}" for name in files)


def test_every_task_is_registered_and_goes_to_a_queue_that_workers_read() -> None:
    """In a process of its own: the application keeps the first settings that it reads."""
    command = [sys.executable, "-c", PROGRAM]
    result = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=180, check=True)
    seen = json.loads(result.stdout)
    assert seen == {
        "names": [
            "answers.run",
            "archive.night",
            "broadcast.feed",
            "delivery.run",
            "inbox.advance",
            "inbox.tend",
            "knowledge.check",
            "maintenance.erase",
            "maintenance.summarise",
            "maintenance.tick",
            "maintenance.wait",
        ],
        "all are wake-ups": True,
        "late": True,
        "scheduled": {"archive.night": "archive", "maintenance.tick": "maintenance"},
    }
    assert {name.partition(".")[0] for name in seen["names"]} <= set(QUEUES)


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what Celery is configured with."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return BankLoader(Celery("options", set_as_current=False)).read_configuration()


def test_the_broker_is_the_settings_redis_and_is_not_waited_for(options: dict[str, Any]) -> None:
    assert options["broker_url"] == "redis://127.0.0.1:1/0"
    assert options["broker_transport_options"]["max_retries"] == 0


def test_ticks_do_not_pile_up_while_no_worker_takes_them(options: dict[str, Any]) -> None:
    assert all(entry["options"]["expires"] <= 60 for entry in options["beat_schedule"].values())


def test_a_task_is_acknowledged_after_its_work(options: dict[str, Any]) -> None:
    assert options["task_acks_late"]
    assert options["task_reject_on_worker_lost"]
    assert options["task_ignore_result"]
    assert options["worker_prefetch_multiplier"] == 1


def test_each_queue_has_an_exchange_of_its_own(options: dict[str, Any]) -> None:
    queues = options["task_queues"]
    assert [queue.name for queue in queues] == list(QUEUES)
    assert all(queue.exchange.name == queue.routing_key == queue.name for queue in queues)
    assert options["task_default_queue"] in QUEUES


def test_celery_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("config.ROOT", ROOT / "tests")  # where no .env is
    with pytest.raises(SystemExit, match="BOT_TOKEN: missing"):
        BankLoader(Celery("options", set_as_current=False)).read_configuration()


def test_outside_a_worker_a_task_says_where_it_runs(caplog: pytest.LogCaptureFixture) -> None:
    app = Celery("outside", set_as_current=False)

    @app.task(base=BankTask, bind=True)
    def work(self: BankTask, number: int) -> None:
        del number
        assert self.worker

    with pytest.raises(RuntimeError, match=r"celery -A services\.queue_service worker"):
        work.apply(args=(987654321,)).get()
    [record] = [record for record in caplog.records if record.message == "a task failed"]
    assert "987654321" not in str(vars(record) | {"exc_info": None})


def test_a_worker_that_ends_exports_the_spans_that_wait() -> None:
    app = Celery("ending", loader="services.loader:BankLoader", set_as_current=False)
    provider = TracerProvider(shutdown_on_exit=False)
    processor = BatchSpanProcessor(exporter := InMemorySpanExporter(), schedule_delay_millis=60_000)
    provider.add_span_processor(processor)
    assert isinstance(app.loader, BankLoader)
    app.loader.tracing = Tracing(provider)
    provider.get_tracer("test").start_span("waits").end()
    assert exporter.get_finished_spans() == ()
    worker: Any = SimpleNamespace(app=app)
    ServicesStep(worker).stop(worker)
    assert [span.name for span in exporter.get_finished_spans()] == ["waits"]
