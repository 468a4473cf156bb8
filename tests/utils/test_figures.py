"""Figures in two spellings are one, figures of two things are two."""

import pytest

from utils.figures import Figure, figures


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10 000 ₽", "10000 рублей"),
        ("10\u00a0000 ₽", "10,000 руб."),
        ("1.000.000", "1 000 000"),
        ("1,5 млн ₽", "1 500 000 ₽"),
        ("50 тыс. ₽", "50k ₽"),
        ("12 %", "12% годовых"),
        ("14,80 процента", "14.8%"),
        ("3 рабочих дня", "3 working days"),
        ("$5", "5 dollars"),
        ("1–3 дня", "1 day or 3 days"),
        ("01.02.2026", "1 февраля 2026 года"),
        ("2026-02-01", "February 1, 2026"),
        ("с 9:00", "с 09:00"),
        ("8 800 555-01-10", "+7 800 555 01 10"),
    ],
)
def test_two_spellings_are_one_figure(one: str, other: str) -> None:
    said = {figure for figure in figures(one) if figure.unit != "year"}
    heard = figures(other)
    assert said
    assert all(any(own.stands_for(figure) for own in heard) for figure in said)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("12 месяцев", "12%"),
        ("150 ₽", "150 $"),
        ("1 000 ₽", "1 ₽"),
        ("1,5%", "15%"),
        ("01.02.2026", "01.03.2026"),
        ("9:00", "19:00"),
        ("8 800 555-01-10", "8 800 555-01-11"),
        ("1 февраля 2026", "1 февраля 2025"),
    ],
)
def test_another_value_or_another_unit_is_another_figure(source: str, said: str) -> None:
    [figure] = figures(said)
    assert not any(own.stands_for(figure) for own in figures(source))


def test_a_date_without_a_year_stands_in_one_with_a_year() -> None:
    assert Figure("2026-02-01", "date").stands_for(Figure("-02-01", "date"))
    assert not Figure("-02-01", "date").stands_for(Figure("2026-02-01", "date"))


def test_numbers_with_names_of_their_own_keep_their_zeros() -> None:
    assert figures("БИК 044525225") == {Figure("044525225")}
