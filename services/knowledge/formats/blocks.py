"""What all formats but tables are read into: headings and paragraphs in their order; and the entries made of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from services.knowledge.parse import Entry, first_words
from services.knowledge.text import sentences

LONGEST = 1_200  # characters of an entry: a few paragraphs, so that a passage is about one thing
ITEM = "- "  # what the items of a list begin with
DEEPEST = 7  # the level of a heading that stands below all numbered ones, as a term over its definition


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`level` 1 and up) or a paragraph (`level` 0); `place` is its line or page, from 1."""

    level: int
    text: str
    place: int


def entries_of(blocks: Iterable[Block]) -> Iterator[Entry]:
    """Make an entry of the text under each heading, in parts where it is long.

    The heading is the question (`|` parts other phrasings), the headings above it are the section.
    """
    above: list[Block] = []
    body: list[Block] = []
    for block in blocks:
        if not block.level or not block.text:
            body += [block] if block.text else []
            continue
        yield from _parts(above, body)
        body = []
        above = [heading for heading in above if heading.level < block.level] + [block]
    yield from _parts(above, body)


def parted(entry: Entry) -> Iterator[Entry]:
    """Part an entry whose answer is too long for one: a passage is read whole at each question, and told to a model."""
    if len(entry.answer) <= LONGEST:
        yield entry
        return
    paragraphs = [Block(0, paragraph, entry.line) for paragraph in entry.answer.split("\n\n")]
    yield from (replace(entry, answer=text) for _, text in _portions(paragraphs))


def _parts(above: list[Block], body: list[Block]) -> Iterator[Entry]:
    title = above[-1].text if above else ""
    phrasings = [part for part in (piece.strip() for piece in title.split("|")) if part]
    section = " › ".join(heading.text for heading in above[:-1])
    for place, text in _portions(body):
        question = phrasings[0] if phrasings else first_words(text)
        yield Entry(section, question, tuple(phrasings[1:]), text, place)


def _portions(body: list[Block]) -> Iterator[tuple[int, str]]:
    """Join paragraphs, and the sentences of a paragraph that is too long alone, up to the length of an entry."""
    place, held = 0, ""
    for block in body:
        glue = "\n" if block.text.startswith(ITEM) else "\n\n"
        for piece in _pieces(block.text):
            if held and len(held) + len(glue) + len(piece) > LONGEST:
                yield place, held
                held = ""
            place = place if held else block.place
            held = f"{held}{glue}{piece}" if held else piece
            glue = " "
    if held:
        yield place, held


def _pieces(text: str) -> Iterator[str]:
    if len(text) <= LONGEST:
        yield text
        return
    for sentence in sentences(text):
        for start in range(0, len(sentence), LONGEST):
            yield sentence[start : start + LONGEST]
