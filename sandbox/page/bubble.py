"""One message as HTML."""

import html
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sandbox.page import words
from sandbox.page.keys import inline_keyboard
from sandbox.page.media import media_html
from sandbox.page.parts import icon
from sandbox.page.safe import cleaned

_QUOTE_LENGTH = 90


def bubble(view: dict[str, Any], quoted: str | None, waiting: Collection[str]) -> str:
    """Write a message of `chat_view`; `quoted` is the text that it replies to, `waiting` see `inline_keyboard`."""
    if view["deleted"]:
        gone = f'{icon("delete")}<span data-testid="deleted">{words.DELETED}</span>'
        return f'<div class="body"><div class="bubble gone">{gone}{_meta(view)}</div></div>'
    quote = "" if quoted is None else f'<div class="quote">{html.escape(shortened(quoted))}</div>'
    text = cleaned(view["html"])
    body = f'<div class="text" data-testid="text" dir="auto">{text}</div>' if text else ""
    content = f"{quote}{media_html(view['kind'], view['content'])}{body}{_meta(view)}"
    under = inline_keyboard(view["reply_markup"], view["message_id"], waiting)
    return f'<div class="body"><div class="bubble">{content}{_tools(view)}</div>{under}</div>'


def shortened(text: str) -> str:
    """Return one line of a text, cut where it gets long."""
    line = " ".join(text.split())
    return line if len(line) <= _QUOTE_LENGTH else f"{line[: _QUOTE_LENGTH - 1]}…"


def local_time(at: float) -> datetime:
    """Return a moment in this machine's time zone."""
    return datetime.fromtimestamp(at, UTC).astimezone()


def _meta(view: dict[str, Any]) -> str:
    edited = f'<span data-testid="edited">{words.EDITED}</span>' if view["edited"] and not view["deleted"] else ""
    lock = ""
    if view["protected"]:
        label = f'role="img" title="{words.PROTECTED}" aria-label="{words.PROTECTED}"'
        lock = f'<span class="lock" data-testid="protected" {label}>{icon("lock")}</span>'
    at = local_time(view["at"])
    return f'<div class="meta">{lock}{edited}<time datetime="{at.isoformat()}">{at:%H:%M}</time></div>'


def _tools(view: dict[str, Any]) -> str:
    tools = _tool("reply", "reply", words.REPLY, view["message_id"])
    if view["from"] == "user" and view["kind"] == "text":
        tools += _tool("edit", "edit", words.EDIT, view["message_id"])
    return f'<div class="tools">{tools}</div>'


def _tool(act: str, symbol: str, label: str, message_id: int) -> str:
    data = f'data-act="{act}" data-message="{message_id}" data-testid="{act}"'
    return f'<button type="button" {data} title="{label}" aria-label="{label}">{icon(symbol)}</button>'
