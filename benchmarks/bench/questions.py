"""Benchmarks 2 and 3: from question to answer, over the model's own time, and a hundred customers at once."""

from benchmarks.bench.figures import Figure, at_most, middle, percentile
from benchmarks.bench.load import ask
from benchmarks.bench.model import running_model
from benchmarks.bench.site import installation, simple_bot
from benchmarks.bench.stage import Stage
from sandbox.client import SandboxClient

_LATENCY = 0.5  # seconds the model takes in benchmark 2
_CROWD = 100
_CROWD_LATENCY = 2.0
_RUNS = 3
_HOLDS = 1.0  # seconds that p95 may be at the highest rate
_RATES = (10, 20, 30, 40, 50, 60, 80, 100, 120)


def run(stage: Stage) -> list[Figure]:
    """Measure latency at 20 questions a second, the highest rate held, and a crowd, beside the simple bot."""
    with running_model(_LATENCY) as model:
        with installation(stage, model) as system:
            p50, p95 = _over_the_model(system.sandbox, stage)
            ours = _highest(system.sandbox, stage)
        with simple_bot(stage, model) as (sandbox, _):
            simple_p50, simple_p95 = _over_the_model(sandbox, stage)
            theirs = _highest(sandbox, stage)
    with running_model(_CROWD_LATENCY) as model:
        crowds = [
            _crowd(stage, model, "bot's limit raised", {}, 3.5),
            _crowd(stage, model, "30 messages/s", {"TELEGRAM_RATE": "30"}, 5.5),
        ]
    return [
        Figure("question → answer at 20/s, p50", p50, "ms", baseline=simple_p50),
        Figure("question → answer at 20/s, p95", p95, "ms", at_most(150), simple_p95),
        Figure("highest rate with p95 ≤ 1 s", ours, "questions/s", baseline=theirs),
        *crowds,
    ]


def _over_the_model(sandbox: SandboxClient, stage: Stage) -> tuple[float, float]:
    """Return p50 and p95 of the waits beyond the model's own time (ms), medians of the runs."""
    ask(sandbox, 20, 60)  # connections, imports and statements are made
    runs = [ask(sandbox, 20, stage.scale(200, 100)) for _ in range(_RUNS)]
    p50, p95 = (middle([percentile(waits, share) for waits in runs]) for share in (50, 95))
    return (p50 - _LATENCY) * 1000, (p95 - _LATENCY) * 1000


def _highest(sandbox: SandboxClient, stage: Stage) -> float:
    """Return the highest of the rates at which p95 over the model's own time stays within a second."""
    held = 0.0
    for rate in _RATES:
        waits = ask(sandbox, rate, int(rate * stage.scale(8, 4)))
        if percentile(waits, 95) - _LATENCY > _HOLDS:
            break
        held = rate
    return held


def _crowd(stage: Stage, model: str, name: str, extra: dict[str, str], limit: float) -> Figure:
    with installation(stage, model, extra) as system:
        ask(system.sandbox, 20, 40)
        slowest = middle([max(ask(system.sandbox, 0, _CROWD, wait=30)) for _ in range(_RUNS)])
    return Figure(f"{_CROWD} customers at once, model 2 s, {name}: slowest", slowest, "s", at_most(limit))
