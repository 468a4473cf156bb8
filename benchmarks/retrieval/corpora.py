"""Reads what is measured on: SQuAD's JSON, CSV of question and answer or of text and category, our own questions."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from config import ROOT
from services.knowledge.language import detect
from services.knowledge.parse import parse
from services.knowledge.passages import Chunk, chunks_of

EVERY = 5  # of rows with a category every fifth is a query, the rest is the knowledge


_LOOKED_AT = 50  # texts, to tell the language by


class CorpusError(ValueError):
    """A file that cannot be measured on; its text says why."""


@dataclass(frozen=True)
class Asked:
    """A question and the answer (a chunk's text) that is right, "" if none is; `article` says what it belongs to."""

    question: str
    answer: str
    article: str


@dataclass(frozen=True)
class Corpus:
    """A knowledge and questions on it; `articles[i]` is the article of `chunks[i]`."""

    name: str
    language: str
    chunks: tuple[Chunk, ...]
    articles: tuple[str, ...]
    asked: tuple[Asked, ...]


def read(path: Path) -> Corpus:
    """Read a file; raises CorpusError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    try:
        corpus = _from_json(path.name, text) if path.suffix.lower() == ".json" else _from_csv(path.name, text)
    except (ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
        raise CorpusError(f"{path}: {error or type(error).__name__}") from error
    if not corpus.chunks or not corpus.asked:
        raise CorpusError(f"{path}: holds no questions")
    return corpus


def _from_json(name: str, text: str) -> Corpus:
    parsed = json.loads(text)
    if not isinstance(parsed, Mapping) or not isinstance(parsed.get("data"), list):
        raise CorpusError(
            'not SQuAD: {"data": [{"paragraphs": [{"context": …, "qas": [{"question": …}]}]}]} is expected'
        )
    rows: list[tuple[str, str]] = []
    asked: list[Asked] = []
    for number, article in enumerate(parsed["data"]):
        for paragraph in article["paragraphs"]:
            rows.append(("", str(paragraph["context"])))
            asked += [
                Asked(str(question["question"]), rows[-1][1], str(number))
                for question in paragraph["qas"]
                if not question.get("is_impossible")
            ]
    articles = [str(number) for number, article in enumerate(parsed["data"]) for _ in article["paragraphs"]]
    return _corpus(name, rows, articles, asked)


def _from_csv(name: str, text: str) -> Corpus:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    columns = set(reader.fieldnames or ())
    if {"question", "answer"} <= columns:
        pairs = _pairs(reader, "question", "answer")
        answers = list(dict.fromkeys(answer for _, answer in pairs))
        asked = [Asked(question, answer, answer) for question, answer in pairs]
        return _corpus(name, [("", answer) for answer in answers], answers, asked)
    if {"text", "category"} <= columns:
        pairs = _pairs(reader, "text", "category")
        rows = [pair for number, pair in enumerate(pairs) if number % EVERY]
        asked = [Asked(text, category, category) for text, category in pairs[::EVERY]]
        return _corpus(name, rows, [category for _, category in rows], asked)
    if {"question", "expected"} <= columns:
        return _own(name, [(row["question"], row["expected"]) for row in reader])
    found = ", ".join(sorted(columns)) or "none"
    raise CorpusError(f"columns question,answer or text,category are expected, not {found}")


def _own(name: str, rows: Sequence[tuple[str, str]]) -> Corpus:
    """Return the demo's knowledge with our questions on it: `questions.en.csv` belongs to `context.en.txt`."""
    language = name.split(".")[1] if name.count(".") > 1 else ""
    path = next(path for path in (ROOT / f"context.{language}.txt", ROOT / "context.txt") if path.is_file())
    chunks = chunks_of(parse(path.read_bytes()).entries, language or _language(question for question, _ in rows))
    texts = {"": "", **{chunk.title: chunk.text for chunk in chunks}}
    asked = tuple(Asked(question, texts[expected], expected) for question, expected in rows)
    return Corpus(name, chunks[0].language, chunks, tuple(chunk.title for chunk in chunks), asked)


def _pairs(reader: "csv.DictReader[str]", first: str, second: str) -> list[tuple[str, str]]:
    pairs = []
    for row in reader:
        if not (row[first] or "").strip() or not (row[second] or "").strip():
            raise CorpusError(f"line {reader.line_num}: {first} or {second} is empty")
        pairs.append((row[first], row[second]))
    return pairs


def _corpus(name: str, rows: Sequence[tuple[str, str]], articles: Sequence[str], asked: Sequence[Asked]) -> Corpus:
    language = _language(f"{title} {text}" for title, text in rows)
    chunks = tuple(Chunk(str(number), title, text, "", language) for number, (title, text) in enumerate(rows))
    return Corpus(name, language, chunks, tuple(articles), tuple(asked))


def _language(texts: Iterable[str]) -> str:
    return detect("\n".join(islice(texts, _LOOKED_AT))) or "en"
