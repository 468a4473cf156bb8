"""Formatting of what people write: from a text and its spans to HTML that is safe to send on.

Offsets and lengths are in UTF-16 units, as the Bot API counts them (MessageEntity).
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate, pairwise

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "text_link": "a",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}
_QUOTES = ("blockquote", "expandable_blockquote")
_CODE = ("pre", "code")
FOLLOWED = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)  # where a link of somebody else's may lead
_LANGUAGE = re.compile(r"[\w+#.-]{1,32}")
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-z-]+)(?P<rest>(?:\s[^<>]*)?)>")
_ATTRIBUTES = {
    "a": re.compile(r'\shref="https?://[^"\s]+"'),
    "blockquote": re.compile(r"(\sexpandable)?"),
    "code": re.compile(r'(\sclass="language-[\w+#.-]+")?'),
}
_NONE = re.compile("")


@dataclass(frozen=True)
class Span:
    """A part of a text and how it looks; `url` is where a text_link leads, `language` what a pre is written in."""

    kind: str
    offset: int
    length: int
    url: str = ""
    language: str = ""

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.offset + self.length


def to_html(text: str, spans: Sequence[Span]) -> str:
    """Return a text with its spans as HTML of tags that Telegram takes; everything else in it is escaped.

    Spans may overlap in any way, or reach beyond the text: what comes out is nested. Kinds that are not known, and
    links to anything but http and https, stay as plain words.
    """
    ends = list(accumulate((_units(character) for character in text), initial=0))
    known = [span for span in spans if span.length > 0 and _is_shown(span)]
    cuts = sorted({0, len(text), *(_place(ends, at) for span in known for at in (span.offset, span.end))})
    written: list[str] = []
    open_: list[Span] = []
    for start, stop in pairwise(cuts):
        wanted = list(_nested([s for s in known if _place(ends, s.offset) <= start and stop <= _place(ends, s.end)]))
        kept = next((n for n, pair in enumerate(zip(open_, wanted, strict=False)) if pair[0] != pair[1]), None)
        kept = min(len(open_), len(wanted)) if kept is None else kept
        written += [_closing(span) for span in reversed(open_[kept:])]
        written += [_opening(span) for span in wanted[kept:]]
        written.append(escape(text[start:stop], quote=False))
        open_ = wanted
    written += [_closing(span) for span in reversed(open_)]
    return "".join(written)


def _units(character: str) -> int:
    return 2 if ord(character) > 0xFFFF else 1  # noqa: PLR2004 - the last character that one unit can hold


def _place(ends: Sequence[int], at: int) -> int:
    """Return the index of the character at an offset; within a pair it is the character after it."""
    return min(bisect_left(ends, max(at, 0)), len(ends) - 1)


def _is_shown(span: Span) -> bool:
    return span.kind in _TAGS and (span.kind != "text_link" or bool(FOLLOWED.fullmatch(span.url)))


def _nested(active: Sequence[Span]) -> Iterator[Span]:
    """Yield the spans of a stretch of text, the outer ones first, without those that Telegram does not nest.

    (Bot API, "Formatting options": quotes do not hold quotes, code holds nothing and stands in a quote at most.)
    """
    outer_first = sorted(active, key=lambda span: (span.offset, -span.length, tuple(_TAGS).index(span.kind)))
    quotes = [span for span in outer_first if span.kind in _QUOTES]
    code = [span for span in outer_first if span.kind in _CODE]
    yield from quotes[:1]
    if code:
        yield code[0]
        return
    kinds: set[str] = set()
    for span in outer_first:
        if span.kind not in (*_QUOTES, *kinds):
            kinds.add(span.kind)
            yield span


def _opening(span: Span) -> str:
    match span.kind:
        case "text_link":
            return f'<a href="{escape(span.url)}">'
        case "expandable_blockquote":
            return "<blockquote expandable>"
        case "pre" if _LANGUAGE.fullmatch(span.language):
            return f'<pre><code class="language-{span.language}">'
    return f"<{_TAGS[span.kind]}>"


def _closing(span: Span) -> str:
    inner = "</code>" if span.kind == "pre" and _LANGUAGE.fullmatch(span.language) else ""
    return f"{inner}</{_TAGS[span.kind]}>"


def is_well_formed(html: str) -> bool:
    """Return whether Telegram would take a text: tags that it knows, closed in their order (Bot API, "HTML style")."""
    opened: list[str] = []
    for tag in _TAG.finditer(html):
        name = tag["name"]
        if tag["end"]:
            if tag["rest"] or not opened or opened.pop() != name:
                return False
        elif name in _TAGS.values() and _ATTRIBUTES.get(name, _NONE).fullmatch(tag["rest"]):
            opened.append(name)
        else:
            return False
    return not opened and "<" not in _TAG.sub("", html)
