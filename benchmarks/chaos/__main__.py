"""`python -m benchmarks.chaos [--seed N] [--rounds N] [--json FILE] [--quick] [--broker NAME] [--broadcast N]`."""

import argparse
import json
import os
import secrets
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.chaos.broadcast import play_broadcast
from benchmarks.chaos.plan import Plan
from benchmarks.chaos.play import play

_DEFAULT = Plan(seed=0, rounds=4, faults=104, updates=5_200, customers=36, think=2.5, workers=2, seconds=1_080)
_QUICK = Plan(seed=0, rounds=2, faults=26, updates=800, customers=24, think=2.5, workers=2, seconds=240)


def main(arguments: list[str]) -> int:
    """Run and return the exit code: 0 when every promise was kept."""
    options = _parser().parse_args(arguments)
    plan = _QUICK if options.quick else _DEFAULT
    plan = replace(plan, seed=options.seed, rounds=options.rounds or plan.rounds, broker=options.broker)
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    print(f"seed {plan.seed}; what the processes print goes to {folder}", flush=True)

    def say(line: str) -> None:
        print(line, flush=True)

    if options.broadcast:
        verdict = play_broadcast(plan, folder, options.broadcast, say)
        print("\n".join(("", *verdict.lines())))
        return 0 if verdict.kept else 1
    report = play(plan, folder, say)
    print("\n".join(("", *report.lines())))
    if options.json:
        options.json.write_text(json.dumps(report.as_json(), indent=2, ensure_ascii=False) + "\n")
    if report.kept:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if report.kept else 1


def _parser() -> argparse.ArgumentParser:
    """Return the parser; each argument falls back on a variable, as `make chaos SEED=7` sets them."""
    variable = {
        name: os.environ.get(name) or None for name in ("SEED", "ROUNDS", "JSON", "QUICK", "BROKER", "BROADCAST")
    }
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos", description="Faults against the whole product.")
    parser.add_argument(
        "--seed", type=int, default=variable["SEED"] or secrets.randbelow(10**6), help="of the schedule"
    )
    parser.add_argument("--rounds", type=int, default=variable["ROUNDS"], help="polling and webhook take turns")
    parser.add_argument("--json", type=Path, default=variable["JSON"], help="file for the figures")
    parser.add_argument(
        "--broadcast", type=int, default=variable["BROADCAST"], help="kills during one to so many people, and no more"
    )
    parser.add_argument("--broker", choices=("redis", "rabbitmq"), default=variable["BROKER"] or "redis")
    parser.add_argument("--quick", action="store_true", default=variable["QUICK"] in {"1", "yes", "true"})
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
