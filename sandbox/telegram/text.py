"""Formatted text: from what a bot sends to text with entities, and from there to HTML for a reader."""

import html
import re
from typing import Any

from aiogram.types import MessageEntity

from sandbox.telegram.errors import BadRequestError
from sandbox.telegram.html import Formatted, parse_html
from sandbox.telegram.schema import dump
from sandbox.telegram.utf16 import utf16_index, utf16_length

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,:;!?)])"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?<![\w/@])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)"
    r"|(?<![\w/@])(?P<mention>@\w{4,32})"
)
_PRIORITY = (
    "blockquote",
    "expandable_blockquote",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "text_link",
    "code",
    "pre",
)
_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}


def formatted(text: str, parse_mode: str | None, entities: list[MessageEntity] | None) -> Formatted:
    """Apply a parse mode or explicit entities, trim the ends and find links and commands, as Telegram does.

    Raises BadRequestError when the text cannot be parsed or the mode is unknown.
    """
    if parse_mode:
        if parse_mode.lower() != "html":
            raise BadRequestError(_mode_refused(parse_mode))
        text, found = parse_html(text)
    else:
        found = [dump(entity) for entity in entities or ()]
    trimmed, found = _trim(text, found)
    found += _detected(trimmed, found)
    found.sort(key=_place)
    return Formatted(trimmed, found)


def _place(entity: dict[str, Any]) -> tuple[int, int, int]:
    """Outer before inner; of two on the same span the order is TDLib's by type."""
    kind = entity["type"]
    return entity["offset"], -entity["length"], _PRIORITY.index(kind) if kind in _PRIORITY else len(_PRIORITY)


def _mode_refused(parse_mode: str) -> str:
    if parse_mode.lower() in ("markdown", "markdownv2"):
        return "the sandbox does not offer Markdown parse modes, only HTML"
    return "unsupported parse_mode"


def _trim(text: str, entities: list[dict[str, Any]]) -> Formatted:
    stripped = text.strip()
    if not entities:
        return Formatted(stripped, [])
    cut = utf16_length(text) - utf16_length(text.lstrip())
    size = utf16_length(stripped)
    kept = []
    for entity in entities:
        begin = max(0, entity["offset"] - cut)
        end = min(size, entity["offset"] - cut + entity["length"])
        if end > begin:
            kept.append({**entity, "offset": begin, "length": end - begin})
    return Formatted(stripped, kept)


def _detected(text: str, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if "/" not in text and "@" not in text:
        return []
    found = []
    for match in _FOUND.finditer(text):
        begin = utf16_length(text[: match.start()])
        length = utf16_length(match.group())
        if not any(_overlap(entity, begin, begin + length) for entity in entities):
            found.append({"type": match.lastgroup, "offset": begin, "length": length})
    return found


def _overlap(entity: dict[str, Any], begin: int, end: int) -> bool:
    apart = entity["offset"] >= end or entity["offset"] + entity["length"] <= begin
    return not apart and entity["type"] in ("code", "pre", "text_link")


def message_text(text: str, parse_mode: str | None, entities: list[MessageEntity] | None) -> Formatted:
    """Return a message's text; raise BadRequestError unless it has 1–4096 UTF-16 units after parsing."""
    if not text:
        raise BadRequestError("message text is empty")
    result = formatted(text, parse_mode, entities)
    if not result.text:
        raise BadRequestError("text must be non-empty")
    if utf16_length(result.text) > TEXT_LIMIT:
        raise BadRequestError("message is too long")
    return result


def caption_text(text: str | None, parse_mode: str | None, entities: list[MessageEntity] | None) -> Formatted:
    """Return a caption; raise BadRequestError when it has more than 1024 UTF-16 units after parsing."""
    result = formatted(text or "", parse_mode, entities)
    if utf16_length(result.text) > CAPTION_LIMIT:
        raise BadRequestError("message caption is too long")
    return result


def to_html(text: str, entities: list[dict[str, Any]]) -> str:
    """Write text with entities as HTML that is safe to show; newlines stay newlines."""
    if not entities:
        return html.escape(text, quote=False)
    index = utf16_index(text)
    opening: dict[int, list[str]] = {}
    closing: dict[int, list[str]] = {}
    for entity in sorted(entities, key=_place):
        begin, end = entity["offset"], entity["offset"] + entity["length"]
        before, after = _tags(entity, text, index)
        opening.setdefault(begin, []).append(before)
        closing.setdefault(end, []).insert(0, after)
    return _woven(text, index, opening, closing)


def _woven(text: str, index: dict[int, int], opening: dict[int, list[str]], closing: dict[int, list[str]]) -> str:
    parts: list[str] = []
    done = 0
    for offset in sorted(opening.keys() | closing.keys()):
        position = index.get(offset, len(text))
        parts.append(html.escape(text[done:position], quote=False))
        parts += closing.get(offset, [])
        parts += opening.get(offset, [])
        done = position
    parts.append(html.escape(text[done:], quote=False))
    return "".join(parts)


def _tags(entity: dict[str, Any], text: str, index: dict[int, int]) -> tuple[str, str]:
    kind = entity["type"]
    if tag := _TAGS.get(kind):
        return f"<{tag}>", f"</{tag}>"
    if kind == "expandable_blockquote":
        return "<blockquote expandable>", "</blockquote>"
    if kind in ("text_link", "url"):
        begin, end = entity["offset"], entity["offset"] + entity["length"]
        url = entity.get("url") or text[index.get(begin, 0) : index.get(end, len(text))]
        return f'<a href="{html.escape(url)}">', "</a>"
    return "", ""
