"""Finds what the knowledge has on a question by several legs, how sure that is, and quotes it; no I/O."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services.knowledge.passages import Chunk, Found, Passage
from services.knowledge.text import normalise, sentences, words

# A short question has a low ceiling, which one common word nearly reaches. Three unknown words on top of
# every ceiling lift AUROC on off-topic questions by .02 to .03 and cost nothing on XQuAD.
_SLACK_WORDS = 3
# A logistic curve over the share of the ceiling, fitted in Russian and English together: questions on the
# demo's knowledge against off-topic ones, XQuAD with half of its articles left out. It takes nine questions
# of ten to be answerable (without that prior its middle is .11).
_STEEPNESS, _MIDDLE = 75.0, 0.081

_STEM = 5  # letters that the inflected forms of a word mostly share
_SHORTEST = 3  # letters of a word that can tell one sentence from another


@dataclass(frozen=True, slots=True)
class Scores:
    """How well each text of a leg answers a question.

    `ceiling` is the most a text could score for this question; `word` is what a word that no text has adds
    to it.
    """

    values: NDArray[np.float32]
    ceiling: float
    word: float


class Leg(Protocol):
    """One way to search: it scores all texts it was built from, in their order."""

    def scores(self, question: str) -> Scores:
        """Score every text for a normalised question."""


@dataclass(frozen=True, slots=True)
class RetrievalSettings:
    """`refuse_below` is the confidence under which the knowledge is taken not to hold the answer.

    The default lets 95 % of answerable questions pass. It stops much of what is off the topic; a question on
    the bank that the knowledge does not answer often passes: check drafts against their passages.
    """

    refuse_below: float = 0.45


class Index:
    """The chunks of one language and the legs that search them.

    Each leg was built from `searchable` of the chunks, in their order.
    """

    def __init__(self, chunks: Sequence[Chunk], legs: Sequence[Leg], settings: RetrievalSettings | None = None) -> None:
        self._chunks = tuple(chunks)
        self._legs = tuple(legs)
        self._settings = settings or RetrievalSettings()

    def search(self, question: str, k: int = 4) -> Found:
        """Return the `k` best passages; a question without words finds nothing."""
        asked = normalise(question)
        if not words(asked):
            return Found()
        results = [leg.scores(asked) for leg in self._legs]
        fused = np.mean([_spread(result.values) for result in results], axis=0)
        order = np.argsort(-fused, kind="stable")[:k]
        passages = tuple(Passage(self._chunks[i], float(fused[i])) for i in order if fused[i] > 0)
        if not passages:
            return Found()
        confidence = _confidence(results, int(order[0]))
        return Found(passages, confidence, answerable=confidence >= self._settings.refuse_below)


def _spread(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Stretch one question's scores over 0 to 1, so that legs of different scales count alike."""
    low, high = float(values.min()), float(values.max())
    if high <= low:
        return (values > 0).astype(np.float64)
    return (values.astype(np.float64) - low) / (high - low)


def _confidence(results: Sequence[Scores], best: int) -> float:
    shares = [float(result.values[best]) / (result.ceiling + _SLACK_WORDS * result.word) for result in results]
    return 1 / (1 + math.exp(-_STEEPNESS * (sum(shares) / len(shares) - _MIDDLE)))


def extract(question: str, passage: Passage, limit: int = 600) -> str:
    """Quote a passage: its whole text, or its best sentences in order if it has more than `limit` characters.

    A sentence is the better the more of the question's words it holds, compared by their beginnings. A best
    sentence that is too long alone is cut at a word.
    """
    text = passage.chunk.text
    if len(text) <= limit:
        return text
    asked = _stems(question)
    parts = sentences(text)
    ranked = sorted(range(len(parts)), key=lambda i: (-_overlap(asked, parts[i]), i))
    chosen: list[int] = []
    for candidate in ranked:
        if len(" ".join(parts[i] for i in [*chosen, candidate])) <= limit:
            chosen.append(candidate)
        elif not chosen:
            return _cut(parts[candidate], limit)
    return " ".join(parts[i] for i in sorted(chosen))


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in words(text) if len(word) >= _SHORTEST)


def _overlap(asked: frozenset[str], sentence: str) -> int:
    return len(asked & _stems(sentence))


def _cut(sentence: str, limit: int) -> str:
    head = sentence[: limit - 1]
    whole, space, _ = head.rpartition(" ")
    return f"{(whole if space else head).rstrip()}…"
