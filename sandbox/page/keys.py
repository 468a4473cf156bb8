"""Keyboards as HTML: a press reaches the page as the button's data attributes."""

import html
from collections.abc import Collection
from typing import Any

from sandbox.page.parts import icon
from sandbox.page.safe import link

Rows = list[list[dict[str, Any]]]

_ICONS = {"web_app": "open_in_new", "login_url": "open_in_new", "copy_text": "content_copy"}
_REQUESTS = {"request_contact": "call", "request_location": "place", "request_poll": "poll"}


def inline_keyboard(markup: dict[str, Any] | None, message_id: int, waiting: Collection[str]) -> str:
    """Return the buttons under a message; `waiting` names the data whose query has no answer yet."""
    rows: Rows = (markup or {}).get("inline_keyboard", [])
    shown = [
        "".join(_inline_button(key, f"{message_id}", (row, column), waiting) for column, key in enumerate(keys))
        for row, keys in enumerate(rows)
    ]
    if not shown:
        return ""
    return f'<div class="inline-keyboard">{_rows(shown)}</div>'


def _rows(rows: list[str]) -> str:
    return "".join(f'<div class="keys">{row}</div>' for row in rows)


def _inline_button(key: dict[str, Any], message_id: str, place: tuple[int, int], waiting: Collection[str]) -> str:
    label = html.escape(key["text"])
    url = link(key.get("url") or "")
    if url is not None:
        address = f'href="{html.escape(url)}" target="_blank" rel="noopener noreferrer"'
        return f'<a class="key" data-testid="inline-button" {address}>{label}{icon("north_east")}</a>'
    busy = key.get("callback_data") in waiting
    mark = '<span class="spinner" data-testid="spinner"></span>' if busy else ""
    mark += "".join(icon(name) for kind, name in _ICONS.items() if key.get(kind))
    data = f'data-act="press" data-message="{message_id}" data-row="{place[0]}" data-column="{place[1]}"'
    state = ' aria-busy="true"' if busy else ""
    return f'<button class="key" type="button" data-testid="inline-button" {data}{state}>{label}{mark}</button>'


def reply_keyboard(markup: dict[str, Any]) -> str:
    """Return the buttons that stand in place of a keyboard."""
    rows: Rows = markup["keyboard"]
    return _rows(
        ["".join(_reply_button(key, row, column) for column, key in enumerate(keys)) for row, keys in enumerate(rows)]
    )


def _reply_button(key: dict[str, Any], row: int, column: int) -> str:
    mark = "".join(icon(name) for kind, name in _REQUESTS.items() if key.get(kind))
    data = f'data-act="key" data-row="{row}" data-column="{column}"'
    label = html.escape(key["text"])
    return f'<button class="key" type="button" data-testid="reply-keyboard-button" {data}>{mark}{label}</button>'
