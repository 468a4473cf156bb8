"""How well questions without an answer are told apart: part of the knowledge is taken away, all questions are asked."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import mean

from benchmarks.retrieval.corpora import Asked, Corpus
from benchmarks.retrieval.figures import Build, Figures
from services.knowledge.passages import Chunk

SEEDS = range(8)
_PASSES = 0.95


@dataclass(frozen=True)
class Judged:
    """A question that was asked, whether its answer was there, and how sure the index was."""

    asked: Asked
    known: bool
    confidence: float


def refusals(corpus: Corpus, mode: str, build: Build) -> Figures:
    """Return AUROC and the share of unanswerable questions that is refused, means over the seeds; None without any.

    The bar that lets 95 % of answerable questions pass is set on half of the articles and tested on the others,
    both ways round.
    """
    ranked: list[float] = []
    refused: list[float] = []
    for seed in SEEDS:
        kept = held_out(corpus, mode, seed)
        index = build(kept, corpus.language)
        texts = {chunk.text for chunk in kept}
        judged = [Judged(one, one.answer in texts, index.search(one.question).confidence) for one in corpus.asked]
        ranked += [value for value in [auroc(judged)] if value is not None]
        refused += _crossed(judged, seed)
    return {"auroc": mean(ranked) if ranked else None, "refused_at_95": mean(refused) if refused else None}


def held_out(corpus: Corpus, mode: str, seed: int) -> list[Chunk]:
    """Return what is left of the knowledge: half of the articles, or half of each article's paragraphs."""
    drawn = random.Random(seed)
    if mode == "articles":
        articles = sorted(set(corpus.articles))
        kept = set(drawn.sample(articles, len(articles) // 2))
        return [chunk for chunk, article in zip(corpus.chunks, corpus.articles, strict=True) if article in kept]
    groups: dict[str, list[str]] = {}
    for chunk, article in zip(corpus.chunks, corpus.articles, strict=True):
        groups.setdefault(article, []).append(chunk.id)
    left = {id_ for ids in groups.values() for id_ in drawn.sample(ids, (len(ids) + 1) // 2)}
    return [chunk for chunk in corpus.chunks if chunk.id in left]


def auroc(judged: Sequence[Judged]) -> float | None:
    """Return the chance that an answerable question is held for surer than another one; None without both kinds."""
    known = [one.confidence for one in judged if one.known]
    unknown = [one.confidence for one in judged if not one.known]
    if not known or not unknown:
        return None
    return sum((sure > other) + (sure == other) / 2 for sure in known for other in unknown) / len(known) / len(unknown)


def _crossed(judged: Sequence[Judged], seed: int) -> Iterator[float]:
    articles = sorted({one.asked.article for one in judged})
    first = set(random.Random(seed).sample(articles, len(articles) // 2))
    halves = [[one for one in judged if (one.asked.article in first) is side] for side in (True, False)]
    for fitted, tested in (halves, halves[::-1]):
        known = sorted(one.confidence for one in fitted if one.known)
        unknown = [one.confidence for one in tested if not one.known]
        if known and unknown:
            bar = known[int(len(known) * (1 - _PASSES))]
            yield mean(confidence < bar for confidence in unknown)
