"""The table, the JSON and the plot of what was measured."""

import json
from collections.abc import Mapping
from pathlib import Path
from statistics import mean

from benchmarks.retrieval.figures import Figures

KEYS = (
    "recall_at_1",
    "recall_at_3",
    "recall_at_10",
    "mrr_at_10",
    "top1",
    "auroc",
    "refused_at_95",
    "p50_ms",
    "p95_ms",
    "build_s",
)
_SHARES = KEYS[:7]


def table(results: Mapping[str, Figures]) -> str:
    """Return a line for each file."""
    width = max(len(name) for name in results)
    lines = [" " * width + "".join(f"{key:>14}" for key in KEYS)]
    lines += [f"{name:<{width}}" + "".join(f"{_shown(row[key]):>14}" for key in KEYS) for name, row in results.items()]
    return "\n".join(lines)


def means(results: Mapping[str, Figures]) -> Figures:
    """Return each figure's mean over the files that have it."""
    known = {key: [value for row in results.values() if (value := row[key]) is not None] for key in KEYS}
    return {key: mean(values) if values else None for key, values in known.items()}


def write_json(results: Mapping[str, Figures], path: Path) -> None:
    """Write the figures: those of the one file, or the means of several, and under `files` each file's own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**means(results), "files": dict(results)}, ensure_ascii=False, indent=2) + "\n")


def write_plot(results: Mapping[str, Figures], path: Path) -> None:
    """Draw the shares of each file as bars into a PNG."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - a second that only a report should pay

    figure = Figure(figsize=(11, 5), layout="constrained")
    axes = figure.subplots()
    width = 0.8 / len(results)
    for number, (name, row) in enumerate(results.items()):
        places = [at + number * width for at in range(len(_SHARES))]
        bars = axes.bar(places, [row[key] or 0.0 for key in _SHARES], width, label=name)
        axes.bar_label(bars, [_shown(row[key]) for key in _SHARES], fontsize=7, rotation=90, padding=2)
    axes.set_xticks([at + 0.4 - width / 2 for at in range(len(_SHARES))], [key.replace("_", " ") for key in _SHARES])
    axes.set_ylim(0, 1.15)
    figure.legend(loc="outside lower center", ncols=len(results), fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
