"""`python -m benchmarks.retrieval FILE…`: measures retrieval on files and prints the table."""

import argparse
import os
import sys
from functools import partial
from pathlib import Path

from benchmarks.retrieval.corpora import CorpusError, read
from benchmarks.retrieval.figures import Build, measured
from benchmarks.retrieval.refusal import refusals
from benchmarks.retrieval.remembered import Remembered, Vectors
from benchmarks.retrieval.report import KEYS, table, write_json, write_plot
from services.gateways.sentence_model import SentenceModel
from services.wiring_index import build_index


def main() -> int:
    """Measure; returns the process's exit code: 2 for a file that cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="SQuAD JSON, or CSV with a head")
    parser.add_argument("--hold-out", choices=("articles", "paragraphs"), default="articles", help="for refusal")
    parser.add_argument("--json", type=Path, default=os.environ.get("JSON") or None)
    parser.add_argument("--plot", type=Path, default=Path("data/eval.png"))
    parser.add_argument("--model", default=os.environ.get("EMBEDDING_MODEL", ""), help="a sentence-transformers model")
    parser.add_argument("--no-refusal", action="store_true", help="leave out what builds eight more indexes")
    options = parser.parse_args()
    try:
        corpora = [read(path) for path in options.files]
    except CorpusError as error:
        print(error, file=sys.stderr)
        return 2
    timed, untimed = builds(options.model)
    results = {}
    for corpus in corpora:
        chunks, asked = len(corpus.chunks), len(corpus.asked)
        print(f"{corpus.name}: {chunks} chunks, {asked} questions, {corpus.language}", flush=True)
        found = measured(corpus, timed)
        refused = {} if options.no_refusal else refusals(corpus, options.hold_out, untimed)
        results[corpus.name] = {**dict.fromkeys(KEYS), **found, **refused}
    print(f"\nrefusal: half of the {options.hold_out} held out\n{table(results)}")
    if options.json:
        write_json(results, options.json)
    write_plot(results, options.plot)
    print(f"plot: {options.plot}")
    return 0


def builds(name: str) -> tuple[Build, Build]:
    """Return what builds an index whose times are measured, and one whose times are not."""
    if not name:
        return build_index, build_index
    model, documents = SentenceModel(name), dict[str, Vectors]()
    timed, untimed = Remembered(model, documents, None), Remembered(model, documents, {})
    return partial(build_index, model=timed), partial(build_index, model=untimed)


if __name__ == "__main__":
    sys.exit(main())
