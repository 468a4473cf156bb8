"""Holds each sentence of a draft against the passages: what they do not support is dropped."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from services.knowledge.passages import Chunk, Passage
from services.knowledge.text import sentences, words
from utils.claim_words import EMPTY, NEGATION, PROMISE
from utils.figures import Figure, figures
from utils.links import find_links

# Fitted by `python -m benchmarks.grounding` on the demo's knowledge: as few true sentences fall as false ones pass.
_SUPPORT = 0.5  # share of a sentence's weight that the passages must have, and one of them alone
_WITH_FIGURES = 0.3  # the same where that passage holds all of the sentence's figures, which say more than words
_SAME = 0.55  # share from which on two sentences say the same, unless one of them denies it
_FROM_QUESTION = 0.4  # of a word that only the question has: alone it supports nothing, nor do its figures
_STEM = 5  # letters that the inflected forms of a word mostly share
_SHORTEST = 3  # letters of a word that tells anything


@dataclass(frozen=True)
class Grounded:
    """The sentences of a draft that stand in the passages (perhaps none), and those that were dropped."""

    text: str
    dropped: tuple[str, ...] = ()


class _Source:
    """A passage, read for comparing."""

    def __init__(self, text: str, statements: Sequence[str]) -> None:
        self.text = text
        self.statements = [(line, frozenset(_stems(line))) for line in statements]

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(_stems(self.text))

    @cached_property
    def figures(self) -> frozenset[Figure]:
        return figures(self.text)

    @cached_property
    def links(self) -> frozenset[str]:
        return frozenset(link.target for link in find_links(self.text))

    @cached_property
    def promises(self) -> frozenset[str | None]:
        return _promises(self.text)

    def holds(self, sentence: str) -> bool:
        """Tell whether every figure, link and promise of a sentence stands here."""
        stated = all(any(own.stands_for(said) for own in self.figures) for said in figures(sentence))
        linked = all(self._has_link(link.target) for link in find_links(sentence))
        return stated and linked and _promises(sentence) <= self.promises

    def _has_link(self, target: str) -> bool:
        return any(own == target or own.startswith(f"{target}/") for own in self.links)


@lru_cache(maxsize=512)
def _read(chunk: Chunk) -> _Source:
    text = "\n".join((chunk.section, chunk.title, *chunk.alternatives, chunk.text))
    return _Source(text, sentences(chunk.text))


class _Weights:
    """How much a word says, by how few of the passages have it."""

    def __init__(self, sources: Sequence[_Source]) -> None:
        self._holders = Counter(stem for source in sources for stem in source.stems)
        self._size = len(sources)

    def share(self, stems: Iterable[str], known: frozenset[str], half_known: frozenset[str] = frozenset()) -> float:
        """Return which part of the stems' weight is known, 0 to 1; of stems that are not there, all."""
        total = met = 0.0
        for stem in stems:
            weight = math.log(1 + (self._size + 1) / (self._holders[stem] + 0.5))
            total += weight
            met += weight * (1.0 if stem in known else _FROM_QUESTION if stem in half_known else 0.0)
        return met / total if total else 1.0


def check(text: str, passages: Sequence[Passage], question: str) -> Grounded:
    """Return what of a draft the passages support.

    A sentence stays when most of its words, weighed, stand in the passages (words of the question count half),
    when one passage holds all its figures, dates, phones and links, and when no sentence there says the contrary.
    """
    sources = [_read(passage.chunk) for passage in passages]
    weights = _Weights(sources)
    asked = frozenset(_stems(question))
    kept: list[str] = []
    dropped: list[str] = []
    for line in text.split("\n"):
        supported: list[str] = []
        for sentence in sentences(line):
            (supported if _supported(sentence, sources, weights, asked) else dropped).append(sentence)
        if supported or not line.strip():
            kept.append(" ".join(supported))
    return Grounded("\n".join(kept).strip(), tuple(dropped))


def _supported(sentence: str, sources: Sequence[_Source], weights: _Weights, asked: frozenset[str]) -> bool:
    stems = frozenset(_stems(sentence))
    if not stems and not figures(sentence):
        return not any(find_links(sentence)) and bool(sources)
    if _contradicted(sentence, stems, sources, weights):
        return False
    bar = _WITH_FIGURES if figures(sentence) else _SUPPORT
    return any(source.holds(sentence) and weights.share(stems, source.stems, asked) >= bar for source in sources)


def _contradicted(sentence: str, stems: frozenset[str], sources: Sequence[_Source], weights: _Weights) -> bool:
    """Tell whether the sentence of the passages that says the same says it with a "not" more, or less."""
    said = [(weights.share(stems, own), line) for source in sources for line, own in source.statements]
    likeness = max((share for share, _ in said), default=0.0)
    same = {_denials(line) for share, line in said if share == likeness}
    return likeness >= _SAME and _denials(sentence) not in same


def _denials(sentence: str) -> int:
    return len(NEGATION.findall(sentence))


def _promises(text: str) -> frozenset[str | None]:
    return frozenset(match.lastgroup for match in PROMISE.finditer(text))


def _stems(text: str) -> list[str]:
    """Return the beginnings of words that claim something; denials and figures are compared apart."""
    said = words(EMPTY.sub(" ", NEGATION.sub(" ", text)))
    return [word[:_STEM] for word in said if len(word) >= _SHORTEST and not word.isdigit()]
