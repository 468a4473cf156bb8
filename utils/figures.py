"""Reads the figures of a text (amounts, rates, dates, times, phones) so that two spellings of one compare equal."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from utils.figure_words import ADJECTIVE, MONTHS, SCALES, UNITS

_SPACES = re.compile(r"[\u00a0\u2007\u2009\u202f\u2060]")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_GROUPED = r"\d{1,3}(?:(?P<sep>[ ,.'’])\d{3})(?:(?P=sep)\d{3})*(?!\d)(?:[.,]\d{1,2}(?!\d))?"
_BARE_NUMBER = rf"(?:{_GROUPED}|\d+(?:[.,]\d+)?)"
_NUMBER = re.compile(rf"(?<![\w.,]){_BARE_NUMBER}")
_PHONE = re.compile(
    r"(?<![\w.,])(?:\+\d(?:[ ().-]{0,2}\d){6,14}|[78](?:[ (.-]{0,2}\d){3}[ ).-]{0,2}\d{3}[ .-]?\d{2}[ .-]?\d{2})(?!\d)"
)
_LONG = 7  # digits from which on a number is a name (an account, a BIK), not an amount
_TIME = re.compile(r"(?<![\d:])(?P<hour>[01]?\d|2[0-4])[:.](?P<minute>[0-5]\d)(?![\d:.%])(?!\s?%)")
_MONTH = "|".join(MONTHS)
_DATES = (
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-./](?P<m>0?[1-9]|1[0-2])[-./](?P<d>0?[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>0?[1-9]|[12]\d|3[01])[-./](?P<m>0?[1-9]|1[0-2])[-./](?P<y>(?:19|20)?\d\d)(?!\d)"),
    re.compile(
        rf"(?<!\d)(?P<d>0?[1-9]|[12]\d|3[01])(?:-?(?:го|е|st|nd|rd|th))?\s(?:of\s)?(?P<n>{_MONTH})(?!\w)\.?(?:,?\s(?P<y>(?:19|20)\d\d))?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!\w)(?P<n>{_MONTH})(?!\w)\.?\s(?P<d>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?!\d)(?:,?\s(?P<y>(?:19|20)\d\d))?",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![\d.,])(?P<d>0[1-9]|[12]\d|3[01])\.(?P<m>0[1-9]|1[0-2])(?![\d.,]|\s?%)"),
)
_SCALE = re.compile(
    rf"\s?(?:{'|'.join(f'(?P<s{power}>{words})' for power, words in SCALES.items())})(?!\w)", re.IGNORECASE
)
_UNIT = re.compile(
    rf"\s?(?:-\s?)?(?:{ADJECTIVE}\s)?(?:{'|'.join(f'(?P<{unit}>{words})' for unit, words in UNITS.items())})(?!\w)",
    re.IGNORECASE,
)
_SIGN_BEFORE = {"$": "usd", "€": "eur", "₽": "rub", "£": "gbp", "₸": "kzt"}
_RANGE = re.compile(rf"\s?-\s?{_BARE_NUMBER}")


@dataclass(frozen=True)
class Figure:
    """A value in its plainest spelling with its unit, "" where none stands beside it."""

    value: str
    unit: str = ""

    def stands_for(self, other: "Figure") -> bool:
        """Tell whether a source that says this supports an answer that says `other`."""
        if self.unit == "date" == other.unit:
            return self.value == other.value or self.value.endswith(other.value)
        return self.value == other.value and (self.unit == other.unit or not (self.unit and other.unit))


def figures(text: str) -> frozenset[Figure]:
    """Return the figures of a text; what is part of a date, a time or a phone is no number of its own."""
    text = _DASHES.sub("-", _SPACES.sub(" ", text))
    found: set[Figure] = set()
    for pattern in (_PHONE, *_DATES, _TIME):
        for match in pattern.finditer(text):
            found.add(_phone(match) if pattern is _PHONE else _moment(match))
        text = pattern.sub(" ¤ ", text)
    return frozenset(found.union(_numbers(text)))


def _phone(match: re.Match[str]) -> Figure:
    digits = re.sub(r"\D", "", match.group())
    return Figure(digits[-10:] if len(digits) >= 10 else digits, "phone")  # noqa: PLR2004 - without country or trunk


def _moment(match: re.Match[str]) -> Figure:
    parts = match.groupdict()
    if "hour" in parts:
        return Figure(f"{int(parts['hour'])}:{parts['minute']}", "time")
    month = int(parts["m"]) if parts.get("m") else _month(parts["n"])
    year = parts.get("y") or ""
    century = "20" if len(year) == 2 else ""  # noqa: PLR2004 - two digits
    return Figure(f"{century}{year}-{month:02}-{int(parts['d']):02}", "date")


def _month(name: str) -> int:
    return next(i for i, words in enumerate(MONTHS) if re.fullmatch(words, name, re.IGNORECASE)) % 12 + 1


def _numbers(text: str) -> Iterator[Figure]:
    for match in _NUMBER.finditer(text):
        value, end = _plain(match), match.end()
        if scale := _SCALE.match(text, end):
            value, end = _scaled(value, int((scale.lastgroup or "s0")[1:])), scale.end()
        unit = _UNIT.match(text, end)
        if unit is None and (rest := _RANGE.match(text, end)):
            unit = _UNIT.match(text, rest.end())
        before = text[: match.start()].rstrip()[-1:]
        yield Figure(value, (unit.lastgroup if unit else None) or _SIGN_BEFORE.get(before, ""))


def _plain(match: re.Match[str]) -> str:
    said = match.group()
    if separator := match["sep"]:
        whole, point, part = said.rpartition(",") if separator != "," else said.rpartition(".")
        if not point or len(part) > 2:  # noqa: PLR2004 - of a grouped number at most cents follow
            whole, part = said, ""
        if separator in ",." and said.startswith("0"):
            whole, part = said.split(separator, 1)
        whole = re.sub(r"\D", "", whole)
        return f"{whole}.{part}".rstrip("0").rstrip(".") if part else whole
    whole, _, part = said.replace(",", ".").partition(".")
    if len(whole) >= _LONG:
        return said
    value = f"{int(whole)}.{part}" if part else str(int(whole))
    return value.rstrip("0").rstrip(".") if part else value


def _scaled(value: str, power: int) -> str:
    whole, _, part = value.partition(".")
    return str(int(whole + part.ljust(power, "0")[:power])) if len(part) <= power else value
