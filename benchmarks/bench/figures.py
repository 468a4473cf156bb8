"""A measured figure beside its baseline and its bar, and the table of them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from statistics import median, quantiles


class Sense(StrEnum):
    """Which side of the bar is good."""

    AT_LEAST = ">="
    AT_MOST = "<="


@dataclass(frozen=True)
class Bar:
    """What a figure, or its ratio to the baseline, has to reach."""

    sense: Sense
    limit: float
    of_ratio: bool = False

    def holds(self, value: float) -> bool:
        """Return whether a value is on the good side."""
        return value >= self.limit if self.sense is Sense.AT_LEAST else value <= self.limit

    def __str__(self) -> str:
        return f"{self.sense} {self.limit:g}{'×' if self.of_ratio else ''}"


@dataclass(frozen=True)
class Figure:
    """One line of the table; `baseline` was measured in the same run."""

    name: str
    value: float
    unit: str
    bar: Bar | None = None
    baseline: float | None = None

    @property
    def ratio(self) -> float | None:
        """The figure over its baseline."""
        return self.value / self.baseline if self.baseline else None

    @property
    def ok(self) -> bool:
        """Whether the bar is met; a figure without a bar is always well."""
        if self.bar is None:
            return True
        measured = self.ratio if self.bar.of_ratio else self.value
        return measured is not None and self.bar.holds(measured)


def at_least(limit: float) -> Bar:
    """Return a bar that the figure has to reach."""
    return Bar(Sense.AT_LEAST, limit)


def at_most(limit: float) -> Bar:
    """Return a bar that the figure may not pass."""
    return Bar(Sense.AT_MOST, limit)


def times_at_least(limit: float) -> Bar:
    """Return a bar that the ratio to the baseline has to reach."""
    return Bar(Sense.AT_LEAST, limit, of_ratio=True)


def times_at_most(limit: float) -> Bar:
    """Return a bar that the ratio to the baseline may not pass."""
    return Bar(Sense.AT_MOST, limit, of_ratio=True)


def percentile(values: Sequence[float], share: int) -> float:
    """Return the value that `share` per cent of the values do not pass."""
    if len(values) < 2:
        return max(values, default=0.0)
    return quantiles(values, n=100, method="inclusive")[share - 1]


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return median(values)


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as aligned text."""
    rows = [("name", "figure", "baseline", "ratio", "bar", "ok")]
    rows += [
        (
            figure.name,
            f"{figure.value:,.6g} {figure.unit}",
            "" if figure.baseline is None else f"{figure.baseline:,.6g} {figure.unit}",
            "" if figure.ratio is None else f"{figure.ratio:.2f}",
            "" if figure.bar is None else str(figure.bar),
            "yes" if figure.ok else "NO",
        )
        for figure in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def write_json(figures: Sequence[Figure], path: Path) -> None:
    """Write the figures as JSON: the table's columns, the bar as text."""
    rows = [
        {**asdict(figure), "bar": figure.bar and str(figure.bar), "ratio": figure.ratio, "ok": figure.ok}
        for figure in figures
    ]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
