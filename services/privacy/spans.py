"""Where personal data stands in a text, and numbers as people write them: spaced, split, in any script's digits."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from utils.personal_data import DataClass
from utils.personal_words import NAMED, OTHERWISE

# What may stand inside one number: up to three signs, of which invisible ones do not count.
_GAP = r"[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]*(?:[\s.\-()/]{0,3}[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]*)"
_RUN = re.compile(rf"\d++(?:{_GAP}\d++)*+")
_GROUP = re.compile(r"\d+")
_LIKENESS = re.compile(r"[^\x00-\x7f\u0400-\u04ff]")  # what may be one: neither ASCII nor Cyrillic letters are
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")

_BEFORE, _AFTER = 30, 14  # letters between a number and the word that names it
_NAME = re.compile(
    rf"(?<!\w)(?:{'|'.join(f'(?P<{kind}>{words})' for kind, words in NAMED.items())}|(?P<otherwise>{OTHERWISE}))(?!\w)",
    re.IGNORECASE,
)
_NAME_BEHIND = re.compile(rf"[\s\-–—:,(]*(?:(?:это|is|мой|my|the|bu|бұл)\s+)*{_NAME.pattern}", re.IGNORECASE)
_SINCE_NUMBER = re.compile(r"[^\W\d_][^\d;\n]*\Z")  # the words right before a number, if there are any


@dataclass(frozen=True)
class Span:
    """Personal data at `text[start:end]`; `named` when a word beside it says what it is, not its form alone."""

    start: int
    end: int
    kind: DataClass
    named: bool = False


@dataclass(frozen=True)
class Number:
    """Neighbouring groups of digits; `whole` when nothing else belongs to the run that they stand in."""

    start: int
    end: int
    digits: str
    whole: bool


def plain(text: str) -> str:
    """Return a text of the same length with ASCII digits, dashes and spaces in place of their many likenesses."""
    return _LIKENESS.sub(lambda match: _plain_sign(match.group()), text)


def numbers(text: str, lengths: Collection[int]) -> Iterator[Number]:
    """Yield the numbers with so many digits in a plain text: runs of groups, as far as they stay together."""
    longest = max(lengths)
    for run in _RUN.finditer(text):
        if (run.start() and text[run.start() - 1].isalnum()) or text[run.end() : run.end() + 1].isalnum():
            continue
        groups = [(match.start(), match.end()) for match in _GROUP.finditer(text, run.start(), run.end())]
        for first in range(len(groups)):
            digits = ""
            for last in range(first, len(groups)):
                digits += text[slice(*groups[last])]
                if len(digits) > longest:
                    break
                if len(digits) in lengths:
                    yield Number(groups[first][0], groups[last][1], digits, last - first + 1 == len(groups))


def name_of(text: str, start: int, end: int) -> DataClass | str | None:
    """Return what a word beside a number says it is; "otherwise" for something that is not personal."""
    before = _SINCE_NUMBER.search(text, max(0, start - _BEFORE), start)
    names = [match.lastgroup for match in _NAME.finditer(before.group())] if before else []
    if not names and (behind := _NAME_BEHIND.match(text, end, end + _AFTER + _BEFORE)):
        names = [behind.lastgroup] if behind.start(behind.lastgroup or 0) <= end + _AFTER else []
    if not names or names[-1] is None:
        return None
    return names[-1] if names[-1] == "otherwise" else DataClass(names[-1])


def _plain_sign(sign: str) -> str:
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    if unicodedata.category(sign) == "Zs":
        return " "
    same = unicodedata.normalize("NFKC", sign)
    return (same if len(same) == 1 else sign).translate(_DASHES)
