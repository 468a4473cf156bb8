"""`python -m benchmarks.bench`: measures, prints the table, and says by its exit code whether all bars are met."""

import argparse
import os
import sys
from pathlib import Path

from benchmarks.bench import consoles, cost, delivery, desk, front, questions, sizes
from benchmarks.bench.figures import Figure, table, write_json
from benchmarks.bench.stage import staged

_PARTS = {
    "front": front.run,
    "questions": questions.run,
    "cost": cost.run,
    "sizes": sizes.run,
    "delivery": delivery.run,
    "desk": desk.run,
    "consoles": consoles.run,
}
_CORES = 2  # for all of it: product, servers, load


def main() -> int:
    """Run the benchmarks; returns the process's exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench")
    parser.add_argument("parts", nargs="*", choices=[*_PARTS, []], help="which to run; all when none is named")
    parser.add_argument("--quick", action="store_true", default=bool(os.environ.get("QUICK")))
    parser.add_argument("--json", type=Path, default=os.environ.get("JSON") or None)
    options = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:_CORES])  # children inherit it
    figures: list[Figure] = []
    for name in options.parts or _PARTS:
        with staged(quick=options.quick) as stage:
            found = _PARTS[name](stage)
        print(table(found), end="\n\n", flush=True)
        figures += found
    if options.json:
        write_json(figures, Path(options.json))
    missed = [figure.name for figure in figures if not figure.ok]
    print(f"{len(figures)} figures, {len(missed)} short of their bar" + "".join(f"\n  {name}" for name in missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
