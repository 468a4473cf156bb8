"""Lets the legs find candidates and fuses their scores."""

from dataclasses import dataclass, replace
from logging import getLogger

import numpy as np
from numpy.typing import NDArray

from services.retrieval.confidence import Evidence, Share
from services.retrieval.legs import Ids, Leg, Legs, Reading, Scores, Values, Weights

_log = getLogger(__name__)
_NOTHING = Scores(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
# How many hits a leg gives, and how many of the best of each are read again character by character.
_DEPTH, _POOL = 200, 20


@dataclass(frozen=True, slots=True)
class Match:
    """The candidates for a question, in the order of their ids, with the parts of their scores."""

    ids: Ids
    stems: Scores
    reading: Reading
    parts: dict[str, NDArray[np.float64]]
    fused: NDArray[np.float64]

    def order(self) -> Ids:
        """Return the places of the candidates, best first."""
        return np.argsort(-self.fused, kind="stable")

    def evidence(self, *, titled: bool) -> Evidence:
        """Return what speaks for the best candidate."""
        read, best, second = self.reading, self.order()[0], self.order()[:2][-1]
        stems = _picked(self.stems, self.ids)
        whole = Share(float(read.values[best]), read.ceiling, read.word)
        sentence = Share(float(read.sentences[best]), read.ceiling, read.word)
        by_stems = Share(float(stems[best]), self.stems.ceiling, self.stems.word)
        lead = (
            replace(by_stems, value=float(stems[best] - stems[second])),
            replace(whole, value=float(read.values[best] - read.values[second])),
            replace(sentence, value=float(read.sentences[best] - read.sentences[second])),
        )
        return Evidence(titled, by_stems, whole, sentence, float(read.covered[best]), lead)


def matched(legs: Legs, asked: str) -> Match:
    """Let all legs find and score candidates; each score is stretched over 0 to 1, then they are averaged.

    A leg that fails is left out, and the other one goes on alone; when both do, the dense leg's error is raised.
    """
    stems = _searched(legs.stems, asked)
    dense = _searched(legs.dense, asked) if stems else legs.dense.search(asked, _DEPTH)
    stems, dense = stems or _NOTHING, dense or _NOTHING
    ids = np.union1d(stems.ids[:_POOL], dense.ids[:_POOL])
    if not len(ids):
        none = np.zeros(0, dtype=np.float32)
        return Match(ids, stems, Reading(none, none, none, 0.0, 0.0), {}, np.zeros(0))
    reading = legs.characters.read(asked, ids)
    parts = {
        "stems": _spread(_picked(stems, ids)),
        "characters": _spread(reading.values),
        "sentences": _spread(reading.sentences),
        "dense": _spread(_picked(dense, ids)),
    }
    return Match(ids, stems, reading, parts, fused(parts, legs.weights))


def _searched(leg: Leg, asked: str) -> Scores | None:
    try:
        return leg.search(asked, _DEPTH)
    except Exception:  # noqa: BLE001 - an index that is gone, a database that is away: the other leg has to do
        _log.exception("a leg of the search failed, and is left out")
        return None


def fused(parts: dict[str, NDArray[np.float64]], weights: Weights) -> NDArray[np.float64]:
    """Return the weighted mean of the legs' scores; with all weights 0, zeros."""
    total = sum(getattr(weights, name) for name in parts)
    mean: NDArray[np.float64] = np.sum([getattr(weights, name) * part for name, part in parts.items()], axis=0)
    return mean / total if total else mean


def _picked(scores: Scores, ids: Ids) -> Values:
    """Return a leg's scores of candidates; one that it did not name counts as the lowest of a full list, or as 0."""
    if not len(scores.ids):
        return np.zeros(len(ids), dtype=np.float32)
    sorter = np.argsort(scores.ids)
    places = np.minimum(np.searchsorted(scores.ids, ids, sorter=sorter), len(scores.ids) - 1)
    at = sorter[places]
    lowest = scores.values[-1] if len(scores.ids) >= _DEPTH else min(scores.values[-1], np.float32(0))
    return np.where(scores.ids[at] == ids, scores.values[at], lowest).astype(np.float32)


def _spread(values: Values) -> NDArray[np.float64]:
    """Stretch one question's scores over 0 to 1, so that legs of different scales count alike."""
    low, high = float(values.min()), float(values.max())
    if high <= low:
        return (values > 0).astype(np.float64)
    return (values.astype(np.float64) - low) / (high - low)
