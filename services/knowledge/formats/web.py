"""HTML: headings, paragraphs, lists, tables and terms, without menus, scripts and what is filled in."""

from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

from services.knowledge.decoding import decode
from services.knowledge.formats.blocks import DEEPEST, ITEM, Block, entries_of
from services.knowledge.parse import Parsed

_LEVELS = {**{f"h{level}": level for level in range(1, 7)}, "summary": DEEPEST, "dt": DEEPEST}
# Not `form` itself: some sites put whole pages into one.
_SILENT = frozenset({"script", "style", "template", "noscript", "nav", "footer", "aside", "svg"}) | frozenset(
    {"button", "datalist", "label", "select", "textarea"}
)
_PARTING = frozenset(
    {
        "address",
        "article",
        "blockquote",
        "br",
        "caption",
        "dd",
        "details",
        "div",
        "dl",
        "figcaption",
        "figure",
        "form",
        "header",
    }
    | {"hr", "li", "main", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "thead", "tr", "ul"}
)
_CELLS = frozenset({"td", "th"})


def read(content: bytes) -> Parsed:
    """Read an HTML document; raises KnowledgeError when it is not text."""
    text, encoding = decode(content)
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return Parsed(tuple(entries_of(reader.finished())), (), encoding)


class _Reader(HTMLParser):
    """Gathers text between the tags that part paragraphs; forgiving, as browsers are."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[Block] = []
        self._words: list[str] = []
        self._cells: list[str] = []
        self._title: list[str] = []
        self._level = 0
        self._lead = ""
        self._silent = 0
        self._in_title = False

    def finished(self) -> Iterator[Block]:
        """Return all blocks; the page's title stands above them where no heading of the first level does."""
        self._part()
        title = " ".join("".join(self._title).split())
        if title and not any(block.level == 1 for block in self._blocks):
            yield Block(1, title, 1)
        yield from self._blocks

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open what a tag opens."""
        if tag in _SILENT:
            self._silent += 1
        elif tag == "title":
            self._in_title = True
        elif tag in _LEVELS or tag in _PARTING:
            self._part()
            self._level = _LEVELS.get(tag, 0)
            self._lead = ITEM if tag == "li" else ""
        elif tag == "img":
            self._words.append(_described(dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Close what a tag closes."""
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "title":
            self._in_title = False
        elif tag in _CELLS:
            self._cells.append(self._taken())
        elif tag == "tr":
            self._cells.append(self._taken())
            self._add(" — ".join(cell for cell in self._cells if cell))
            self._cells = []
        elif tag in _LEVELS or tag in _PARTING:
            self._part()
            self._level = 0

    def handle_data(self, data: str) -> None:
        """Keep words that people see."""
        if self._in_title:
            self._title.append(data)
        elif not self._silent:
            self._words.append(data)

    def _taken(self) -> str:
        text = " ".join("".join(self._words).split())
        self._words = []
        return text

    def _part(self) -> None:
        text = self._taken()
        if self._cells and text:
            self._cells.append(text)
        elif text:
            self._add(self._lead + text)
            self._lead = ""

    def _add(self, text: str) -> None:
        if text:
            self._blocks.append(Block(self._level, text, self.getpos()[0]))


def _described(attributes: Mapping[str, str | None]) -> str:
    return f" {attributes.get('alt') or ''} "
