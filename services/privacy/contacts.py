"""Detectors of cards, IBANs, phones, e-mail addresses, and of the names and addresses that people give."""

import re
from collections.abc import Iterator

import phonenumbers as pn

from services.privacy.spans import Span, name_of, numbers
from utils import checksums
from utils.card_numbers import find_cards
from utils.personal_data import DataClass
from utils.personal_words import AT_SIGN, DOT_SIGN, FLAT, HOUSE, INTRODUCTION, STREET

_MASKED_CARD = re.compile(r"•••• \d{4}(?!\d)")
_IBAN = re.compile(r"(?<![^\W_])[A-Z]{2}[ -]?\d{2}(?:[ -]{0,2}[A-Z0-9]){11,30}", re.IGNORECASE)
_IBAN_PART = re.compile(r"[A-Z0-9]", re.IGNORECASE)
# Cyrillic capitals that look like Latin ones; people type IBANs by what they see.
_LOOKALIKES = str.maketrans("АВЕКМНОРСТУХавекмнорстух", "ABEKMHOPCTYXabekmhopctyx")
_EMAIL = re.compile(
    rf"[\w.+\-'&]{{1,64}}\s?(?:@|{AT_SIGN})\s?[\w\-]{{1,63}}(?:{DOT_SIGN}[\w\-]{{1,63}})+", re.IGNORECASE
)
# Plans that numbers are read by: the bot's own countries, and one more where people write ten digits.
_REGIONS = ("RU", "KZ", "UZ", "US", "GB")
_NOT_PERSONAL = {pn.PhoneNumberType.TOLL_FREE, pn.PhoneNumberType.SHARED_COST, pn.PhoneNumberType.PREMIUM_RATE}
_BY_NAME = range(6, 16)  # E.164 allows 15 digits; with a name beside it a local number counts too
_RUSSIAN = re.compile(r"[78]?[3489]\d{9}")
_GIVEN_NAME = r"[^\W\d_a-zа-яё][^\W\d_]*(?:[-'’][^\W\d_]+)?"
_INTRODUCED = re.compile(
    rf"(?i:(?<!\w){INTRODUCTION})(?:\s+(?i:is|это))?[\s:,\-–—]+(?P<name>{_GIVEN_NAME}(?:\s+{_GIVEN_NAME}){{0,3}})"
)
_STREET = re.compile(
    rf"(?<!\w){STREET}\s*(?>[^\W_][\w.\-]*)(?:\s+(?>[^\W_][\w.\-]*)){{0,3}}?(?:,\s*|\s+)(?:{HOUSE}\s*)?\d{{1,4}}(?:\s?[/-]\s?\d{{1,4}}|[а-яёa-z](?!\w))?"
    rf"(?:[\s,]*{FLAT}\s*№?\s*\d{{1,4}})*",
    re.IGNORECASE,
)


def cards(text: str) -> Iterator[Span]:
    """Card numbers by Luhn's check, and what is left of those that are masked."""
    yield from (Span(card.start, card.end, DataClass.CARD, named=True) for card in find_cards(text))
    yield from (Span(*match.span(), DataClass.CARD, named=True) for match in _MASKED_CARD.finditer(text))


def ibans(text: str) -> Iterator[Span]:
    """International account numbers: check and length by country, or their name beside something like one."""
    text = text.translate(_LOOKALIKES)
    for match in _IBAN.finditer(text):
        places = [place.start() for place in _IBAN_PART.finditer(text, *match.span())]
        code = "".join(text[place] for place in places).upper()
        length = checksums.IBAN_LENGTH.get(code[:2], 0)
        if length <= len(code) and checksums.iban(code[:length]):
            yield Span(match.start(), places[length - 1] + 1, DataClass.IBAN, named=True)
        elif name_of(text, *match.span()) == DataClass.IBAN:
            yield Span(*match.span(), DataClass.IBAN, named=True)


def phones(text: str) -> Iterator[Span]:
    """Phone numbers of any country's plan with a plus, of some without; shorter ones by their name.

    Toll-free lines and short service numbers are nobody's own.
    """
    for region in _REGIONS:
        for match in pn.PhoneNumberMatcher(text, region, leniency=pn.Leniency.VALID):
            other = name_of(text, match.start, match.end) == "otherwise" and text[match.start] != "+"
            if not other and pn.number_type(match.number) not in _NOT_PERSONAL:
                yield _phone(text, match.start, match.end)
    for number in numbers(text, _BY_NAME):
        name = name_of(text, number.start, number.end)
        if name == DataClass.PHONE and number.whole and not _toll_free(number.digits):
            yield Span(number.start, number.end, DataClass.PHONE, named=True)
        elif name is None and number.whole and _is_number(number.digits, plus=text[number.start - 1 : number.start]):
            yield _phone(text, number.start, number.end)


def emails(text: str) -> Iterator[Span]:
    """E-mail addresses, also with the sign spelt out."""
    yield from (Span(*match.span(), DataClass.EMAIL, named=True) for match in _EMAIL.finditer(text))


def introductions(text: str) -> Iterator[Span]:
    """Names behind "my name is" and the like."""
    yield from (Span(*match.span("name"), DataClass.NAME, named=True) for match in _INTRODUCED.finditer(text))


def streets(text: str) -> Iterator[Span]:
    """Addresses with a street and a house."""
    yield from (Span(*match.span(), DataClass.ADDRESS, named=True) for match in _STREET.finditer(text))


def _phone(text: str, start: int, end: int) -> Span:
    return Span(start, end, DataClass.PHONE, name_of(text, start, end) == DataClass.PHONE or text[start] == "+")


def _is_number(digits: str, plus: str) -> bool:
    if plus != "+" and not (_RUSSIAN.fullmatch(digits) or digits.startswith(("998", "380", "375"))):
        return False
    national = digits[-10:] if _RUSSIAN.fullmatch(digits) and plus != "+" else None
    try:
        number = pn.parse(f"+7{national}" if national else f"+{digits}")
    except pn.NumberParseException:
        return False
    return pn.is_valid_number(number) and pn.number_type(number) not in _NOT_PERSONAL


def _toll_free(digits: str) -> bool:
    return digits.startswith(("8800", "7800")) and len(digits) == 11  # noqa: PLR2004 - Russia's
