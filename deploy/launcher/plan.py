"""The parts of the product and what each needs: a plan for the demo and one for real."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.launcher import ready
from deploy.launcher.part import Part
from deploy.launcher.place import Port, kept_port
from deploy.servers.redis import find_redis, redis_command

_CELERY = (sys.executable, "-m", "celery", "-A", "services.queue_service")

# Celery's default scheduler keeps a file that a kill can spoil; what ran is known from rows, so none is needed.
_IN_MEMORY = "celery.beat:Scheduler"
# Lines that come whatever the log level is; Celery's banner is printed once the worker's services are put together.
_WORKER_IS_UP = r"\[queues\]"
_SCHEDULER_IS_UP = "celery beat .* is starting"
_BOT_IS_UP = "^bot: (polling|webhook)"


@dataclass(frozen=True)
class Plan:
    """What to start, and what to tell once all is ready."""

    parts: tuple[Part, ...]
    addresses: Mapping[str, str]
    note: str = ""


def read_ports(environment: Mapping[str, str]) -> tuple[Port, Port]:
    """Return the ports of the HTTP front and of the metrics."""
    return (
        Port.read(environment, "HTTP_PORT", 8000, "the HTTP front"),
        Port.read(environment, "METRICS_PORT", 9090, "the metrics"),
    )


def addresses(http: Port, metrics: Port) -> dict[str, str]:
    """Return the addresses that every plan has, by what is found there."""
    return {
        "console": f"http://127.0.0.1:{http.number}/console/",
        "health": f"http://127.0.0.1:{http.number}/health",
        "metrics": f"http://127.0.0.1:{metrics.number}/metrics",
    }


def private_redis(folder: Path, environment: Mapping[str, str]) -> tuple[Part, str]:
    """Return a Redis of our own that keeps its data and its port in `folder`, and its address."""
    port = kept_port(folder / "port")
    command = redis_command(find_redis(), folder, port)
    return Part("redis", tuple(command), environment, ready=ready.redis(port)), f"redis://127.0.0.1:{port}/0"


def command(name: str, environment: Mapping[str, str], *arguments: str, needs: tuple[str, ...] = ()) -> Part:
    """Return a run of `manage.py` that must succeed before those that need it."""
    return Part(name, (sys.executable, "manage.py", *arguments), environment, needs=needs, once=True)


def product(environment: Mapping[str, str], needs: tuple[str, ...]) -> tuple[Part, ...]:
    """Return the parts of the product itself, each of which needs the same things."""
    http, _ = read_ports(environment)
    health = ready.http(http.number, "/health")
    return (
        Part("worker", (*_CELERY, "worker"), environment, needs, ready_line=_WORKER_IS_UP),
        Part(
            "scheduler", (*_CELERY, "beat", "--scheduler", _IN_MEMORY), environment, needs, ready_line=_SCHEDULER_IS_UP
        ),
        Part("http", (sys.executable, "api.py"), environment, needs, health),
        Part("bot", (sys.executable, "bot.py"), environment, needs, ready_line=_BOT_IS_UP),
    )


def knowledge(folder: Path, environment: Mapping[str, str]) -> list[str]:
    """Return the arguments that load the knowledge file in the default language and its twins beside it.

    `context.txt` has the twins `context.en.txt`, `context.kk.txt` …
    """
    file = folder / environment.get("CONTEXT_FILE", "context.txt")
    language = environment.get("DEFAULT_LANGUAGE") or "ru"
    files = {language: file} if file.exists() else {}
    for twin in sorted(file.parent.glob(f"{file.stem}.??{file.suffix}")):
        files[twin.stem.removeprefix(f"{file.stem}.")] = twin
    return [word for language, path in files.items() for word in ("--knowledge", f"{language}={path}")]
