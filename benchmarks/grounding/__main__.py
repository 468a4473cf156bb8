"""`python -m benchmarks.grounding [FILE…] [--json]`: true sentences that are dropped, false ones that pass."""

import argparse
import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from benchmarks.grounding.drafts import FALSE, TRUE, Draft, Maker
from config import ROOT
from services.grounding import check
from services.knowledge.parse import Entry, parse
from services.knowledge.passages import Found, Passage, chunks_of
from services.wiring_index import build_index

_HERE = Path(__file__).parent
_SEED = 1


@dataclass
class Row:
    """What became of the sentences of one kind of draft."""

    language: str
    kind: str
    true: bool
    sentences: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share that was rightly kept, or rightly dropped."""
        return round(self.right / self.sentences, 4) if self.sentences else 1.0


def main() -> None:
    """Print a table or JSON; `--wrong` adds the sentences that were judged wrongly."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grounding", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[ROOT / "context.txt", ROOT / "context.en.txt"])
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--wrong", action="store_true", help="print what was judged wrongly")
    arguments = parser.parse_args()
    rows = [row for path in arguments.files for row in measure(path)]
    if arguments.json:
        print(json.dumps([{**vars(row), "share": row.share, "wrong": len(row.wrong)} for row in rows], indent=1))
        return
    print(f"{'':3} {'draft':14} {'must be':8} {'sentences':>9} {'right':>7}")
    for row in rows:
        print(
            f"{row.language:3} {row.kind:14} {'kept' if row.true else 'dropped':8} {row.sentences:9} {row.share:7.4f}"
        )
        if arguments.wrong:
            print("".join(f"      {text}\n" for text in row.wrong), end="")


def measure(path: Path) -> Iterator[Row]:
    """Judge every kind of draft on every entry of a knowledge file, with the passages that its question finds."""
    language = "en" if ".en" in path.suffixes else "ru"
    entries = parse(path.read_bytes()).entries
    found = _passages(entries, language)
    for true, makers in ((True, TRUE), (False, FALSE)):
        for kind, maker in makers.items():
            row, random = Row(language, kind, true), Random(_SEED)
            for entry, passages in zip(entries, found, strict=True):
                for draft in _made(maker, entry, entries, passages, random, language):
                    _judge(row, draft, entry.question, passages)
            yield row
    yield from _paraphrased(entries, found, language)


def _paraphrased(entries: Sequence[Entry], found: Sequence[Sequence[Passage]], language: str) -> Iterator[Row]:
    """Judge sentences that people wrote about entries of the demo's knowledge, as far as the file has those."""
    lines = csv.DictReader((_HERE / f"paraphrases.{language}.csv").read_text(encoding="utf-8").splitlines())
    passages = {entry.question: each for entry, each in zip(entries, found, strict=True)}
    rows = {true: Row(language, "paraphrased", true) for true in (True, False)}
    for line in lines:
        if own := passages.get(line["question"]):
            _judge(rows[line["supported"] == "1"], Draft(line["sentence"], line["sentence"]), line["question"], own)
    return iter(rows.values())


def _passages(entries: Sequence[Entry], language: str) -> list[Sequence[Passage]]:
    """Return what each entry's question finds, the entry itself among it as in any right answer."""
    chunks = chunks_of(entries, language)
    index = build_index(chunks, language)
    found: list[Found] = [index.search(entry.question) for entry in entries]
    return [
        each.passages if any(p.chunk.id == own.id for p in each.passages) else (Passage(own, 1.0), *each.passages[:3])
        for own, each in zip(chunks, found, strict=True)
    ]


def _made(  # noqa: PLR0913, PLR0917 - what a draft is made of
    maker: Maker, entry: Entry, entries: Sequence[Entry], passages: Sequence[Passage], random: Random, language: str
) -> Iterator[Draft]:
    near = {passage.chunk.title for passage in passages}
    other = random.choice([each for each in entries if each.question not in near])
    return maker(entry, other, random, language)


def _judge(row: Row, draft: Draft, question: str, passages: Sequence[Passage]) -> None:
    kept = draft.sentence not in check(draft.text, passages, question).dropped
    row.sentences += 1
    if kept == row.true:
        row.right += 1
    else:
        row.wrong.append(draft.sentence)


if __name__ == "__main__":
    main()
