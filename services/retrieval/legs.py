"""What searches a knowledge: legs that name their best texts, and a reader that looks at candidates again."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Values = NDArray[np.float32]

_BLOCK = 64


@dataclass(frozen=True, slots=True)
class Scores:
    """A leg's best texts for a question, best first, and their scores.

    `ceiling` is the most a text could score for this question and `word` what a word that no text has adds to it;
    both 0 for a leg that knows no ceilings.
    """

    ids: Ids
    values: Values
    ceiling: float = 0.0
    word: float = 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """Candidates read again, in the order in which they were given.

    `values` are scores of whole texts, `sentences` of the best sentence of each; `covered` is the share of the
    question, 0 to 1, that one sentence holds.
    """

    values: Values
    sentences: Values
    covered: Values
    ceiling: float
    word: float


class Leg(Protocol):
    """One way to search. It need not be able to score every text, only to name the best."""

    def save(self, folder: Path) -> None:
        """Write it into a folder, to be opened again without being built."""

    def search(self, question: str, k: int) -> Scores:
        """Return the best texts for a normalised question, at most `k`."""


class Reader(Protocol):
    """Scores candidates that the legs found."""

    def save(self, folder: Path) -> None:
        """Write it into a folder, to be opened again without being built."""

    def read(self, question: str, ids: Ids) -> Reading:
        """Score some texts for a normalised question; `ids` holds one at least."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each leg counts; one that counts 0 still proposes candidates, or is not there at all."""

    stems: float = 1.25
    characters: float = 1.0
    sentences: float = 0.4
    dense: float = 2.5


@dataclass(frozen=True, slots=True)
class Legs:
    """What searches some texts: each part was built from the same texts in the same order."""

    stems: Leg
    dense: Leg
    characters: Reader
    weights: Weights = field(default_factory=Weights)


def _at(values: Values, k: int) -> float:
    """Return the `k`-th highest value; 0 if there are no more than so many."""
    return float(np.partition(values, -k)[-k]) if len(values) > k else 0.0


def highest(values: Values, k: int) -> Ids:
    """Return the places of the `k` highest values above 0, highest first, the first of equals first."""
    # The k-th highest of the blocks' maxima is no higher than that of all values, and far fewer have to be sorted.
    blocks = np.maximum.reduceat(values, np.arange(0, len(values), _BLOCK)) if len(values) else values
    least = _at(blocks, k)
    places = np.flatnonzero(values >= least if least > 0 else values > 0)
    places = places[values[places] >= _at(values[places], k)]
    return places[np.argsort(-values[places], kind="stable")][:k].astype(np.int64)
