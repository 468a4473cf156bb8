"""Detectors of documents' and accounts' numbers: by their check digits, or by the word that stands beside them."""

import re
from collections.abc import Iterator

from services.privacy.spans import Span, name_of, numbers
from utils import checksums
from utils.personal_data import DataClass
from utils.personal_words import PASSPORT_NUMBER, PASSPORT_SERIES

_BIK = re.compile(r"(?<!\d)0[1-4]\d{7}(?!\d)")
# Positions 6 to 8 of an account are its currency: rouble (two codes), tenge, sum, dollar, euro, yuan.
_ACCOUNT = re.compile(r"[1-6]\d{4}(?:810|643|398|860|000|840|978|156)\d{12}")
_SNILS_SHAPE = re.compile(r"\d{3}-\d{3}-\d{3}[ -]{1,3}\d{2}")
_PASSPORT_SHAPE = re.compile(
    r"(?<![\d.,])(?:\d{2} \d{2} {0,2}(?:№|N)? ?\d{6}|\d{4} {1,2}(?:№|N)? ?\d{6}|\d{4} ?(?:№|N) ?\d{6})(?![\d.,]\d|\d)"
)
_PASSPORT_PARTS = re.compile(
    rf"{PASSPORT_SERIES}[\s:]*\d{{2}}\s?\d{{2}}[\s,;]*(?:и\s|and\s)?{PASSPORT_NUMBER}[\s:]*\d{{6}}(?!\d)", re.IGNORECASE
)
_LETTERED_PASSPORT = re.compile(r"(?<!\w)[A-Z]{1,2} ?\d{7,8}(?!\w)", re.IGNORECASE)  # Uzbek, Kazakh
_DATED = re.compile(r"[./]")  # between digits: a date, an amount, a list
_ACCOUNT_BY_NAME = range(8, 21)


def inns(text: str) -> Iterator[Span]:
    """Taxpayers' numbers: Russian INN, Kazakh IIN and BIN, Uzbek STIR and JSHSHIR."""
    return _checked(text, DataClass.INN, {9, 10, 12, 14}, _is_inn)


def snils(text: str) -> Iterator[Span]:
    """Numbers of the pension fund: their check, or their name, or their form `123-456-789 01`."""
    yield from _checked(text, DataClass.SNILS, {11}, checksums.snils)
    for match in _SNILS_SHAPE.finditer(text):
        yield Span(*match.span(), DataClass.SNILS, checksums.snils(re.sub(r"\D", "", match.group())))


def ogrns(text: str) -> Iterator[Span]:
    """State registration numbers of entities and entrepreneurs."""
    return _checked(text, DataClass.OGRN, {13, 15}, checksums.ogrn)


def accounts(text: str) -> Iterator[Span]:
    """Accounts of 20 digits that fit a BIK of the text or look like accounts; others by their name."""
    biks = _BIK.findall(text)
    for number in numbers(text, _ACCOUNT_BY_NAME):
        named = name_of(text, number.start, number.end) == DataClass.ACCOUNT
        fits = any(checksums.account(number.digits, bik) for bik in biks)
        if (named and number.whole) or fits or _ACCOUNT.fullmatch(number.digits):
            yield Span(number.start, number.end, DataClass.ACCOUNT, named or fits)


def passports(text: str) -> Iterator[Span]:
    """Russian passports by form or name, their series and number apart, and passports with letters by name."""
    for pattern in (_PASSPORT_PARTS, _PASSPORT_SHAPE):
        for match in pattern.finditer(text):
            name = name_of(text, *match.span())
            if pattern is _PASSPORT_PARTS or name in {None, DataClass.PASSPORT}:
                yield Span(*match.span(), DataClass.PASSPORT, pattern is _PASSPORT_PARTS or name is not None)
    for number in numbers(text, {6, 9, 10}):
        if name_of(text, number.start, number.end) == DataClass.PASSPORT:
            yield Span(number.start, number.end, DataClass.PASSPORT, named=True)
    for match in _LETTERED_PASSPORT.finditer(text):
        if name_of(text, *match.span()) == DataClass.PASSPORT:
            yield Span(*match.span(), DataClass.PASSPORT, named=True)


def _is_inn(digits: str) -> bool:
    """Tell by the check digits; ten digits that begin with a 9 are sooner somebody's mobile number."""
    mobile = len(digits) == 10 and digits[0] == "9"  # noqa: PLR2004 - without the trunk prefix
    return not mobile and (checksums.inn(digits) or checksums.iin(digits))


def _checked(text: str, kind: DataClass, lengths: set[int], check: checksums.Check) -> Iterator[Span]:
    """Yield numbers that this kind's name stands beside, typing errors and all, or else those that check."""
    for number in numbers(text, lengths):
        name = name_of(text, number.start, number.end)
        if name == kind and (number.whole or check(number.digits)):
            yield Span(number.start, number.end, kind, named=True)
        elif (
            name is None
            and number.whole
            and check(number.digits)
            and not _DATED.search(text[number.start : number.end])
        ):
            yield Span(number.start, number.end, kind)
