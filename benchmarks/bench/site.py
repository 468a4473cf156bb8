"""Installations to measure: the product with a model of fixed latency, and the simple bot beside it."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from benchmarks.bench.stage import Stage
from benchmarks.installation import ROOT, System, prepared_system
from deploy.guard import guarded
from sandbox.client import SandboxClient

FAST = {"DEBOUNCE_SECONDS": "0", "DEBOUNCE_MAX_SECONDS": "0", "TELEGRAM_RATE": "5000", "TELEGRAM_CHAT_RATE": "500"}


@contextmanager
def installation(stage: Stage, model: str, extra: Mapping[str, str] | None = None) -> Iterator[System]:
    """Start front and worker with the default commands; limits that do not bind unless `extra` says otherwise."""
    with prepared(stage, model, extra) as system:
        system.start("worker")
        system.start("bot")
        yield system


@contextmanager
def prepared(stage: Stage, model: str, extra: Mapping[str, str] | None = None) -> Iterator[System]:
    """Prepare the same, but start no part of it."""
    settings = FAST | {"OPENAI_API_KEY": "benchmark", "OPENAI_BASE_URL": model} | dict(extra or {})
    with prepared_system(stage.room("site"), stage.database(), stage.clean_redis(), settings) as system:
        yield system


@contextmanager
def simple_bot(stage: Stage, model: str) -> Iterator[tuple[SandboxClient, int]]:
    """Start the baseline; yields its sandbox and its process id."""
    settings = {"OPENAI_API_KEY": "benchmark", "OPENAI_BASE_URL": model}
    with prepared_system(stage.room("simple"), stage.database(), stage.clean_redis(), settings) as system:
        command = guarded([sys.executable, "-m", "benchmarks.bench.simple_bot"])
        with (system.folder / "simple.out").open("wb") as output:
            bot = subprocess.Popen(  # noqa: S603 - the project's own baseline
                command, cwd=ROOT, env=dict(system.environment), stdout=output, stderr=subprocess.STDOUT
            )
        try:
            yield system.sandbox, bot.pid
        finally:
            bot.terminate()
            bot.wait(20)
