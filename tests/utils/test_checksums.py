"""Check digits, on numbers that stand on public letterheads and on numbers with one digit changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils import checksums


@pytest.mark.parametrize(
    ("check", "number"),
    [
        (checksums.inn, "7707083893"),
        (checksums.inn, "500100732259"),
        (checksums.iin, "971240001315"),
        (checksums.snils, "11223344595"),
        (checksums.ogrn, "1027700132195"),
        (checksums.ogrn, "304500116000157"),
        (checksums.iban, "DE89370400440532013000"),
        (checksums.iban, "GB29NWBK60161331926819"),
        (checksums.iban, "KZ86125KZT5004100100"),
    ],
)
def test_true_numbers_check_and_a_changed_digit_does_not(check: checksums.Check, number: str) -> None:
    assert check(number)
    place = len(number) - 3
    wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    assert not check(wrong)
    assert not check(number[:-1])
    assert not check(number + "0")


@pytest.mark.parametrize(
    ("account", "bik"), [("30101810400000000225", "044525225"), ("30101810200000000593", "044525593")]
)
def test_an_account_fits_its_bank_and_no_other(account: str, bik: str) -> None:
    assert checksums.account(account, bik)
    assert not checksums.account(account, "046577674")
    assert not checksums.account(account[:-1], bik)


@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text: str) -> None:
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    checks = (checksums.inn, checksums.iin, checksums.snils, checksums.ogrn, checksums.iban)
    assert {type(check(digits)) for check in checks} == {bool}
    assert checksums.iban(text) in {True, False}
