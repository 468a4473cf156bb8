"""Finds payment card numbers in free text, however they are spaced, split or written."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_SHORTEST, _LONGEST = 13, 19  # ISO/IEC 7812 allows up to 19 digits; the shortest cards in use have 13
_ACCOUNT_DIGITS = 20

# White space of any kind, dots, dashes and invisible characters may stand between the digits of one number.
_GAP = r"[\s.\-·\u00ad\u200b-\u200f\u2010-\u2015\u2060-\u2064\u2066-\u2069\u2212\ufe0e\ufe0f\ufeff]"
# A card that is masked already keeps its last four digits; they belong to nothing else.
_RUN = re.compile(rf"(?P<kept>•••• \d{{4}}(?!\d))|\+?\d(?:{_GAP}{{0,6}}\d)*")
_GROUP = re.compile(r"\d+")
_OTHER_SEPARATOR = re.compile(r"(?<!\d)\d{4}(?P<gap>\s*[/\\_,:;|*+=~]\s*)\d{4}(?P=gap)\d{4}(?P=gap)\d{4}(?!\d)")

# Things written in digits, dots and spaces that border on a number without being part of it.
_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_NOT_PART = re.compile(
    rf"(?<!\d)(?:{_DAY}(?P<a>[.\-]){_MONTH}(?P=a){_YEAR}|{_YEAR}(?P<b>[.\-]){_MONTH}(?P=b){_DAY}"
    r"|001(?P<c>[ .\-])\d{3}(?P=c)\d{3}(?P=c)\d{4})(?!\d)"
)
_PHONE_AFTER_PLUS = re.compile(
    rf"\+(?:7(?:{_GAP}{{0,3}}\d){{10}}|(?:99[2-8]|37[3-5]|380)(?:{_GAP}{{0,3}}\d){{9}}|\d(?:{_GAP}?\d){{8,12}})(?!{_GAP}?\d)"
)
_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]{4}){2,7}(?: ?[A-Za-z0-9]{1,3})?(?!\w)")
_UUID = re.compile(r"(?<!\w)[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?!\w)", re.ASCII | re.IGNORECASE)
_NAMED_OTHERWISE = re.compile(r"(?:огрн|огрнип|imei|iccid|уин)[\s:№#\-–—]*\Z", re.IGNORECASE)
# Positions 6 to 8 of a 20-digit account are the currency: rouble (two codes), tenge, sum, dollar, euro, yuan.
_ACCOUNT = re.compile(r"[1-4]\d{4}(?:810|643|398|860|000|840|978|156)\d{12}")

# Issuer prefixes with the lengths that they use; needed only to see a card among neighbouring numbers.
_NETWORKS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|5[1-5]\d{14}|2(?:2[3-9]|[3-6]\d|7[01])\d{13}|222[1-9]\d{12}|2720\d{12}"  # Mastercard
    r"|220[0-4]\d{12,15}"  # Mir
    r"|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|35[2-8]\d{13}"  # American Express, Diners Club, JCB
    r"|62\d{14,17}|(?:8600|9860|9112|5614)\d{12}"  # UnionPay, Uzcard, Humo, Belkart
    r"|(?:50|5[6-9]|6\d)\d{14,17}"  # Maestro, Discover, RuPay
)
_USUAL_LENGTHS = (16, 15, 19, 18, 17, 14, 13)


@dataclass(frozen=True)
class Card:
    """A card number at `text[start:end]`, with its last four digits in ASCII."""

    start: int
    end: int
    last_four: str


@dataclass(frozen=True)
class _Group:
    start: int
    end: int
    digits: str


def find_cards(text: str) -> list[Card]:
    """Return the card numbers in `text`, in order, not overlapping.

    A run of 13 to 19 digits that passes Luhn's check is one; in a longer run (a card beside a date, an amount
    or its CVV) whole groups of digits are, when an issuer's prefix and length fit too.
    """
    others = [match.span() for match in _IBAN.finditer(text) if _is_iban(match.group())]
    others += [match.span() for match in _UUID.finditer(text)]
    cards: list[Card] = []
    for match in _RUN.finditer(text):
        inside_other = any(start < match.end() and match.start() < end for start, end in others)
        if match["kept"] is None and not inside_other:
            cards += _cards_in_run(text, match.start(), match.end())
    for match in _OTHER_SEPARATOR.finditer(text):
        digits = _ascii("".join(_GROUP.findall(match.group())))
        if _NETWORKS.fullmatch(digits) and _luhn(digits):
            cards.append(Card(match.start(), match.end(), digits[-4:]))
    return sorted(cards, key=lambda card: card.start)


def _cards_in_run(text: str, start: int, end: int) -> Iterator[Card]:
    if end - start < _SHORTEST or _NAMED_OTHERWISE.search(text, max(0, start - 20), start):
        return
    phone = _PHONE_AFTER_PLUS.match(text, start, end)
    piece_start = phone.end() if phone else start
    for other in _NOT_PART.finditer(text, piece_start, end):
        yield from _cards_among(_groups(text, piece_start, other.start()))
        piece_start = other.end()
    yield from _cards_among(_groups(text, piece_start, end))


def _cards_among(groups: Sequence[_Group]) -> Iterator[Card]:
    digits = "".join(group.digits for group in groups)
    if len(digits) < _SHORTEST or (len(digits) == _ACCOUNT_DIGITS and _is_account(groups, digits)):
        return
    inner = list(_windows(groups))
    if len(digits) <= _LONGEST and _luhn(digits):
        # What follows the card inside the run may be its CVV, so the digits that stay are the card's own.
        last_four = inner[0].last_four if inner else digits[-4:]
        yield Card(groups[0].start, groups[-1].end, last_four)
    else:
        yield from inner


def _windows(groups: Sequence[_Group]) -> Iterator[Card]:
    first = 0
    while first < len(groups):
        fitting = {len(digits): last for last, digits in _growing(groups, first) if _is_issued(digits)}
        usual = next((length for length in _USUAL_LENGTHS if length in fitting), None)
        if usual is None:
            first += 1
            continue
        last = fitting[usual]
        tail = "".join(group.digits for group in groups[first : last + 1])[-4:]
        yield Card(groups[first].start, groups[last].end, tail)
        first = last + 1


def _growing(groups: Sequence[_Group], first: int) -> Iterator[tuple[int, str]]:
    digits = ""
    for last in range(first, len(groups)):
        digits += groups[last].digits
        if len(digits) > _LONGEST:
            return
        if len(digits) >= _SHORTEST:
            yield last, digits


def _groups(text: str, start: int, end: int) -> list[_Group]:
    return [_Group(*match.span(), _ascii(match.group())) for match in _GROUP.finditer(text, start, end)]


def _is_issued(digits: str) -> bool:
    return _NETWORKS.fullmatch(digits) is not None and _luhn(digits)


def _is_account(groups: Sequence[_Group], digits: str) -> bool:
    card_shaped = all(len(group.digits) == 4 for group in groups[:4])  # noqa: PLR2004 - 4-4-4-4, as embossed
    return not card_shaped and _ACCOUNT.fullmatch(digits) is not None


def _is_iban(text: str) -> bool:
    compact = text.replace(" ", "").upper()
    return int("".join(str(int(letter, 36)) for letter in compact[4:] + compact[:4])) % 97 == 1


def _luhn(digits: str) -> bool:
    """Luhn's check, ISO/IEC 7812-1 annex B."""
    doubled = (divmod(2 * int(digit), 10) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(map(sum, doubled))) % 10 == 0


def _ascii(digits: str) -> str:
    return digits if digits.isascii() else "".join(str(unicodedata.decimal(digit)) for digit in digits)
