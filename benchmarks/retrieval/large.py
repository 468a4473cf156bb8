"""`python -m benchmarks.retrieval.large FILE…`: times in a large knowledge made of the files' sentences."""

import argparse
import random
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time, thread_time

from benchmarks.retrieval.corpora import Corpus, CorpusError, read
from services.knowledge.passages import Chunk
from services.knowledge.text import sentences
from services.retrieval import Index
from services.wiring_index import IndexMaker

_SEED = 1_234
_ASKED = 400  # questions


def main() -> int:
    """Build (or open, where the folder has it) an index of so many chunks, ask, print; 2 for an unreadable file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval.large")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="as python -m benchmarks.retrieval reads")
    parser.add_argument("--chunks", type=int, nargs="+", default=[5_000])
    parser.add_argument("--folder", type=Path, default=Path("data/large"), help="where indexes are kept")
    options = parser.parse_args()
    try:
        corpora = [read(path) for path in options.files]
    except CorpusError as error:
        print(error, file=sys.stderr)
        return 2
    for corpus in corpora:
        for size in options.chunks:
            folder = options.folder / f"{corpus.name}.{size}"
            started = process_time()
            if not folder.exists():
                built(corpus, size, folder)
            build, started = process_time() - started, process_time()
            index = IndexMaker().open(folder, corpus.language)
            print(
                f"{corpus.name}, {size} chunks, {build:.0f} s of CPU to build, {process_time() - started:.1f} to open"
            )
            print(asked(corpus, index), flush=True)
    return 0


def built(corpus: Corpus, size: int, folder: Path) -> None:
    """Build the index and save it into a folder."""
    maker = IndexMaker()
    index = maker.build(list(mixed(corpus, size)), corpus.language)
    folder.mkdir(parents=True)
    maker.save(index, folder)


def mixed(corpus: Corpus, size: int) -> Iterator[Chunk]:
    """Return the corpus's texts, then texts of as many sentences, each sentence drawn from all of them."""
    drawn = random.Random(_SEED)
    parts = [sentences(chunk.text) for chunk in corpus.chunks]
    every = list(chain.from_iterable(parts))
    for number in range(size):
        own = number < len(parts)
        text = corpus.chunks[number].text if own else " ".join(drawn.sample(every, len(drawn.choice(parts))))
        yield Chunk(str(number), "", text, "", corpus.language)


def asked(corpus: Corpus, index: Index) -> str:
    """Return the times of the questions, once by the clock and once of the thread's CPU alone."""
    questions = [one.question for one in corpus.asked if one.answer]
    clock: list[float] = []
    busy: list[float] = []
    for question in questions[:: max(len(questions) // _ASKED, 1)]:
        started, worked = perf_counter(), thread_time()
        index.search(question)
        clock.append((perf_counter() - started) * 1e3)
        busy.append((thread_time() - worked) * 1e3)
    return "\n".join(
        f"  {name}: p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms, p99 {cuts[98]:.1f} ms"
        for name, cuts in (("clock", quantiles(clock, n=100)), ("CPU", quantiles(busy, n=100)))
    )


if __name__ == "__main__":
    sys.exit(main())
