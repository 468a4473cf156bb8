"""Benchmark 5: how long each process takes to start, how much memory it holds, and what 20,000 questions change."""

import time
from collections.abc import Callable

import httpx

from benchmarks.bench.figures import Figure, at_most, middle, times_at_most
from benchmarks.bench.load import ask, flood
from benchmarks.bench.meter import cpu_ms, resident_mb
from benchmarks.bench.model import running_model
from benchmarks.bench.site import prepared
from benchmarks.bench.stage import Stage
from benchmarks.installation import System, wait_until

_RUNS = 3
_WINDOW = 500  # questions whose cost is compared
_MOST_GROWTH = 1.05


def run(stage: Stage) -> list[Figure]:
    """Measure starts, then let questions come as fast as they are answered."""
    with running_model(0) as model, prepared(stage, model) as system:
        figures = [figure for part in _READY for figure in _start(system, part)]
        return figures + _growth(system, stage)


def _start(system: System, part: str) -> list[Figure]:
    """Return the median time from the command to the part's readiness, and the memory that it holds then."""
    times: list[float] = []
    for turn in range(_RUNS):
        if turn:
            system.stop(part)
        (system.folder / f"{part}.out").write_bytes(b"")
        started = time.perf_counter()
        system.start(part)
        wait_until(lambda: _READY[part](system), 60, f"{part} to be ready")
        times.append(time.perf_counter() - started)
    memory = resident_mb(system.parts[part].pid)
    name = _NAMES[part]
    return [
        Figure(f"start of the {name}", middle(times), "s", at_most(_SLOWEST_START)),
        Figure(f"memory of the {name} after its start", memory, "MB", at_most(_MOST_MEMORY[part])),
    ]


def _says(part: str, words: str) -> Callable[[System], bool]:
    return lambda system: words in system.output(part)


def http_ready(system: System) -> bool:
    """Return whether the HTTP front answers that it is ready."""
    try:
        return httpx.get(f"http://127.0.0.1:{system.environment['HTTP_PORT']}/ready", trust_env=False).is_success
    except httpx.TransportError:
        return False


_READY: dict[str, Callable[[System], bool]] = {
    "bot": _says("bot", "bot: polling"),
    "api": http_ready,
    "worker": _says("worker", " ready."),
    "scheduler": _says("scheduler", "beat: Starting"),
}
_NAMES = {"bot": "front", "api": "HTTP front", "worker": "worker", "scheduler": "scheduler"}
_SLOWEST_START = 10.0
_MOST_MEMORY = {"bot": 150.0, "api": 200.0, "worker": 300.0, "scheduler": 150.0}


def _growth(system: System, stage: Stage) -> list[Figure]:
    """Compare memory and cost of a question at the few and at the many; each cost is that of the last window."""
    few, many = stage.scale(2000, 400), stage.scale(20_000, 1600)
    window = stage.scale(_WINDOW, 200)
    ask(system.sandbox, 20, 40)
    flood(system.sandbox, few - window)
    cost_few, memory_few = _cost(system, window), _memory(system)
    flood(system.sandbox, many - few - window)
    cost_many, memory_many = _cost(system, window), _memory(system)
    title = f"from {few:,} to {many:,} questions"
    return [
        Figure(f"memory of front and worker, {title}", memory_many, "MB", times_at_most(_MOST_GROWTH), memory_few),
        Figure(f"processor time of a question, {title}", cost_many, "ms", times_at_most(_MOST_GROWTH), cost_few),
    ]


def _memory(system: System) -> float:
    return sum(resident_mb(system.parts[part].pid) for part in ("bot", "worker"))


def _cost(system: System, number: int) -> float:
    def used() -> float:
        return sum(cpu_ms(system.parts[part].pid) for part in ("bot", "worker"))

    before = used()
    flood(system.sandbox, number)
    return (used() - before) / number
