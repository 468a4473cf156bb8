"""Quoting: short passages whole, long ones by their best sentences."""

from hypothesis import given
from hypothesis import strategies as st

from services.knowledge.passages import Chunk, Passage
from services.knowledge.quoting import extract


def passage(text: str) -> Passage:
    return Passage(Chunk("0", text, text, "", "ru"), 1.0)


def test_a_short_answer_is_quoted_whole() -> None:
    text = "Первое предложение.\n\n- раз\n- два"
    assert extract("вопрос", passage(text)) == text


def test_the_best_sentences_are_quoted_in_their_order() -> None:
    text = "Карту доставит курьер. Погода хорошая. Карта стоит 99 рублей. Нужен паспорт."
    assert extract("сколько стоит карта", passage(text), limit=50) == ("Карту доставит курьер. Карта стоит 99 рублей.")


def test_a_sentence_that_is_too_long_is_cut_at_a_word() -> None:
    assert extract("карта", passage("Карта " + "очень " * 50), limit=20) == "Карта очень очень…"


_SENTENCE = st.text("абвгде ", min_size=1, max_size=60).map(lambda words: f"Я{words}.")


@given(st.lists(_SENTENCE, min_size=1, max_size=12), st.text(max_size=40), st.integers(20, 200))
def test_a_quotation_keeps_to_the_limit_and_to_the_text(parts: list[str], question: str, limit: int) -> None:
    text = " ".join(parts)
    quoted = extract(question, passage(text), limit)
    assert 0 < len(quoted) <= limit
    squeezed = " ".join(text.split())
    at = 0
    for sentence in quoted.removesuffix("…").split("."):
        at = squeezed.index(" ".join(sentence.split()), at)
