"""HTML parse mode: from text with tags to plain text with entities, with Telegram's own refusals.

Follows the grammar and the wording of TDLib's `parse_html` (td/telegram/MessageEntity.cpp).
"""

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sandbox.telegram.links import checked_url
from sandbox.telegram.scanner import SPACE, Scanner, refusal
from sandbox.telegram.utf16 import utf16_length

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
_PLAIN = re.compile(r"[^<&]+")
_TAG_NAME = re.compile(r"[^\s>]*")


class Formatted(NamedTuple):
    """Plain text and its entities as the Bot API writes them, offsets in UTF-16 units."""

    text: str
    entities: list[dict[str, Any]]


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    starts: int


@dataclass(slots=True)
class _Parser:
    scanner: Scanner
    offset: int = 0
    parts: list[str] = field(default_factory=list)
    opened: list[_Open] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)

    def parse(self) -> Formatted:
        scanner = self.scanner
        while not scanner.ended:
            if plain := scanner.take(_PLAIN):
                self._emit(plain)
            elif scanner.char == "&":
                self._emit(scanner.reference())
            elif scanner.source.startswith("</", scanner.at):
                self._end_tag()
            else:
                self._start_tag()
        if self.opened:
            tag = self.opened[-1].tag
            raise refusal(f'Can\'t find end tag corresponding to start tag "{tag}"')
        return Formatted("".join(self.parts), self.entities)

    def _emit(self, text: str) -> None:
        self.parts.append(text)
        self.offset += utf16_length(text)

    def _start_tag(self) -> None:
        scanner = self.scanner
        begin = scanner.at
        scanner.at += 1
        tag = scanner.take(_TAG_NAME).lower()
        if scanner.ended:
            raise refusal(f"Unclosed start tag at byte offset {scanner.byte(begin)}")
        if tag not in _TYPES:
            raise refusal(f'Unsupported start tag "{tag}" at byte offset {scanner.byte(begin)}')
        argument = ""
        scanner.take(SPACE)
        while scanner.char != ">":
            name, value = scanner.attribute(tag, begin)
            argument = _argument(tag, name, value) or argument
            scanner.take(SPACE)
        scanner.at += 1
        if tag == "span" and argument != "spoiler":
            raise refusal(f'Tag "span" must have class "tg-spoiler" at byte offset {scanner.byte(begin)}')
        self.opened.append(_Open(tag, argument, self.offset, len(self.parts)))

    def _end_tag(self) -> None:
        scanner = self.scanner
        where = f"at byte offset {scanner.byte(scanner.at)}"
        if not self.opened:
            raise refusal(f"Unexpected end tag {where}")
        scanner.at += 2
        found = scanner.take(_TAG_NAME).lower()
        scanner.take(SPACE)
        if scanner.char != ">":
            raise refusal(f"Unclosed end tag {where}")
        scanner.at += 1
        opened = self.opened.pop()
        if found and found != opened.tag:
            raise refusal(f'Unmatched end tag {where}, expected "</{opened.tag}>", found "</{found}>"')
        if self.offset > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: dict[str, Any] = {
            "type": _TYPES[opened.tag],
            "offset": opened.offset,
            "length": self.offset - opened.offset,
        }
        if opened.tag == "a":
            url = checked_url(opened.argument or "".join(self.parts[opened.starts :]))
            if url is None:
                return
            entity["url"] = url
        elif opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.argument
        elif opened.tag == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "code" and opened.argument and self._just_inside_pre(opened):
            entity["language"] = opened.argument
        elif opened.tag == "pre" and self.entities and _same_span(self.entities[-1], entity):
            entity |= _language(self.entities.pop())
        self.entities.append(entity)

    def _just_inside_pre(self, opened: _Open) -> bool:
        return bool(self.opened) and self.opened[-1].tag == "pre" and self.opened[-1].offset == opened.offset


def _argument(tag: str, name: str, value: str) -> str:
    match tag, name:
        case ("a", "href") | ("tg-emoji", "emoji-id") | ("blockquote", "expandable"):
            return value
        case ("code", "class") if value.startswith("language-"):
            return value.removeprefix("language-")
        case ("span", "class") if value.startswith("tg-"):
            return value.removeprefix("tg-")
    return ""


def _same_span(inner: dict[str, Any], outer: dict[str, Any]) -> bool:
    return (inner["type"], inner["offset"], inner["length"]) == ("code", outer["offset"], outer["length"])


def _language(code: dict[str, Any]) -> dict[str, str]:
    return {"language": code["language"]} if "language" in code else {}


def parse_html(source: str) -> Formatted:
    """Parse text in HTML parse mode; raise BadRequestError with Telegram's wording."""
    return _Parser(Scanner(source)).parse()
