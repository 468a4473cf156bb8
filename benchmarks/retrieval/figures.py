"""Recall, rank, speed and the vote of an index on a corpus."""

from collections.abc import Callable, Sequence
from statistics import quantiles
from time import perf_counter

from benchmarks.retrieval.corpora import Corpus
from services.knowledge.passages import Chunk
from services.retrieval import Index

Build = Callable[[Sequence[Chunk], str], Index]
Figures = dict[str, float | None]

DEPTH = 10


def measured(corpus: Corpus, build: Build) -> Figures:
    """Ask every question once; times are of one thread, the question's encoding included."""
    started = perf_counter()
    index = build(corpus.chunks, corpus.language)
    built = perf_counter() - started
    ranks: list[int] = []
    seconds: list[float] = []
    for one in (one for one in corpus.asked if one.answer):
        started = perf_counter()
        found = index.search(one.question, DEPTH)
        seconds.append(perf_counter() - started)
        answers = [passage.chunk.text for passage in found.passages]
        ranks.append(answers.index(one.answer) + 1 if one.answer in answers else DEPTH + 1)
    cuts = quantiles(seconds, n=100) if len(seconds) > 1 else seconds * 99
    return {
        **{f"recall_at_{k}": sum(rank <= k for rank in ranks) / len(ranks) for k in (1, 3, DEPTH)},
        "mrr_at_10": sum(1 / rank for rank in ranks if rank <= DEPTH) / len(ranks),
        "top1": sum(rank == 1 for rank in ranks) / len(ranks),
        "p50_ms": cuts[49] * 1e3,
        "p95_ms": cuts[94] * 1e3,
        "build_s": built,
    }
