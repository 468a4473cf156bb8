"""One spelling for questions and knowledge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.knowledge.parse import Entry
from services.knowledge.passages import chunks_of, searchable
from services.knowledge.text import MAX_QUESTION, normalise, sentences, words


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("  как\n\tсменить   ПИН? ", "как сменить ПИН?"),
        ("карта 💳 потеряна 😱😱", "карта потеряна"),
        ("👩‍👩‍👧‍👦🏳️‍🌈🇰🇿1️⃣", "1"),
        ("кар\u00adта и вкла\u200bд", "карта и вклад"),
        ("ка́рта", "карта"),
        ("ｐｉｎ", "pin"),
        ("👍", ""),
        ("", ""),
        ("1 000 ₽ + 5%", "1 000 ₽ + 5%"),
    ],
)
def test_a_question_is_cleaned_before_it_is_searched(question: str, expected: str) -> None:
    assert normalise(question) == expected


@given(st.text())
def test_cleaning_is_settled_after_once(question: str) -> None:
    once = normalise(question)
    assert normalise(once) == once


@given(st.text(max_size=30), st.integers(0, 300))
def test_a_cleaned_question_is_never_too_long(piece: str, times: int) -> None:
    assert len(normalise(piece * times)) <= MAX_QUESTION


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Счёт ЁЛКИ, 24/7", ["счет", "елки", "24", "7"]),
        ("don't the bank's", ["dont", "the", "banks"]),
        ("oʻzbek o'zbek o‘zbek", ["ozbek"] * 3),
        ("northquay.example/app_1", ["northquay", "example", "app", "1"]),
        ("?! …", []),
    ],
)
def test_words_are_folded(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Первое. Второе! Третье?", ["Первое.", "Второе!", "Третье?"]),
        ("Стоит 99.5 руб. в месяц. 10 дней бесплатно.", ["Стоит 99.5 руб. в месяц.", "10 дней бесплатно."]),
        ("Можно:\n- раз\n- два", ["Можно:", "- раз", "- два"]),
        ("", []),
    ],
)
def test_sentences_are_parted(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_chunk_keeps_its_id_while_its_words_stay() -> None:
    entry = Entry("Карты", "Вопрос?", ("Иначе?",), "Ответ.", 7)
    moved = Entry("Карты", "Вопрос?", ("Иначе?",), "Ответ.", 70)
    changed = Entry("Карты", "Вопрос?", ("Иначе?",), "Другой ответ.", 7)
    first, second, third = chunks_of([entry, moved, changed], "ru")
    assert first.id == second.id != third.id
    assert first.id != chunks_of([entry], "en")[0].id


def test_a_question_counts_twice_in_what_is_searched() -> None:
    (chunk,) = chunks_of([Entry("Карты", "Вопрос?", ("Иначе?",), "Ответ.", 7)], "ru")
    assert searchable(chunk).split("\n") == ["Карты", "Вопрос?", "Иначе?", "Вопрос?", "Иначе?", "Ответ."]
