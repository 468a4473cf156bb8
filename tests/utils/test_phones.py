"""Numbers as people type them, and the reason for each that will not do."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.phones import Phone, PhoneError, PhoneKind, PhoneProblem, masked, parse

RU = "+79123456789"


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("+79123456789", "RU", RU),
        ("89123456789", "RU", RU),
        ("9123456789", "RU", RU),
        ("79123456789", "RU", RU),
        ("8 (912) 345-67-89", "RU", RU),
        ("+7 912 345 67 89", "RU", RU),
        ("+7\u00a0912\u00a0345\u201167\u201189", "RU", RU),
        ("8.912.345.67.89", "RU", RU),
        ("мой номер 8-912-345-67-89, спасибо", "RU", RU),
        ("8 912 345 67 89 доб. 123", "RU", RU),
        ("٨٩١٢٣٤٥٦٧٨٩", "RU", RU),
        ("۸ (۹۱۲) ۳۴۵-۶۷-۸۹", "RU", RU),
        ("\uff0b\uff17\uff19\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19", "RU", RU),
        ("89123456789 или +7 912 345-67-89", "RU", RU),
        ("8 777 123 45 67", "KZ", "+77771234567"),
        ("+7 701 234 56 78", "RU", "+77012345678"),
        ("90 123 45 67", "UZ", "+998901234567"),
        ("+998 90 123-45-67", "RU", "+998901234567"),
        ("998901234567", "RU", "+998901234567"),
        ("79123456789", "UZ", RU),
        ("(415) 555-2671", "US", "+14155552671"),
        ("07911 123456", "GB", "+447911123456"),
        ("+44 7911 123456", "RU", "+447911123456"),
        ("+375 29 123-45-67", "RU", "+375291234567"),
    ],
)
def test_a_number_is_read(text: str, region: str, e164: str) -> None:
    assert parse(text, region).e164 == e164


@pytest.mark.parametrize(
    ("text", "region", "reason"),
    [
        ("", "RU", PhoneProblem.NOT_A_NUMBER),
        ("здравствуйте", "RU", PhoneProblem.NOT_A_NUMBER),
        ("у меня 2 карты", "RU", PhoneProblem.NOT_A_NUMBER),
        ("8 912 345 67 89 и 8 999 123 45 67", "RU", PhoneProblem.SEVERAL_NUMBERS),
        ("89123456789 89991234567", "RU", PhoneProblem.SEVERAL_NUMBERS),
        ("8 912 345 67 89\n8 999 123 45 67", "RU", PhoneProblem.SEVERAL_NUMBERS),
        ("+79123456789+79991234567", "RU", PhoneProblem.SEVERAL_NUMBERS),
        ("00000000000, 11111111111", "RU", PhoneProblem.SEVERAL_NUMBERS),
        ("112", "RU", PhoneProblem.TOO_SHORT),
        ("12345", "RU", PhoneProblem.TOO_SHORT),
        ("123-45-67", "RU", PhoneProblem.TOO_SHORT),
        ("8912345678", "RU", PhoneProblem.TOO_SHORT),
        ("+7 912 345 67 8", "RU", PhoneProblem.TOO_SHORT),
        ("+998 90 123 45 6", "UZ", PhoneProblem.TOO_SHORT),
        ("891234567890", "RU", PhoneProblem.TOO_LONG),
        ("+7 912 345 67 89 0", "RU", PhoneProblem.TOO_LONG),
        ("8912345678989991234567", "RU", PhoneProblem.TOO_LONG),
        ("8 000 000 00 00", "RU", PhoneProblem.INVALID),
        ("+7 999 999 99 99", "RU", PhoneProblem.INVALID),
        ("+7 999 999-99-99 доб. 12", "RU", PhoneProblem.INVALID),
        ("+999 123456789", "RU", PhoneProblem.INVALID),
        ("+7 212 345 67 89", "RU", PhoneProblem.INVALID),
        ("+1 555 000 0000", "US", PhoneProblem.INVALID),
        ("8 (495) 123-45-67", "RU", PhoneProblem.LANDLINE),
        ("8 800 555 35 35", "RU", PhoneProblem.LANDLINE),
        ("8 727 250 00 01", "KZ", PhoneProblem.LANDLINE),
        ("+998 71 234 56 78", "RU", PhoneProblem.LANDLINE),
        ("020 7183 8750", "GB", PhoneProblem.LANDLINE),
    ],
)
def test_a_number_that_will_not_do_has_its_reason(text: str, region: str, reason: PhoneProblem) -> None:
    with pytest.raises(PhoneError) as error:
        parse(text, region)
    assert error.value.reason is reason


def test_the_error_does_not_quote_the_number() -> None:
    with pytest.raises(PhoneError) as error:
        parse("8 (495) 123-45-67", "RU")
    assert not any(letter.isdigit() for letter in str(error.value))


def test_what_is_shown_and_the_kind() -> None:
    assert parse("89123456789 доб. 5", "RU") == Phone(RU, "+7 912 345-67-89", PhoneKind.MOBILE)
    assert parse("(415) 555-2671", "US").kind is PhoneKind.FIXED_LINE_OR_MOBILE


@pytest.mark.parametrize(
    ("e164", "shown"),
    [
        (RU, "+7 ••• •••-67-89"),
        ("+998901234567", "+998 •• ••• 45 67"),
        ("+14155552671", "+1 •••-•••-2671"),
        ("+447911123456", "+44 •••• ••3456"),
    ],
)
def test_a_masked_number_shows_its_country_and_four_digits(e164: str, shown: str) -> None:
    assert masked(e164) == shown


@given(st.integers(9_120_000_000, 9_129_999_999), st.data())
def test_spacing_does_not_matter(national: int, data: st.DataObject) -> None:
    gaps = data.draw(st.lists(st.sampled_from(["", " ", "-", "."]), min_size=10, max_size=10))
    written = "".join(digit + gap for digit, gap in zip(str(national), gaps, strict=True))
    assert parse(f"+7 {written}", "RU").e164 == f"+7{national}"


@given(st.text(max_size=60))
def test_any_text_gives_a_phone_or_a_reason(text: str) -> None:
    with suppress(PhoneError):
        assert parse(text, "RU").e164.startswith("+")
