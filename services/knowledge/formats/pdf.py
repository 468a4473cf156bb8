"""PDF: lines by page, larger ones as headings; what stands on every page is left out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

from services.knowledge.errors import (
    KnowledgeEncryptedError,
    KnowledgeError,
    KnowledgeTooLargeError,
    KnowledgeUnreadableError,
)
from services.knowledge.formats.blocks import Block, entries_of
from services.knowledge.parse import Parsed
from services.knowledge.remarks import Noticed, Remark

_MOST_PAGES = 1_000
_LARGER = 1.15  # a heading's letters over those of the text
_LONGEST_HEADING = 150  # characters
_REPEATED = 0.6  # share of pages on which a first or last line has to stand to be a running title
_FEWEST_PAGES = 3  # to tell what repeats


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, the height of its letters, and its page, from 1."""

    text: str
    size: float
    page: int


def read(content: bytes) -> Parsed:
    """Read a PDF; raises KnowledgeError for one that is protected, damaged or too long."""
    try:
        pages = _pages(PdfReader(BytesIO(content)))
    except KnowledgeError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise KnowledgeUnreadableError("This is no PDF, or it is damaged.") from error
    empty = [Remark(number, Noticed.SCAN) for number, page in enumerate(pages, 1) if not page]
    running = _running(pages)
    if running:
        empty.append(Remark(1, Noticed.RUNNING, ", ".join(sorted(running))))
    lines = [line for page in pages for line in page if line.text not in running]
    return Parsed(tuple(entries_of(_blocks(lines))), tuple(empty), "pdf")


def _pages(reader: PdfReader) -> list[list[_Line]]:
    if reader.is_encrypted and not reader.decrypt(""):
        raise KnowledgeEncryptedError("The PDF is protected by a password: save it without one.")
    if len(reader.pages) > _MOST_PAGES:
        raise KnowledgeTooLargeError(f"The PDF has {len(reader.pages)} pages; {_MOST_PAGES} are allowed.")
    return [_lines(page, number) for number, page in enumerate(reader.pages, start=1)]


def _lines(page: PageObject, number: int) -> list[_Line]:
    """Return the lines of a page; a line is as high as its highest letters."""
    sizes: Counter[str] = Counter()

    def visit(text: str, _space: object, matrix: Sequence[float], _font: object, size: float) -> None:
        for part in text.splitlines():
            if stripped := " ".join(part.split()):
                sizes[stripped] = max(sizes[stripped], round(abs(size * (matrix[3] or 1.0)) * 10))

    text = page.extract_text(visitor_text=visit)
    found = []
    for raw in text.splitlines():
        if line := " ".join(raw.split()):
            height = max((size for part, size in sizes.items() if part in line), default=0)
            found.append(_Line(line, height / 10, number))
    return found


def _running(pages: Sequence[Sequence[_Line]]) -> set[str]:
    full = [page for page in pages if page]
    if len(full) < _FEWEST_PAGES:
        return set()
    ends = Counter(text for page in full for text in {page[0].text, page[-1].text})
    return {text for text, number in ends.items() if number >= _REPEATED * len(full)}


def _blocks(lines: Sequence[_Line]) -> Iterator[Block]:
    """Join lines into paragraphs; a larger line, or a short question on a line of its own, is a heading."""
    letters: Counter[float] = Counter()
    for line in lines:
        letters[line.size] += len(line.text)
    usual = letters.most_common(1)[0][0] if letters else 0.0
    larger = sorted({line.size for line in lines if line.size > usual * _LARGER}, reverse=True)
    held, place, joins = "", 1, False
    for line in lines:
        level = larger.index(line.size) + 1 if line.size in larger and len(line.text) <= _LONGEST_HEADING else 0
        if level or (not joins and line.text.endswith("?") and len(line.text) <= _LONGEST_HEADING):
            if held:
                yield Block(0, held, place)
            held, joins = "", False
            yield Block(level or len(larger) + 1, line.text, line.page)
            continue
        place = place if held else line.page
        held = _joined(held, line.text)
        joins = not line.text.endswith((".", "!", "?", ":", ";"))
    if held:
        yield Block(0, held, place)


def _joined(held: str, line: str) -> str:
    if held.endswith("-") and line[:1].islower():
        return held[:-1] + line
    return f"{held} {line}".strip()
