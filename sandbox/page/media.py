"""What a message holds besides text, as HTML."""

import html
from collections.abc import Callable
from typing import Any

from sandbox.page import words
from sandbox.page.parts import icon

Content = Any
"""The Bot API's field of a message: a list of sizes for a photo, an object for the rest."""

_KILOBYTE = 1024


def media_html(kind: str, content: Content) -> str:
    """Return the HTML of a message's content; empty for text."""
    shown = _SHOWN.get(kind)
    return "" if shown is None or content is None else shown(content)


def _address(file: dict[str, Any]) -> str:
    return f"/control/files/{html.escape(file['file_id'])}"


def _photo(sizes: Content) -> str:
    address = _address(sizes[-1])
    picture = f'<img src="{address}" alt="{words.PHOTO}" data-testid="photo" loading="lazy">'
    return f'<a class="photo" href="{address}" target="_blank" rel="noopener">{picture}</a>'


def _chip(symbol: str, title: str, detail: str) -> str:
    lines = f"<b>{html.escape(title)}</b><small>{html.escape(detail)}</small>"
    return f'<span class="chip-icon">{icon(symbol)}</span><span class="chip-lines">{lines}</span>'


def _document(file: Content) -> str:
    name = str(file.get("file_name") or words.DOCUMENT)
    chip = _chip("description", name, _size(file.get("file_size", 0)))
    escaped = html.escape(name)
    return f'<a class="chip" data-testid="document" href="{_address(file)}" download="{escaped}">{chip}</a>'


def _voice(file: Content) -> str:
    player = f'<audio controls preload="none" src="{_address(file)}" aria-label="{words.VOICE}"></audio>'
    return f'<div class="voice" data-testid="voice">{icon("mic")}{player}</div>'


def _video(file: Content) -> str:
    return f'<video class="video" controls preload="none" src="{_address(file)}" data-testid="video"></video>'


def _note(file: Content) -> str:
    return f'<video class="note" controls preload="none" src="{_address(file)}" data-testid="video_note"></video>'


def _animation(file: Content) -> str:
    playing = "autoplay loop muted playsinline"
    return f'<video class="video" {playing} src="{_address(file)}" data-testid="animation"></video>'


def _dice(thrown: Content) -> str:
    return f'<div class="sticker" data-testid="dice">{html.escape(thrown["emoji"])} {thrown["value"]}</div>'


def _sticker(file: Content) -> str:
    return f'<div class="sticker" data-testid="sticker">{html.escape(file.get("emoji") or "🙂")}</div>'


def _contact(card: Content) -> str:
    name = f"{card['first_name']} {card.get('last_name') or ''}".strip()
    chip = _chip("person", name, card["phone_number"])
    return f'<div class="chip" data-testid="contact">{chip}</div>'


def _location(place: Content) -> str:
    chip = _chip("place", words.LOCATION, f"{place['latitude']:.5f}, {place['longitude']:.5f}")
    return f'<div class="chip" data-testid="location">{chip}</div>'


def _venue(venue: Content) -> str:
    return f'<div class="chip" data-testid="venue">{_chip("place", venue["title"], venue["address"])}</div>'


def _poll(poll: Content) -> str:
    options = "".join(f"<li>{html.escape(option['text'])}</li>" for option in poll["options"])
    return f'<div class="poll" data-testid="poll"><b>{html.escape(poll["question"])}</b><ul>{options}</ul></div>'


def _size(count: int) -> str:
    if count < _KILOBYTE:
        return f"{count} B"
    if count < _KILOBYTE**2:
        return f"{count / _KILOBYTE:.0f} KB"
    return f"{count / _KILOBYTE**2:.1f} MB"


_SHOWN: dict[str, Callable[[Content], str]] = {
    "photo": _photo,
    "document": _document,
    "voice": _voice,
    "audio": _voice,
    "video": _video,
    "video_note": _note,
    "animation": _animation,
    "dice": _dice,
    "venue": _venue,
    "sticker": _sticker,
    "contact": _contact,
    "location": _location,
    "poll": _poll,
}
