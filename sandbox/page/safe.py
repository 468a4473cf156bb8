"""HTML that is safe to show: only the tags and links that Telegram's own clients know."""

import html
from html.parser import HTMLParser

_PLAIN = frozenset({"b", "i", "u", "s", "code", "pre"})
_SCHEMES = ("https://", "http://", "mailto:", "tg://")


def link(url: str) -> str | None:
    """Return a link that may be followed, None for `javascript:` and the like; a bare host gets `http://`."""
    if url.lower().startswith(_SCHEMES):
        return url
    head = url.split("/", maxsplit=1)[0]
    return None if ":" in head or "." not in head else f"http://{url}"


def cleaned(markup: str) -> str:
    """Rewrite HTML with known tags only, each closed; unknown tags vanish and their text stays, as text."""
    cleaner = _Cleaner()
    cleaner.feed(markup)
    cleaner.close()
    return cleaner.result()


class _Cleaner(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        opening = _opening(tag, given)
        if opening is not None:
            self._parts.append(f"<{opening}>")
            self._open.append((tag, opening.split(" ", maxsplit=1)[0]))

    def handle_endtag(self, tag: str) -> None:
        if not any(name == tag for name, _ in self._open):
            return
        while self._open:
            name, shown = self._open.pop()
            self._parts.append(f"</{shown}>")
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        self._parts.append(html.escape(data))

    def result(self) -> str:
        closing = [f"</{shown}>" for _, shown in reversed(self._open)]
        return "".join(self._parts + closing)


def _opening(tag: str, given: dict[str, str]) -> str | None:
    if tag in _PLAIN:
        return tag
    if tag == "tg-spoiler":
        return 'span class="spoiler" tabindex="0"'
    if tag == "blockquote":
        return 'blockquote class="expandable" tabindex="0"' if "expandable" in given else "blockquote"
    if tag == "a" and (url := link(given.get("href", ""))) is not None:
        return f'a href="{html.escape(url)}" target="_blank" rel="noopener noreferrer"'
    return None
