"""Tries the legs on questions made of the knowledge itself, and leaves out a leg that makes it worse."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from services.knowledge.passages import Chunk
from services.knowledge.text import normalise, sentences, words
from services.retrieval.fusion import fused, matched
from services.retrieval.legs import Ids, Legs, Weights

_GROUND = 1_000  # chunks that a trial is made with; a model needs some hundredths of a second for each
_MOST = 300  # questions of a trial; each costs a search
_FEWEST = 12  # fewer say nothing: then all legs stay
_ERRORS = 3.0  # standard errors by which a leg alone has to be worse than the rest, so that chance drops none
_SEED = 1_234
_LONG = 4  # words of a sentence that can serve as a question
_LEGS = {"dense": ("dense",), "stems": ("stems",), "characters": ("characters", "sentences")}

Parts = dict[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Trial:
    """A question held out of the knowledge, and the number of the chunk that it was held out of."""

    question: str
    right: int


@dataclass(frozen=True, slots=True)
class _Seen:
    ids: Ids
    parts: Parts
    right: frozenset[int]


def tried(chunks: Sequence[Chunk], build: Callable[[Sequence[Chunk]], Legs], golden: Sequence[Trial] = ()) -> Weights:
    """Return the weights of the legs, 0 for one without which questions are answered better.

    The questions are the golden ones, or else made of the chunks: a title or another wording is taken out of its
    chunk, a sentence out of a text without any. The same chunks give the same weights.
    """
    if golden:
        ground, texts, questions = list(chunks), [chunk.text for chunk in chunks], tuple(golden)
    else:
        ground, texts, questions = _held_out(chunks)
    legs = build(ground)
    same: dict[str, set[int]] = {}
    for number, text in enumerate(texts):
        same.setdefault(text, set()).add(number)
    seen = [
        _Seen(match.ids, match.parts, frozenset(same[texts[trial.right]]))
        for trial in questions
        if words(asked := normalise(trial.question))
        for match in [matched(legs, asked)]
    ]
    return _without_the_worse(seen, legs.weights) if len(seen) >= _FEWEST else legs.weights


def _without_the_worse(seen: Sequence[_Seen], weights: Weights) -> Weights:
    """Leave out, one after the other, legs that alone are clearly worse than the rest and do not help it."""
    while len(counting := [name for name in _LEGS if getattr(weights, name)]) > 1:
        together = _ranks(seen, weights)
        gains = {}
        for name in counting:
            rest = _ranks(seen, _less(weights, [name]))
            behind = rest - _ranks(seen, _less(weights, [other for other in counting if other != name]))
            if behind.mean() > _ERRORS * behind.std() / np.sqrt(len(behind)):
                gains[name] = float((rest - together).mean())
        worst = max(gains, key=lambda name: gains[name], default="")
        if not worst or gains[worst] < 0:
            break
        weights = _less(weights, [worst])
    return weights


def _less(weights: Weights, legs: Sequence[str]) -> Weights:
    return replace(weights, **dict.fromkeys((field for leg in legs for field in _LEGS[leg]), 0.0))


def _ranks(seen: Sequence[_Seen], weights: Weights) -> NDArray[np.float64]:
    """Return one over the place of the first right candidate of each question; 0 where there is none."""
    ranks = []
    for one in seen:
        order = one.ids[np.argsort(-fused(one.parts, weights), kind="stable")]
        ranks.append(next((1 / place for place, number in enumerate(order, start=1) if int(number) in one.right), 0.0))
    return np.array(ranks)


def _held_out(chunks: Sequence[Chunk]) -> tuple[list[Chunk], list[str], tuple[Trial, ...]]:
    """Return some chunks without what the questions were made of, their texts before that, and the questions."""
    drawn = np.random.default_rng(_SEED).permutation(len(chunks))[:_GROUND]
    ground = [chunks[number] for number in drawn]
    texts = [chunk.text for chunk in ground]
    questions: list[Trial] = []
    for number, chunk in enumerate(ground):
        if len(questions) < _MOST and (split := _split(chunk)) is not None:
            question, ground[number] = split
            questions.append(Trial(question, number))
    return ground, texts, tuple(questions)


def _split(chunk: Chunk) -> tuple[str, Chunk] | None:
    """Take a question out of a chunk, or return None if nothing would be left to find it by."""
    if chunk.alternatives:
        return chunk.alternatives[-1], replace(chunk, alternatives=chunk.alternatives[:-1])
    if chunk.title and words(chunk.title):
        return chunk.title, replace(chunk, title="")
    parts = sentences(chunk.text)
    long = [at for at, part in enumerate(parts) if len(words(part)) >= _LONG]
    if len(parts) < 2 or not long:  # noqa: PLR2004 - one to ask, one to find it by
        return None
    taken = long[len(long) // 2]
    rest = " ".join(part for at, part in enumerate(parts) if at != taken)
    return parts[taken], replace(chunk, text=rest)
