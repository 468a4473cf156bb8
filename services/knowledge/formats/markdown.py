"""Markdown: headings, paragraphs, lists and tables (CommonMark), with its marks taken away."""

from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from services.knowledge.decoding import decode
from services.knowledge.formats.blocks import ITEM, Block, entries_of
from services.knowledge.parse import Parsed

_BREAKS = frozenset({"softbreak", "hardbreak"})
_CODE = frozenset({"fence", "code_block"})


def read(content: bytes) -> Parsed:
    """Read a Markdown document; raises KnowledgeError when it is not text."""
    text, encoding = decode(content)
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return Parsed(tuple(entries_of(_blocks(tokens))), (), encoding)


def _blocks(tokens: Iterable[Token]) -> Iterator[Block]:
    level, lead, place = 0, "", 1
    row: list[str] | None = None  # the cells of the table's row that is being read
    for token in tokens:
        place = token.map[0] + 1 if token.map else place
        match token.type:
            case "heading_open":
                level = int(token.tag[1:])
            case "heading_close":
                level = 0
            case "list_item_open":
                lead = ITEM
            case "tr_open":
                row = []
            case "tr_close":
                yield Block(0, " — ".join(cell for cell in row or () if cell), place)
                row = None
            case "inline" if row is not None:
                row.append(_plain(token))
            case "inline":
                yield Block(level, lead + _plain(token), place)
                lead = ""
            case kind if kind in _CODE:
                yield Block(0, token.content.strip(), place)


def _plain(token: Token) -> str:
    """Return the text of an inline token, images by their description."""
    parts = []
    for child in token.children or ():
        if child.type in _BREAKS:
            parts.append(" ")
        elif child.type in {"text", "code_inline", "image"}:
            parts.append(child.content)
    return " ".join("".join(parts).split())
