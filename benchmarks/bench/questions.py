"""Benchmarks 2 and 3: from question to answer, over the model's own time, and a hundred customers at once."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx

from benchmarks.bench.figures import Figure, at_most, percentile
from benchmarks.bench.load import ask
from benchmarks.bench.stage import Stage
from benchmarks.installation import ROOT, System, prepared_system
from deploy.guard import guarded
from sandbox.client import SandboxClient
from sandbox.model.running import running_model
from sandbox.model.settings import ModelSettings

_LATENCY = 0.5  # seconds the model takes in benchmark 2
_CROWD = 100
_CROWD_LATENCY = 2.0
_HOLDS = 1.0  # seconds that p95 may be at the highest rate
_RATES = (10, 20, 30, 40, 50, 60, 80, 100, 120)
_FAST = {"DEBOUNCE_SECONDS": "0", "DEBOUNCE_MAX_SECONDS": "0", "TELEGRAM_RATE": "5000", "TELEGRAM_CHAT_RATE": "500"}


def run(stage: Stage) -> list[Figure]:
    """Measure latency at 20 questions a second, the highest rate held, and a crowd, beside the simple bot."""
    with running_model(ModelSettings(port=0, latency=_LATENCY)) as model:
        with _installation(stage, model) as system:
            ask(system.sandbox, 20, 20)  # connections, imports and statements are made
            waits = [wait - _LATENCY for wait in ask(system.sandbox, 20, stage.scale(600, 200))]
            ours = _highest(lambda rate, number: ask(system.sandbox, rate, number), stage)
        with _simple_bot(stage, model) as sandbox:
            ask(sandbox, 20, 20)
            simple_waits = [wait - _LATENCY for wait in ask(sandbox, 20, stage.scale(600, 200))]
            theirs = _highest(lambda rate, number: ask(sandbox, rate, number), stage)
        figures = [
            _milliseconds("question → answer at 20/s, p50", waits, simple_waits, 50),
            _milliseconds("question → answer at 20/s, p95", waits, simple_waits, 95, limit=150),
            Figure("highest rate with p95 ≤ 1 s", ours, "questions/s", baseline=theirs),
        ]
        _set_latency(model, _CROWD_LATENCY)
        figures += [
            _crowd(stage, model, "bot's limit raised", {}, 3.5),
            _crowd(stage, model, "30 messages/s", {"TELEGRAM_RATE": "30"}, 5.5),
        ]
    return figures


def _milliseconds(
    name: str, waits: list[float], baseline: list[float], share: int, limit: float | None = None
) -> Figure:
    return Figure(
        name,
        percentile(waits, share) * 1000,
        "ms",
        at_most(limit) if limit else None,
        percentile(baseline, share) * 1000,
    )


def _highest(asked: Callable[[float, int], list[float]], stage: Stage) -> float:
    """Return the highest of the rates at which p95 over the model's own time stays within a second."""
    held = 0.0
    for rate in _RATES:
        waits = asked(rate, int(rate * stage.scale(8, 4)))
        if percentile(waits, 95) - _LATENCY > _HOLDS:
            break
        held = rate
    return held


def _crowd(stage: Stage, model: str, name: str, extra: dict[str, str], limit: float) -> Figure:
    with _installation(stage, model, extra) as system:
        ask(system.sandbox, 20, 20)
        slowest = max(ask(system.sandbox, 0, _CROWD, wait=30))
    return Figure(f"{_CROWD} customers at once, model 2 s, {name}: slowest", slowest, "s", at_most(limit))


@contextmanager
def _installation(stage: Stage, model: str, extra: dict[str, str] | None = None) -> Iterator[System]:
    settings = _FAST | {"OPENAI_API_KEY": "benchmark", "OPENAI_BASE_URL": f"{model}/v1"} | (extra or {})
    with prepared_system(stage.room("questions"), stage.database(), stage.redis_url, settings) as system:
        system.start("worker")
        system.start("bot")
        yield system


@contextmanager
def _simple_bot(stage: Stage, model: str) -> Iterator[SandboxClient]:
    settings = {"OPENAI_API_KEY": "benchmark", "OPENAI_BASE_URL": f"{model}/v1"}
    with prepared_system(stage.room("simple"), stage.database(), stage.redis_url, settings) as system:
        command = guarded([sys.executable, "-m", "benchmarks.bench.simple_bot"])
        with (system.folder / "simple.out").open("wb") as output:
            bot = subprocess.Popen(  # noqa: S603 - the project's own baseline
                command, cwd=ROOT, env=dict(system.environment), stdout=output, stderr=subprocess.STDOUT
            )
        try:
            yield system.sandbox
        finally:
            bot.terminate()
            bot.wait(20)


def _set_latency(model: str, seconds: float) -> None:
    httpx.put(f"{model}/control/model", json={"latency": seconds}, trust_env=False).raise_for_status()
