"""Which links Telegram accepts in text and buttons, and how it writes them."""

import re
from urllib.parse import urlsplit

START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""The payload of a deep link `t.me/<bot>?start=…` (core.telegram.org/bots/features#deep-linking)."""

_SCHEMES = {"http", "https", "tg", "ton"}


def checked_url(url: str) -> str | None:
    """Return the link as Telegram stores it, or None when Telegram would not make a link of it."""
    url = url.strip()
    if "://" not in url:
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES or not host or re.search(r"\s", url):
        return None
    if parts.scheme.lower() in ("http", "https"):
        if "." not in host.strip("."):
            return None
        if not parts.path and not parts.query and not parts.fragment:
            url += "/"
    return url
