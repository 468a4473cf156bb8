"""A short chaos run over a fixed plan: kills, a wiped Redis, lost answers, and every promise kept."""

import shutil
import tempfile
from pathlib import Path

import pytest

from benchmarks.chaos.plan import Plan
from benchmarks.chaos.play import play
from benchmarks.chaos.schedule import Kind

pytestmark = pytest.mark.e2e

# No small disk and no other clock: those need root and a package, and `make chaos` has them.
KINDS = frozenset(
    {Kind.KILL_FRONT, Kind.KILL_WORKER, Kind.FLUSH_REDIS, Kind.DROP_AFTER, Kind.STORM, Kind.MODEL_REFUSED}
)
PLAN = Plan(
    seed=3, rounds=1, faults=6, updates=40, customers=6, think=1.0, workers=1, seconds=90, kinds=KINDS, lease=3.0
)


def test_every_promise_is_kept_through_a_few_faults() -> None:
    said: list[str] = []
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))  # outside pytest's, which root's PostgreSQL may not pass through
    try:
        report = play(PLAN, folder, say=said.append)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    broken = [one for one in report.violations if one.kind != "slow recovery"]  # `make chaos` has a machine to itself
    assert not broken, "\n".join([*said, *report.lines()])
    assert set(report.faults) == {kind.value for kind in KINDS}
    assert report.sent == report.answered >= PLAN.updates
