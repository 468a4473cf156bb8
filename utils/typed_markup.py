"""HTML that a person typed: read strictly, and written again so that Telegram takes it (Bot API, "HTML style")."""

import re
from collections.abc import Iterator
from html import escape, unescape

from utils.markup import FOLLOWED

_ALIASES = {"strong": "b", "em": "i", "ins": "u", "strike": "s", "del": "s"}
_PLAIN = frozenset({"b", "i", "u", "s", "tg-spoiler", "code", "pre", "blockquote"})
_TELEGRAMS = (*_ALIASES, *_PLAIN, "a", "span")
_OF_WEB_PAGES = ("br", "div", "font", "h[1-6]", "hr", "img", "li", "ol", "p", "script", "style", "table", "tr", "ul")
_NAMES = "|".join(sorted((*_TELEGRAMS, *_OF_WEB_PAGES), key=len, reverse=True))
_MEANT = re.compile(rf"</?(?:{_NAMES})(?:\s[^<>]*)?/?>", re.IGNORECASE)  # what nobody types but as a tag
_TOKEN = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][\w-]*)(?P<rest>[^<>]*)>|(?P<text>[^<]+|<)")
_HREF = re.compile(r"""\s+href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))\s*""", re.IGNORECASE)


class MarkupError(ValueError):
    """A tag that cannot be read; `tag` is as it was typed, `line` counts from 1."""

    def __init__(self, tag: str, line: int) -> None:
        super().__init__(tag)
        self.tag = tag
        self.line = line


def is_markup(text: str) -> bool:
    """Return whether a text holds a tag of Telegram's or of web pages; then all of it is meant as HTML."""
    return _MEANT.search(text) is not None


def read_markup(text: str) -> str:
    """Return a typed text as HTML that Telegram takes: as it is without any such tag, else with every tag checked.

    Raises MarkupError for a tag that is unknown, is not closed, or is closed by another one.
    """
    return "".join(_written(text)) if is_markup(text) else escape(text, quote=False)


def _written(text: str) -> Iterator[str]:
    opened: list[tuple[str, str, int]] = []
    line = 1
    for token in _TOKEN.finditer(text):
        if token["text"] is not None:
            yield escape(unescape(token["text"]), quote=False)
        elif token["end"]:
            if not opened or opened[-1][0] != _name(token):
                raise MarkupError(token[0], line)
            name = opened.pop()[0]
            yield "</tg-spoiler>" if name == "span" else f"</{name}>"
        else:
            opened.append((_name(token), token[0], line))
            yield _opening(token, line)
        line += token[0].count("\n")
    if opened:
        raise MarkupError(*opened[-1][1:])


def _name(token: re.Match[str]) -> str:
    name = token["name"].lower()
    return _ALIASES.get(name, name)


def _opening(token: re.Match[str], line: int) -> str:
    name, rest = _name(token), token["rest"]
    if name in _PLAIN and not rest.strip():
        return f"<{name}>"
    if name == "blockquote" and rest.strip().lower() == "expandable":
        return "<blockquote expandable>"
    if name == "span" and re.fullmatch(r"""\s+class\s*=\s*["']?tg-spoiler["']?\s*""", rest, re.IGNORECASE):
        return "<tg-spoiler>"
    if name == "a" and (found := _HREF.fullmatch(rest)):
        address = unescape(next(filter(None, found.groups()), ""))
        if FOLLOWED.fullmatch(address):
            return f'<a href="{escape(address)}">'
    raise MarkupError(token[0], line)
