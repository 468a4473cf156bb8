"""`python -m benchmarks.privacy FILE… [--json]`: recall and precision per class on templates with made-up data."""

import argparse
import json
from pathlib import Path

from benchmarks.privacy.measure import filled, measure

_ROUNDS = 20


def main() -> None:
    """Print a table, or JSON; `--missed` adds the sentences in which something was left in clear."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.privacy", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="templates, one a line, with {{placeholders}}")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--missed", action="store_true", help="print what was missed")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="how often each template is filled")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    lines = [line for path in arguments.files for line in path.read_text("utf-8", "replace").splitlines()]
    templates = [line.replace("\\n", "\n") for line in lines if line.strip() and not line.startswith("#")]
    figures = measure(filled(templates, arguments.seed, arguments.rounds))
    rows = {str(kind): row.as_row() for kind, row in figures.items() if row.planted or row.given}
    if arguments.json:
        print(json.dumps(rows, indent=1))
        return
    print(f"{'class':10} {'planted':>8} {'hidden':>8} {'recall':>8} {'precision':>10}")
    for kind, row in rows.items():
        print(f"{kind:10} {row['planted']:8} {row['hidden']:8.4f} {row['recall']:8.4f} {row['precision']:10.4f}")
    if arguments.missed:
        for kind, each in figures.items():
            for text in sorted(set(each.missed))[:20]:
                print(f"  {kind}: {text}")


if __name__ == "__main__":
    main()
