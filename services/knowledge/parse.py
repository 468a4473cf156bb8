"""Reads the bank's knowledge file: questions under sections with their answers, or plain paragraphs.

    # a comment
    ## Section
    ### Question | another phrasing | one more
    The answer, in paragraphs parted by blank lines.

A file without any `###` is read as paragraphs, each titled by the `##` above it or by its first words.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.knowledge.decoding import decode
from services.knowledge.errors import KnowledgeEmptyError, KnowledgeTooLargeError
from services.knowledge.remarks import Noticed, Remark
from services.knowledge.text import words

MAX_BYTES = 10 * 2**20
_TITLE_WORDS = 8

_HEADING = re.compile(r"(#{1,3})(?!#)\s*(.*)")
_LIST_ITEM = re.compile(r"(?:[-–—•*]|\d{1,3}[.)])\s")


@dataclass(frozen=True, slots=True)
class Entry:
    """A question with its answer; `line` is where its heading (or paragraph) stands, counted from 1."""

    section: str
    question: str
    alternatives: tuple[str, ...]
    answer: str
    line: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a knowledge file holds, and what its editor should look at."""

    entries: tuple[Entry, ...]
    warnings: tuple[Remark, ...]
    encoding: str


@dataclass(slots=True)
class _Block:
    """The lines under one heading; `question` is None under a section's own."""

    line: int
    section: str
    question: str | None
    body: list[str]


def parse(raw: bytes) -> Parsed:
    """Read a knowledge file; raises KnowledgeError with what to change when nothing can be made of it."""
    if len(raw) > MAX_BYTES:
        raise KnowledgeTooLargeError(f"The file has {len(raw):,} bytes; {MAX_BYTES:,} are allowed.")
    text, encoding = decode(raw)
    lines = _marked(re.split(r"\r\n|\r|\n", text))
    warnings: list[Remark] = []
    if any(level == "###" for _, level, _ in lines):
        entries = tuple(_questions(_blocks(lines), warnings))
        warnings += _duplicates(entries)
    else:
        entries = tuple(_paragraphs(lines))
    if not entries:
        raise KnowledgeEmptyError("The file holds no entry with an answer.")
    return Parsed(entries, tuple(sorted(warnings, key=lambda remark: remark.line)), encoding)


def _marked(lines: Iterable[str]) -> list[tuple[int, str, str]]:
    """Count the lines and part each into its hashes and its text; comments are left out."""
    marked = []
    for number, line in enumerate(lines, start=1):
        text = " ".join(line.split())
        heading = _HEADING.fullmatch(text)
        level, text = (heading[1], heading[2]) if heading else ("", text)
        if level != "#":
            marked.append((number, level, text))
    return marked


def _blocks(lines: Iterable[tuple[int, str, str]]) -> Iterator[_Block]:
    """Gather the lines under each `##` and `###`."""
    block = _Block(line=1, section="", question=None, body=[])
    for number, level, text in lines:
        if not level:
            block.body.append(text)
            continue
        yield block
        if level == "##":
            block = _Block(number, section=text, question=None, body=[])
        else:
            block = _Block(number, block.section, question=text, body=[])
    yield block


def _questions(blocks: Iterable[_Block], warnings: list[Remark]) -> Iterator[Entry]:
    for block in blocks:
        answer = _joined(block.body)
        phrasings = [part.strip() for part in (block.question or "").split("|") if part.strip()]
        if block.question is None:
            if answer:
                warnings.append(Remark(block.line, Noticed.NO_HEADING))
        elif not phrasings:
            warnings.append(Remark(block.line, Noticed.NO_QUESTION))
        elif not answer:
            warnings.append(Remark(block.line, Noticed.NO_ANSWER, phrasings[0]))
        else:
            yield Entry(block.section, phrasings[0], tuple(phrasings[1:]), answer, block.line)


def _duplicates(entries: Iterable[Entry]) -> Iterator[Remark]:
    first: dict[tuple[str, ...], int] = {}
    for entry in entries:
        seen = first.setdefault(tuple(words(entry.question)), entry.line)
        if seen != entry.line:
            yield Remark(entry.line, Noticed.AGAIN, entry.question, seen)


def _paragraphs(lines: Iterable[tuple[int, str, str]]) -> Iterator[Entry]:
    section, start, body = "", 0, list[str]()
    for number, level, text in (*lines, (0, "##", "")):
        if text and not level:
            start = start if body else number
            body.append(text)
            continue
        if body:
            answer = _joined(body)
            yield Entry(section, section or first_words(answer), (), answer, start)
            body = []
        if level:
            section = text


def first_words(text: str) -> str:
    """Return a title made of how a text begins."""
    head = text.split(maxsplit=_TITLE_WORDS)[:_TITLE_WORDS]
    title = " ".join(head)
    return title if title == text else f"{title}…"


def _joined(lines: Iterable[str]) -> str:
    """Join wrapped lines into paragraphs; blank lines part them, and each item of a list keeps its line."""
    paragraphs: list[str] = []
    fresh = True
    for line in lines:
        if not line:
            fresh = True
        elif fresh:
            paragraphs.append(line)
            fresh = False
        else:
            paragraphs[-1] += ("\n" if _LIST_ITEM.match(line) else " ") + line
    return "\n\n".join(paragraphs)
