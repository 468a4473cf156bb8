"""What Celery asks its loader: the configuration, and what to start and stop with a worker."""

import gc
import sys
from collections.abc import Iterable
from functools import partial
from logging import WARNING, getLogger
from sys import setswitchinterval
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from celery import Celery
from celery.bootsteps import StartStopStep
from celery.loaders.app import AppLoader
from celery.signals import setup_logging
from celery.worker import WorkController, state

from config import Settings, load_settings
from services.broker import broker_options
from services.patience import until_done, until_there
from services.wiring import make_database, make_observable, serve_own_metrics
from utils.memory import share_arenas
from utils.settings import SettingsError
from utils.tracing import Tracing

if TYPE_CHECKING:
    from services.worker import Worker

_SLOTS = 128  # threads of a worker; most of them wait for the model or the database
_SWITCH_INTERVAL = 0.0005  # seconds; at the default of 5 ms the broker's thread starves behind busy ones
_YOUNG_OBJECTS = 20_000  # before a collection; at the default of 700 a question costs several
_CHATTY = ("celery.worker.strategy", "celery.app.trace")  # two lines a task, with its arguments
_GLANCE = 0.1  # seconds between two looks whether a worker that waits was told to end
_SWEEP_SCHEDULE = 10.0  # seconds between ticks of the scheduler
_NIGHT = 60.0  # seconds between looks whether the night's work is due
_EXPIRES = 60.0  # seconds after which a tick is no use: a worker that was away for days would find thousands of them


class BankLoader(AppLoader):
    """Loads the settings when Celery first needs them, and puts a worker together when one starts."""

    def __init__(self, app: Celery, **kwargs: Any) -> None:
        super().__init__(app, **kwargs)
        self.worker: Worker | None = None
        self.tracing = Tracing()
        app.steps["worker"].add(ServicesStep)
        setup_logging.connect(self._set_up_logging, weak=False)

    def read_configuration(self, env: str = "CELERY_CONFIG_MODULE") -> dict[str, Any]:
        """Return Celery's options (architecture.md, "Task defaults")."""
        del env
        broker = _settings().redis.broker.get_secret_value()
        return broker_options(broker) | {
            "broker_url": broker,
            "broker_pool_acquire_timeout": 2.0,
            "broker_connection_retry_on_startup": True,
            "broker_connection_max_retries": None,  # however long the broker is away
            "task_ignore_result": True,
            "task_acks_late": True,
            "task_reject_on_worker_lost": True,
            "task_default_queue": "maintenance",
            "worker_pool": "threads",
            "worker_concurrency": _SLOTS,
            "worker_prefetch_multiplier": 1,
            "worker_hijack_root_logger": False,
            "worker_redirect_stdouts": False,
            "worker_enable_remote_control": False,
            "worker_send_task_events": False,
            "worker_soft_shutdown_timeout": 5.0,
            "worker_enable_soft_shutdown_on_idle": True,
            "worker_cancel_long_running_tasks_on_connection_loss": False,
            "task_routes": {"archive.*": {"queue": "archive"}},
            "beat_schedule": {
                "tick": {"task": "maintenance.tick", "schedule": _SWEEP_SCHEDULE, "options": {"expires": _EXPIRES}},
                "night": {
                    "task": "archive.night",
                    "schedule": _NIGHT,
                    "options": {"expires": _EXPIRES},
                },
            },
            "timezone": "UTC",
        }

    def _set_up_logging(self, **_: Any) -> None:
        """Take logging over from Celery, which asks for this in a worker and in beat alike."""
        try:
            self.tracing = make_observable("scheduler" if "beat" in sys.argv else _part_name(sys.argv), _settings())
        except SettingsError as error:
            sys.exit(str(error))
        for chatty in _CHATTY:
            getLogger(chatty).setLevel(WARNING)


class ServicesStep(StartStopStep):
    """A worker's own services: started before it takes tasks, stopped after; beat loads, but has no such steps."""

    requires = ("celery.worker.components:Pool",)

    def start(self, parent: WorkController) -> None:
        """Put the services together; the heavy imports happen here, so that the front, which publishes, stays light."""
        from services.desk.pins import take_in  # noqa: PLC0415 - see above
        from services.wiring_worker import make_worker  # noqa: PLC0415

        share_arenas()
        setswitchinterval(_SWITCH_INTERVAL)
        settings = _settings()
        database, answers = make_database(settings), "answers" in parent.app.amqp.queues.consume_from
        _wait(until_there(database))
        worker = make_worker(settings)
        _wait(until_done(partial(worker.start, answers=answers)))
        parent.app.loader.worker = worker
        _wait(until_done(partial(take_in, database, settings.desk.first_pins)))
        _spare_the_collector()
        serve_own_metrics(settings)  # last: whoever is answered there finds a worker that works

    def stop(self, parent: WorkController) -> None:
        """Let what is under way end, then stop."""
        if (worker := parent.app.loader.worker) is not None:
            parent.app.loader.worker = None
            worker.stop()
        parent.app.loader.tracing.shutdown()  # last: the spans of all that ended meanwhile


def _wait(pauses: Iterable[float]) -> None:
    """Wait for the database as often as need be; raises WorkerShutdown when the worker is told to end meanwhile."""
    for pause in pauses:
        waited_until = monotonic() + pause
        while monotonic() < waited_until:
            state.maybe_shutdown()
            sleep(_GLANCE)


def _spare_the_collector() -> None:
    """Let the collector look at young objects less often, and at what the start made never again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, *gc.get_threshold()[1:])


def _settings() -> Settings:
    """Return the settings; a person who typed `celery …` is told what is missing, without a traceback."""
    try:
        return load_settings()
    except SettingsError as error:
        sys.exit(str(error))


def _part_name(arguments: list[str]) -> str:
    """Return "worker", or the name given by -n: two workers of a machine may not share a log file."""
    for place, argument in enumerate(arguments):
        if argument in {"-n", "--hostname"} and place + 1 < len(arguments):
            return arguments[place + 1].partition("@")[0]
        if argument.startswith("--hostname="):
            return argument.removeprefix("--hostname=").partition("@")[0]
    return "worker"
