"""Personal data is found however it is written, what only looks like it is left, and a failing detector stops all."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.privacy.measure import filled, measure
from benchmarks.privacy.values import checked
from config import ROOT
from services.errors import ModelError, PrivacyError
from services.privacy.detection import find
from services.privacy.known import Known
from utils import checksums
from utils.personal_data import DataClass

TEMPLATES = (ROOT / "tests" / "data" / "privacy.ru.txt").read_text(encoding="utf-8").splitlines()
SCRIPTS = ["0", "\u0660", "\u06f0", "\u0966", "\uff10"]
GAPS = ["", " ", "-", "\u00a0", "\u2009", "\u200b", "–"]


def kinds(text: str, known: Known | None = None) -> list[tuple[str, str]]:
    return [(str(span.kind), text[span.start : span.end]) for span in find(text, known or Known())]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Карта 4276 5500 1234 5677", [("card", "4276 5500 1234 5677")]),
        ("карта •••• 5677 не работает", [("card", "•••• 5677")]),
        ("на DE89 3704 0044 0532 0130 00 до пятницы", [("iban", "DE89 3704 0044 0532 0130 00")]),
        ("de89370400440532013000", [("iban", "de89370400440532013000")]),
        ("КZ86125KZT5004100100", [("iban", "КZ86125KZT5004100100")]),  # the first letter is Cyrillic
        ("+7 (912) 345-67-89", [("phone", "+7 (912) 345-67-89")]),
        ("8.912.345.67.89", [("phone", "8.912.345.67.89")]),
        ("8 9 1 2 3 4 5 6 7 8 9", [("phone", "8 9 1 2 3 4 5 6 7 8 9")]),
        ("call me: 202-555-0123", [("phone", "202-555-0123")]),
        ("телефон +998 90 123 45 67", [("phone", "+998 90 123 45 67")]),
        ("мой домашний телефон 55-01-10", [("phone", "55-01-10")]),
        ("пишите ivan.petrov+bank@mail.example.ru!", [("email", "ivan.petrov+bank@mail.example.ru")]),
        ("почта ivan собака mail точка ru", [("email", "ivan собака mail точка ru")]),
        ("паспорт 4510 123456 выдан в 2010", [("passport", "4510 123456")]),
        ("паспорт: 4510123456", [("passport", "4510123456")]),
        ("серия 45 10 номер 123456", [("passport", "серия 45 10 номер 123456")]),
        ("passport AB1234567", [("passport", "AB1234567")]),
        ("ИНН 7707083893", [("inn", "7707083893")]),
        ("7707083893 — мой ИНН", [("inn", "7707083893")]),
        ("ИНН 7707083894, опечатка и всё же мой", [("inn", "7707083894")]),
        ("ИИН 900101300123", [("inn", "900101300123")]),
        ("СНИЛС 112-233-445 95", [("snils", "112-233-445 95")]),
        ("112-233-445 95", [("snils", "112-233-445 95")]),
        ("ОГРН 1027700132195", [("ogrn", "1027700132195")]),
        ("р/с 40817810099910004312", [("account", "40817810099910004312")]),
        ("account number 12345678", [("account", "12345678")]),
        ("30101810400000000225 БИК 044525225", [("account", "30101810400000000225")]),
        ("Меня зовут Иван Петров", [("name", "Иван Петров")]),
        ("my name is Mary-Ann O'Brien, hello", [("name", "Mary-Ann O'Brien")]),
        ("живу: ул. Ленина, д. 5, кв. 12", [("address", "ул. Ленина, д. 5, кв. 12")]),
        ("ИНН 7707083893, ОГРН 1027700132195", [("inn", "7707083893"), ("ogrn", "1027700132195")]),
    ],
)
def test_it_is_found_by_its_check_or_by_the_word_beside_it(text: str, found: list[tuple[str, str]]) -> None:
    assert kinds(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Вклад на 1 500 000 ₽ под 15,5% на 6 месяцев с 01.02.2026 по 01.08.2026",
        "Горячая линия 8 800 555-01-10, номер 900",
        "Номер заказа 7707083893, трек 112233445566",
        "БИК 044525225",
        "с 9:00 до 21:00, 2024-2025, 10 000 - 20 000",
        "12345678901234567890123",
        "4276 5500 1234 5678",  # Luhn says no
        "меня зовут обедать",
        "",
    ],
)
def test_ordinary_numbers_are_left(text: str) -> None:
    assert kinds(text) == []


def test_names_and_addresses_of_the_profile_are_found_in_any_case_and_ending() -> None:
    known = Known(("Анна Соловьёва", "O'Neil", "Я"), ("Псков, ул. Мира 7",))
    text = "Для АННЫ Соловьёвой и o'neil, я и аннотация; псков ул. мира 7"
    assert kinds(text, known) == [
        ("name", "АННЫ"),
        ("name", "Соловьёвой"),
        ("name", "o'neil"),
        ("address", "псков ул. мира 7"),
    ]


@given(st.data())
def test_no_script_and_no_gap_hides_a_number_that_checks(data: st.DataObject) -> None:
    number = checked(data.draw(st.from_regex(r"50[1-9]\d{7}", fullmatch=True)), 2, checksums.inn)
    zero = ord(data.draw(st.sampled_from(SCRIPTS)))
    gap = data.draw(st.sampled_from(GAPS))
    written = gap.join("".join(chr(zero + int(d)) for d in number[at : at + 4]) for at in range(0, 12, 4))
    [(_, piece)] = kinds(f"вот: {written} .")
    assert piece == written


@given(st.text("0123456789 +-().@•abАбИНТ:\n№,", max_size=80))
def test_spans_are_in_order_and_do_not_overlap(text: str) -> None:
    spans = find(text)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


def test_a_detector_that_fails_stops_everything_and_quotes_nothing() -> None:
    def broken(text: str) -> list[object]:
        raise RuntimeError(text)

    with pytest.raises(PrivacyError) as error:
        find("мой ИНН 7707083893", detectors=(broken,))  # type: ignore[arg-type] # it finds nothing anyway
    assert "7707083893" not in str(error.value)
    assert error.value.__cause__ is None
    assert isinstance(error.value, ModelError)  # whoever asks a model goes on without it


def test_on_made_up_sentences_nothing_is_left_in_clear() -> None:
    templates = [line for line in TEMPLATES if line and not line.startswith("#")]
    figures = measure(filled(templates, seed=7, rounds=3))
    assert {kind: row.missed for kind, row in figures.items() if row.missed} == {}
    rows = {kind: row.as_row() for kind, row in figures.items()}
    assert all(row["recall"] >= 0.9 for row in rows.values())
    assert all(row["precision"] >= 0.85 for row in rows.values())
    assert all(rows[kind]["planted"] for kind in DataClass)


def test_no_letter_of_the_cyrillic_block_is_the_likeness_of_another_sign() -> None:
    letters = "".join(map(chr, range(0x400, 0x500)))
    assert unicodedata.normalize("NFKC", letters) == letters, "`plain` does not look at them"
    assert not [letter for letter in letters if letter.isdecimal() or letter.isspace()]
