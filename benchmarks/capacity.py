"""`python -m benchmarks.capacity bench.json`: what it takes for millions of customers, from figures of `make bench`.

It prints the tables of docs/capacity.md, where the symbols are explained, or puts them there (`--into
docs/capacity.md`); each assumption is an option.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from benchmarks.needs import Assumptions, Costs, Load, Needs, costs_of, needs

_PEOPLE = (1_000_000, 10_000_000, 100_000_000)
_START, _END = "<!-- computed -->", "<!-- end of what is computed -->"


def page(costs: Costs, assumed: Assumptions) -> str:
    """Return the three tables as Markdown."""
    loads = [Load(customers, assumed) for customers in _PEOPLE]
    taken = [needs(load, costs) for load in loads]
    incoming = [
        (
            f"{load.customers // 10**6} million",
            *(f"{load.rate * factor:,.1f}" for factor in (1, assumed.updates, assumed.messages)),
            f"{load.rate * assumed.model_seconds:,.0f}",
            f"{load.daily:,.0f}",
        )
        for load in loads
    ]
    heads = ("customers", "λ", "updates/s", "messages/s", "answers under way", "questions a day")
    return "\n\n".join((_table(heads, incoming), _table(("", "figure"), _measured(costs)), _taken(loads, taken)))


def _measured(costs: Costs) -> list[tuple[str, str]]:
    symbols = ("c_f", "c_w", "c_d", "s", "x", "r", "j", "n", "b", "w", "M_f", "M_w", "d")
    return [
        (symbol, f"{getattr(costs, field.name):,.4g}") for symbol, field in zip(symbols, fields(costs), strict=True)
    ]


def _taken(loads: Sequence[Load], taken: Sequence[Needs]) -> str:
    rows = {
        "cores of fronts": [f"{need.front_cores:.2g}" for need in taken],
        "cores of workers": [f"{need.worker_cores:.2g}" for need in taken],
        "answer workers, for slots": [str(need.answer_workers) for need in taken],
        "cores of PostgreSQL": [f"{need.database_cores:.2g}" for need in taken],
        "statements a second": [f"{need.statements:,.0f}" for need in taken],
        "transactions a second": [f"{need.transactions:,.0f}" for need in taken],
        "round trips to Redis a second": [f"{need.redis:,.0f}" for need in taken],
        "storage, GB": [f"{need.stored / 1e9:,.1f}" for need in taken],
        "write-ahead log a day, GB": [f"{need.log / 1e9:,.2f}" for need in taken],
        "memory of fronts and workers, GB": [f"{need.memory_mb / 1e3:,.1f}" for need in taken],
        "bots at 30/s": [str(need.bots) for need in taken],
    }
    heads = ("at the peak", *(f"{load.customers // 10**6} million" for load in loads))
    return _table(heads, [(name, *cells) for name, cells in rows.items()])


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def put_into(document: str, tables: str) -> str:
    """Return a document with its tables replaced; raises ValueError when it does not mark where they stand."""
    before, start, rest = document.partition(_START)
    _, end, after = rest.partition(_END)
    if not (start and end):
        raise ValueError(f"the document has no {_START} … {_END}")
    return f"{before}{_START}\n\n{tables}\n\n{_END}{after}"


def main() -> int:
    """Print the tables, or put them into a document; returns the process's exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.capacity")
    parser.add_argument("figures", type=Path, help="what make bench JSON=… wrote")
    parser.add_argument("--into", type=Path, help="a document whose marked tables are replaced")
    for field in fields(Assumptions):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=float, default=field.default)
    options = parser.parse_args()
    figures = json.loads(options.figures.read_text(encoding="utf-8"))
    assumed = Assumptions(**{field.name: getattr(options, field.name) for field in fields(Assumptions)})
    tables = page(costs_of(figures), assumed)
    if options.into is None:
        print(tables)
    else:
        options.into.write_text(put_into(options.into.read_text(encoding="utf-8"), tables), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
