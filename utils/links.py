"""Finds whatever a reader, or a messenger, may take for a link: addresses, bare domains, mentions."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Cyrillic top-level domains of the root zone; any other Cyrillic word behind a full stop is a missing space.
_CYRILLIC_TLD = "рф|рус|бел|укр|қаз|мон|мкд|срб|бг|ею|ком|орг|дети|онлайн|сайт|москва|католик"
_LABEL = r"[^\W_](?:[\w-]{0,62}[^\W_])?"
_DOT = r"[.\u3002\uff0e\uff61]"  # browsers take the ideographic ones for a full stop too
_OTHER_LETTERS = r"[^\W\d_a-zA-Z\u00c0-\u024f\u0400-\u04ff]{2,24}"
_TLD = rf"(?:xn--[a-z0-9-]{{2,59}}|[a-z]{{2,24}}|{_CYRILLIC_TLD}|{_OTHER_LETTERS})"
_HOST = rf"{_LABEL}(?:{_DOT}{_LABEL}){{0,40}}{_DOT}{_TLD}(?![\w-]|{_DOT}[a-z0-9])"
_ADDRESS = r"(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|localhost(?!\w)"
_SPELT_DOT = r"(?:\[\.\]|\(\.\)|\{\.\}|[\[({]\s?(?:dot|точка)\s?[\])}])"
_REST = r"(?::\d{1,5})?(?:[/?#][^\s<>\"«»]*)?"
_LINK = re.compile(
    rf"(?<![\w@])(?:(?P<scheme>[a-z][a-z0-9+.-]{{1,20}})://(?:[^\s/@<>]{{0,60}}@)?(?P<any>[^\s/<>?#\"»]{{1,255}}){_REST}"
    rf"|(?:[\w.+-]{{1,64}}@)?(?P<host>{_HOST}|{_ADDRESS}){_REST}"
    r"|(?P<opaque>(?:tg|mailto|tel|sms|javascript|data|ton|bitcoin|intent|whatsapp|viber):[^\s<>]+)"
    rf"|(?P<disguised>{_LABEL}\s?{_SPELT_DOT}\s?[a-z]{{2,24}}(?!\w){_REST})"
    r"|(?P<mention>@[a-z]\w{3,31}))",
    re.IGNORECASE,
)
_DECEITFUL = "?"
_TRAILING = ".,;:!?…)]}'\"»*_"
_INVISIBLE = re.compile(r"[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
_ONLY_NUMBERS = re.compile(r"[\d.,:/-]+")


@dataclass(frozen=True)
class Link:
    """A link at `text[start:end]`: its host in lower case, "tg:" for other schemes than the web's, "" for a mention."""

    start: int
    end: int
    host: str
    target: str  # without scheme and "www.", for comparing


def find_links(text: str) -> Iterator[Link]:
    """Yield the links of a text, in order; invisible characters in them are seen through."""
    shown, places = _visible(text)
    for match in _LINK.finditer(shown):
        found = match.group().rstrip(_TRAILING)
        if _ONLY_NUMBERS.fullmatch(found) and not match["scheme"] and not re.fullmatch(_ADDRESS, found):
            continue
        scheme = (match["scheme"] or "").lower()
        target = _normal(found[len(scheme) + 3 :] if scheme else found)
        end = places[match.start() + len(found) - 1] + 1
        yield Link(places[match.start()], end, _host(match, scheme), target.removeprefix("www.").rstrip("/"))


def _host(match: re.Match[str], scheme: str) -> str:
    if match["opaque"]:
        return match["opaque"].partition(":")[0].lower() + ":"
    if scheme not in {"", "http", "https"}:
        return f"{scheme}:"
    if scheme and ("@" in match.group() or "\\" in match.group()):
        return _DECEITFUL  # whatever is shown, browsers and readers disagree about where it leads
    raw = match["any"] or match["host"] or match["disguised"] or ""
    host = re.sub(_SPELT_DOT, ".", _normal(raw), flags=re.IGNORECASE).rpartition("@")[2].rstrip(_TRAILING)
    return re.sub(r"\s", "", host).partition("/")[0].partition(":")[0].removeprefix("www.")


def _normal(text: str) -> str:
    return re.sub(_DOT, ".", unicodedata.normalize("NFKC", text)).lower()


def _visible(text: str) -> tuple[str, list[int]]:
    kept = [(place, sign) for place, sign in enumerate(text) if not _INVISIBLE.match(sign)]
    return "".join(sign for _, sign in kept), [place for place, _ in kept]
