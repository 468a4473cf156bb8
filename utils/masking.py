"""Masks secrets that people type (card numbers, CVV, one-time codes) and what must not stand in logs."""

import re
from dataclasses import dataclass
from enum import StrEnum

from utils.card_numbers import find_cards
from utils.secret_codes import mask_codes, mask_cvv

_DIGIT = re.compile(r"\d")
_TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{30,}")
_EMAIL = re.compile(r"[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63})+")
_PHONE = re.compile(
    r"(?<![\w.])(?:"
    r"\+\d(?:[\s().\-]{0,3}\d){8,14}"  # international
    r"|[78](?:[\s().\-]{0,3}\d){10}|(?:99[2-8]|37[3-5]|380)\d{9}"  # written without the plus
    r"|\(?9\d{2}\)?[\s.\-]?\d{3}[\s.\-]?\d{2}[\s.\-]?\d{2}"
    r"|\(\d{3}\)\s?\d{3}[\s.\-]\d{4}|\d{3}[.\-]\d{3}[.\-]\d{4}|07\d{3}\s?\d{6}"
    r")(?!\w)"
)


class Secret(StrEnum):
    """What was masked."""

    CARD = "card"
    CVV = "cvv"
    CODE = "code"


@dataclass(frozen=True)
class Masked:
    """A text without its secrets, and which kinds it held."""

    text: str
    found: frozenset[Secret]


_NOTHING: frozenset[Secret] = frozenset()


def mask(text: str) -> Masked:
    """Replace card numbers by `•••• ` and their last four digits, CVV and one-time codes by `•••`.

    Masking a masked text changes nothing.
    """
    if not _DIGIT.search(text):
        return Masked(text, _NOTHING)
    found: set[Secret] = set()
    # A number taken out may free its neighbours from a run of digits, so look until nothing is left to find.
    while (masked := _mask_once(text, found)) != text:
        text = masked
    return Masked(text, frozenset(found))


def redact(text: str) -> str:
    """Mask what `mask` does, and bot tokens, e-mail addresses and phone numbers: for logs and traces."""
    if "@" in text:
        text = _EMAIL.sub("[e-mail]", text)
    if not _DIGIT.search(text):
        return text
    text = mask(_TOKEN.sub("[token]", text)).text
    return _PHONE.sub("[phone]", text)


def _mask_once(text: str, found: set[Secret]) -> str:
    masked = _mask_cards(text)
    for secret, before, after in (
        (Secret.CARD, text, masked),
        (Secret.CVV, masked, masked := mask_cvv(masked)),
        (Secret.CODE, masked, masked := mask_codes(masked)),
    ):
        if before != after:
            found.add(secret)
    return masked


def _mask_cards(text: str) -> str:
    for card in reversed(find_cards(text)):
        text = f"{text[: card.start]}•••• {card.last_four}{text[card.end :]}"
    return text
