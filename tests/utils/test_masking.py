"""What people should not have sent is masked, and nothing else is."""

import re
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.utils.masking_phrases import CARDS, CODES, CVVS, ORDINARY
from utils.masking import Masked, Secret, mask, redact

SEPARATORS = ["", " ", "-", ".", "\u00a0", "\n", " - ", "\u2009", "–", "\r\n", "\t", "  "]
SCRIPTS = [
    "0",
    "\u0660",
    "\u06f0",
    "\u0966",
    "\uff10",
]  # ASCII, Arabic-Indic, Eastern Arabic-Indic, Devanagari, full width
WORDS = st.text(st.characters(categories=["L", "Zs", "Po"], exclude_characters="•"), max_size=30)


def with_check_digit(digits: str) -> str:
    """Append Luhn's digit, computed the slow way: try all ten."""
    return next(digits + last for last in "0123456789" if checks(digits + last))


def checks(number: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + position % 2)
        total += value // 10 + value % 10
    return total % 10 == 0


def digits_of(text: str) -> str:
    return "".join(str(unicodedata.decimal(letter)) for letter in text if letter.isdecimal())


numbers = st.text("0123456789", min_size=12, max_size=18).map(with_check_digit)


@pytest.mark.parametrize(("text", "masked"), [(t, m) for t, m in CARDS if t != m])
def test_cards_are_masked_but_for_their_last_four_digits(text: str, masked: str) -> None:
    assert mask(text) == Masked(masked, frozenset({Secret.CARD}))


@pytest.mark.parametrize(("text", "masked"), CVVS)
def test_verification_codes_are_masked(text: str, masked: str) -> None:
    assert mask(text).text == masked
    assert Secret.CVV in mask(text).found
    assert (Secret.CARD in mask(text).found) == ("4111" in text)


@pytest.mark.parametrize(("text", "masked"), CODES)
def test_one_time_codes_are_masked(text: str, masked: str) -> None:
    assert mask(text) == Masked(masked, frozenset({Secret.CODE}))


@pytest.mark.parametrize("text", [*ORDINARY, *(t for t, m in CARDS if t == m)])
def test_ordinary_numbers_stay(text: str) -> None:
    assert mask(text) == Masked(text, frozenset())


@pytest.mark.parametrize("text", [masked for _, masked in [*CARDS, *CVVS, *CODES]])
def test_a_masked_phrase_is_left_alone(text: str) -> None:
    assert mask(text) == Masked(text, frozenset())


@given(numbers, st.data(), WORDS, WORDS)
def test_no_card_number_survives(number: str, data: st.DataObject, before: str, after: str) -> None:
    zero = ord(data.draw(st.sampled_from(SCRIPTS)))
    gaps = data.draw(st.lists(st.sampled_from(SEPARATORS), min_size=len(number), max_size=len(number)))
    written = "".join(chr(zero + int(digit)) + gap for digit, gap in zip(number, gaps, strict=True))
    masked = mask(f"{before} {written} {after}")
    assert Secret.CARD in masked.found
    shown = digits_of(masked.text)
    assert len(shown) == 4
    assert shown in number


@given(
    st.text("0123456789", min_size=14, max_size=14).map(lambda tail: with_check_digit("4" + tail)),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
)
def test_no_card_survives_between_other_numbers(number: str, before: int, after: int) -> None:
    grouped = " ".join(re.findall("....", number))
    assert number not in digits_of(mask(f"{before} {grouped} {after}").text)


@given(st.text("0123456789 .-/:•кодcvvсмс\n4111", max_size=80) | st.text(max_size=80))
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text)
    assert mask(once.text) == Masked(once.text, frozenset())


@given(st.text())
def test_a_text_without_digits_is_returned_as_it_is(text: str) -> None:
    assume(not any(letter.isdecimal() for letter in text))
    assert mask(text) == Masked(text, frozenset())


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("POST /bot123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-pc/getMe", "POST /bot[token]/getMe"),
        ("write to ivan.petrov+bank@mail.example.ru now", "write to [e-mail] now"),
        ("почта иван@почта.рф", "почта [e-mail]"),
        ("call +7 (912) 345-67-89", "call [phone]"),
        ("phone=89123456789", "phone=[phone]"),
        ("+998901234567", "[phone]"),
        ("998901234567", "[phone]"),
        ("(415) 555-2671", "[phone]"),
        ("912 345-67-89", "[phone]"),
        ("+44 7911 123456", "[phone]"),
        ("card 4111 1111 1111 1111", "card •••• 1111"),
        ("took 1.25 s, chat 42, at 1700000000.123", "took 1.25 s, chat 42, at 1700000000.123"),
        ("2024-02-01T10:11:12.123456+00:00", "2024-02-01T10:11:12.123456+00:00"),
        ("550e8400-e29b-41d4-a716-446655440000", "550e8400-e29b-41d4-a716-446655440000"),
        ("no digits here: fine", "no digits here: fine"),
    ],
)
def test_logs_are_redacted(text: str, redacted: str) -> None:
    assert redact(text) == redacted
