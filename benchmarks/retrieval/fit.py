"""`python -m benchmarks.retrieval.fit FILE…`: fits the confidence of entries, or of plain passages, to files."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.retrieval.corpora import Corpus, read
from benchmarks.retrieval.refusal import SEEDS, held_out
from services.knowledge.passages import Chunk
from services.knowledge.text import normalise
from services.retrieval.confidence import features
from services.retrieval.fusion import matched
from services.wiring_index import make_legs

_BAR, _PASSES = 0.45, 0.95
_RIDGE = 0.01
_STEPS = 40

Numbers = NDArray[np.float64]


def main() -> int:
    """Print the constant and the slopes; hold-outs of both kinds for passages, the whole knowledge for entries."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval.fit")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    rows = [row for path in parser.parse_args().files for row in _rows(read(path))]
    known = np.array([answered for _, answered in rows])
    weights = _fitted(np.array([values for values, _ in rows]), known)
    sure = np.array([values for values, _ in rows])[known] @ weights[1:]
    weights[0] = np.log(_BAR / (1 - _BAR)) - np.quantile(sure, 1 - _PASSES)
    print(*(f"{weight:.2f}" for weight in weights))
    return 0


def _rows(corpus: Corpus) -> Iterator[tuple[tuple[float, ...], bool]]:
    titled = bool(corpus.chunks[0].title)
    modes = [""] if titled else ["articles", "paragraphs"]
    for mode in modes:
        for seed in SEEDS if mode else (0,):
            kept = held_out(corpus, mode, seed) if mode else list(corpus.chunks)
            yield from _asked(corpus, kept, titled=titled)


def _asked(corpus: Corpus, kept: Sequence[Chunk], *, titled: bool) -> Iterator[tuple[tuple[float, ...], bool]]:
    legs, texts = make_legs(kept, corpus.language), {chunk.text for chunk in kept}
    for one in corpus.asked:
        match = matched(legs, normalise(one.question))
        if len(match.ids):
            yield features(match.evidence(titled=titled)), one.answer in texts


def _fitted(values: Numbers, known: NDArray[np.bool_]) -> Numbers:
    """Return a logistic regression's weights by Newton's method, the constant first and not held back."""
    design = np.column_stack([np.ones(len(values)), values])
    ridge = np.diag([0.0, *[_RIDGE] * values.shape[1]])
    weights = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        slope = design.T @ (chance - known) + ridge @ weights
        weights -= np.linalg.solve((design * (chance * (1 - chance))[:, None]).T @ design + ridge, slope)
    return weights


if __name__ == "__main__":
    sys.exit(main())
