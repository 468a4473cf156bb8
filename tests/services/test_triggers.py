"""Triggers are found in what people write in any of the languages, and not in questions about the same matters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.triggers import NONE, Counts, lists, read
from services.triggers import Trigger, find, weigh

LISTS = {path.suffixes[0][1:]: read(path) for path in lists()}


def test_the_lists_are_long_and_balanced() -> None:
    assert set(LISTS) == {"ru", "en", "kk", "uz"}
    for language, phrases in LISTS.items():
        assert len(phrases) >= (200 if language in ("ru", "en") else 60)
        assert len({phrase.text for phrase in phrases}) == len(phrases), language
        assert {phrase.wanted for phrase in phrases} == {*Trigger, NONE}
        assert sum(phrase.wanted == NONE for phrase in phrases) >= len(phrases) * 0.4


# Measured on both parts together: `python -m benchmarks.triggers` prints them apart.
FLOORS = {
    "ru": {Trigger.FRAUD: 31, Trigger.LOST_CARD: 31, Trigger.PERSON: 29, Trigger.DISTRESS: 29},
    "en": {Trigger.FRAUD: 32, Trigger.LOST_CARD: 31, Trigger.PERSON: 29, Trigger.DISTRESS: 31},
    "kk": {Trigger.FRAUD: 10, Trigger.LOST_CARD: 10, Trigger.PERSON: 10, Trigger.DISTRESS: 10},
    "uz": {Trigger.FRAUD: 10, Trigger.LOST_CARD: 10, Trigger.PERSON: 10, Trigger.DISTRESS: 9},
}


@pytest.mark.parametrize("language", FLOORS)
def test_triggers_are_found_and_nothing_else_is(language: str) -> None:
    phrases = LISTS[language]
    for trigger, floor in FLOORS[language].items():
        counts = Counts.of(phrases, trigger)
        assert counts.right >= floor, trigger
        assert counts.found - counts.right <= 1, trigger
    wrong = [phrase.text for phrase in phrases if phrase.wanted == NONE != phrase.found]
    assert len(wrong) <= 1, wrong


@pytest.mark.parametrize(
    ("said", "denied"),
    [
        ("карту украли", "карту не украли"),
        ("позовите оператора", "не надо звать оператора"),
        ("мне нужен оператор", "мне не нужен оператор"),
        ("I lost my card", "I did not lose my card"),
        ("I need an operator", "I don't need an operator"),
        ("оператор керек", "оператор керек емес"),
        ("operator kerak", "operator kerak emas"),
    ],
)
def test_what_is_denied_is_not_found(said: str, denied: str) -> None:
    assert find(said)
    assert find(denied) is None


@pytest.mark.parametrize(
    ("asked", "happened"),
    [
        ("Как заблокировать карту, если потеряю?", "Я потеряла карту. Как её заблокировать?"),
        ("Что делать, если карту украдут?", "У меня украли карту, что делать?"),
        ("What if my card is stolen?", "My card was stolen, what now?"),
    ],
)
def test_a_question_about_it_is_no_emergency(asked: str, happened: str) -> None:
    assert find(asked) is None
    assert find(happened) is Trigger.LOST_CARD


@pytest.mark.parametrize(
    "text",
    [
        "Позовите опиратора",
        "позовите оперaторa",
        "ПОЗОВИТЕ ОПЕРАТОРА",
        "позо\u00adвите опера\u0301тора",
        "conect me to an agent",
    ],
)
def test_slips_lookalikes_and_invisible_letters_do_not_hide_it(text: str) -> None:
    assert find(text) is Trigger.PERSON


def test_the_most_pressing_of_several_is_named() -> None:
    assert find("Это безобразие, позовите оператора! С карты украли деньги!") is Trigger.FRAUD
    assert find("Это безобразие, позовите оператора!") is Trigger.PERSON


def test_shouting_adds_to_anger_and_makes_none() -> None:
    assert find("верните деньги") is None
    assert find("ВЕРНИТЕ ДЕНЬГИ") is Trigger.DISTRESS
    assert find("КАКОЙ КУРС ДОЛЛАРА!!!") is None


@pytest.mark.parametrize("text", ["", "   ", "😀😀😀", "?!.", "1234 5678", "日本語の質問です"])
def test_what_holds_no_words_of_ours_holds_no_trigger(text: str) -> None:
    assert find(text) is None


@given(st.text(max_size=300))
def test_any_text_is_weighed(text: str) -> None:
    assert set(weigh(text)) == set(Trigger)


def test_of_a_long_text_the_beginning_counts() -> None:
    assert find("Украли карту! " + "и вот ещё что " * 500) is Trigger.LOST_CARD
    assert find("так вот " * 500 + "украли карту") is None
