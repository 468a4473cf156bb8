"""What Celery asks its loader: the configuration, and what to start and stop with a worker."""

from logging import WARNING, getLogger
from sys import setswitchinterval
from typing import Any

from celery import Celery
from celery.loaders.app import AppLoader
from kombu import Exchange, Queue

from config import load_settings
from services.queue_service import QUEUES
from services.wiring import make_observable
from services.wiring_worker import make_worker
from services.worker import Worker

_SLOTS = 128  # threads of a worker; most of them wait for the model or the database
_VISIBILITY = 60  # seconds until Redis gives an unacknowledged task to another worker; tasks are shorter
_SWITCH_INTERVAL = 0.0005  # seconds; at the default of 5 ms the broker's thread starves behind busy ones
_CHATTY = ("celery.worker.strategy", "celery.app.trace")  # two lines a task, with its arguments
_SWEEP_SCHEDULE = 10.0  # seconds between ticks of the scheduler


class BankLoader(AppLoader):
    """Loads the settings when Celery first needs them, and puts a worker together when one starts."""

    def __init__(self, app: Celery, **kwargs: Any) -> None:
        super().__init__(app, **kwargs)
        self.worker: Worker | None = None

    def read_configuration(self, env: str = "CELERY_CONFIG_MODULE") -> dict[str, Any]:
        """Return Celery's options (architecture.md, "Task defaults")."""
        del env
        settings = load_settings()
        return {
            "broker_url": settings.redis.broker.get_secret_value(),
            "broker_transport_options": {
                "visibility_timeout": _VISIBILITY,
                "socket_timeout": 5.0,
                "socket_connect_timeout": 1.0,
            },
            "broker_pool_acquire_timeout": 2.0,
            "broker_connection_retry_on_startup": True,
            "task_ignore_result": True,
            "task_acks_late": True,
            "task_reject_on_worker_lost": True,
            "task_queues": [Queue(name, Exchange(name), routing_key=name) for name in QUEUES],
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
            "beat_schedule": {"tick": {"task": "maintenance.tick", "schedule": _SWEEP_SCHEDULE}},
            "timezone": "UTC",
        }

    def on_worker_init(self) -> None:
        """Put the worker's services together and start its threads."""
        super().on_worker_init()
        settings = load_settings()
        make_observable("worker", settings)
        for chatty in _CHATTY:
            getLogger(chatty).setLevel(WARNING)
        self.worker = make_worker(settings)
        setswitchinterval(_SWITCH_INTERVAL)
        self.worker.start()

    def on_worker_shutdown(self) -> None:
        """Let what is under way end, then stop."""
        if self.worker:
            self.worker.stop()
