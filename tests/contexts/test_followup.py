"""Follow-up questions take the topic before them along; questions of their own and pleasantries do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.followup import goes_on, search_query
from contexts.prompt import Turn

CARD = Turn("user", "Расскажите про карту «Маяк»")
TOPIC = "расскажите карту маяк"
ANSWER = Turn("assistant", "Карта «Маяк» — это…")


@pytest.mark.parametrize(
    "question",
    [
        "а сколько стоит?",
        "сколько это стоит",
        "и как долго?",
        "а за границей?",
        "how much?",
        "and abroad?",
        "а её лимит?",
        "what are the rates?",
        "what about abroad?",
        "қанша тұрады?",
        "ал шетелде?",
        "qancha turadi?",
    ],
)
def test_a_question_without_a_topic_of_its_own_goes_on(question: str) -> None:
    assert search_query(question, [CARD, ANSWER]) == f"{question}\n{TOPIC}\n{question}"


@pytest.mark.parametrize(
    "question",
    [
        "Какие ставки по ипотеке?",
        "как закрыть вклад",
        "спасибо",
        "ок, понятно",
        "thanks",
        "",
        "👍",
        "How do I block my card?",
    ],
)
def test_others_stand_by_themselves(question: str) -> None:
    assert search_query(question, [CARD, ANSWER]) == question


def test_the_topic_is_the_customers_last_question_that_has_one() -> None:
    history = [CARD, ANSWER, Turn("user", "а сколько стоит?"), ANSWER]
    assert search_query("а лимит?", history) == f"а лимит?\n{TOPIC}\nа лимит?"
    assert search_query("а лимит?", [Turn("assistant", "Здравствуйте")]) == "а лимит?"


def test_a_long_topic_is_cut() -> None:
    assert len(search_query("сколько?", [Turn("user", "карта " * 500)])) < 340


@given(st.text(max_size=80))
def test_without_a_history_the_question_is_searched_as_it_is(question: str) -> None:
    assert search_query(question, []) == question
    assert goes_on(question) in (True, False)
