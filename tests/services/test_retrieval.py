"""Fusion, confidence and quoting, on legs that say what the test tells them; then on the real ones."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateways.hashed_ngrams import DIMENSIONS, HashedNgrams
from services.gateways.lexical_search import LexicalSearch
from services.gateways.vector_search import VectorSearch
from services.knowledge.passages import Chunk, Found, Passage
from services.retrieval import Index, RetrievalSettings, Scores, extract

ROOT = Path(__file__).parents[2]
TEXTS = (
    "Как сменить ПИН-код карты в приложении",
    "Какая ставка по вкладу «Якорь» на полгода",
    "Где ближайшее отделение и банкомат",
    "Как перевести деньги по номеру телефона",
)


class Told:
    """A leg that gives the scores it was told."""

    def __init__(self, values: Sequence[float], ceiling: float = 10.0) -> None:
        self._scores = Scores(np.array(values, dtype=np.float32), ceiling, word=1.0)
        self.asked: list[str] = []

    def scores(self, question: str) -> Scores:
        self.asked.append(question)
        return self._scores


def chunks(*texts: str) -> list[Chunk]:
    return [Chunk(str(number), text, text, "", "ru") for number, text in enumerate(texts)]


def ids(found: Found) -> list[str]:
    return [passage.chunk.id for passage in found.passages]


def test_legs_count_alike_whatever_their_scales() -> None:
    found = Index(chunks("a", "b", "c"), [Told([900, 0, 0]), Told([0.0, 0.1, 0.09])]).search("вопрос")
    assert ids(found) == ["0", "1", "2"]
    assert [passage.score for passage in found.passages] == pytest.approx([0.5, 0.5, 0.45], abs=1e-5)


def test_only_k_passages_that_scored_are_returned() -> None:
    index = Index(chunks(*"abcde"), [Told([5, 4, 3, 2, 0])])
    assert ids(index.search("вопрос", k=2)) == ["0", "1"]
    assert ids(index.search("вопрос", k=9)) == ["0", "1", "2", "3"]


def test_a_single_chunk_can_be_found() -> None:
    assert ids(Index(chunks("a"), [Told([3])]).search("вопрос")) == ["0"]


@pytest.mark.parametrize("question", ["", "   ", "😀😀", "?!", "\u200b"])
def test_a_question_without_words_is_not_even_searched(question: str) -> None:
    leg = Told([1, 2])
    assert Index(chunks("a", "b"), [leg]).search(question) == Found()
    assert leg.asked == []


def test_nothing_scored_is_nothing_found() -> None:
    assert Index(chunks("a", "b"), [Told([0, 0])]).search("вопрос") == Found()


def test_legs_are_asked_the_cleaned_question() -> None:
    leg = Told([1, 2])
    Index(chunks("a", "b"), [leg]).search("  где\nкарта 💳 ")
    assert leg.asked == ["где карта"]


@given(st.floats(0, 10), st.floats(0, 10))
def test_confidence_is_a_share_that_grows_with_the_score(one: float, other: float) -> None:
    low, high = sorted((one + 0.01, other + 0.01))
    weaker, stronger = (Index(chunks("a"), [Told([score])]).search("вопрос") for score in (low, high))
    assert 0 < weaker.confidence <= stronger.confidence <= 1


def test_the_setting_is_the_bar() -> None:
    legs = [Told([1.5, 0])]
    confidence = Index(chunks("a", "b"), legs).search("вопрос").confidence
    for bar, answerable in ((confidence - 0.01, True), (confidence + 0.01, False)):
        index = Index(chunks("a", "b"), legs, RetrievalSettings(refuse_below=bar))
        assert index.search("вопрос").answerable is answerable


@pytest.mark.parametrize("language", ["ru", "en", "kk", "uz"])
def test_stems_are_scored_and_unknown_words_raise_the_ceiling(language: str) -> None:
    leg = LexicalSearch(TEXTS, language)
    known, unknown = leg.scores("ставка"), leg.scores("ставка хиромантия")
    assert int(np.argmax(known.values)) == 1
    assert unknown.ceiling == pytest.approx(known.ceiling + known.word)
    np.testing.assert_array_equal(unknown.values, known.values)


def test_only_languages_with_a_stemmer_meet_across_inflections() -> None:
    assert LexicalSearch(TEXTS, "ru").scores("ставкой").values[1] > 0
    assert not LexicalSearch(TEXTS, "uz").scores("ставкой").values.any()


def test_words_that_no_text_has_score_nothing() -> None:
    scores = LexicalSearch(TEXTS, "ru").scores("хиромантия")
    assert not scores.values.any()
    assert scores.ceiling == pytest.approx(scores.word)


def test_hashed_grams_meet_across_inflections_and_typos() -> None:
    leg = VectorSearch(TEXTS, HashedNgrams(TEXTS))
    for question, best in (("ставками вкладов", 1), ("банкомта", 2), ("телефонный перевод денег", 3)):
        scores = leg.scores(question)
        assert int(np.argmax(scores.values)) == best
        assert scores.values[best] < scores.ceiling


def test_a_text_of_its_own_grams_comes_near_its_ceiling_and_no_other_does() -> None:
    leg = VectorSearch(TEXTS, HashedNgrams(TEXTS))
    for number, text in enumerate(TEXTS):
        scores = leg.scores(text)
        shares = scores.values / scores.ceiling
        assert shares[number] > 0.35
        assert max(np.delete(shares, number)) < 0.15


def test_vectors_are_the_same_in_every_process() -> None:
    code = (
        "from services.gateways.hashed_ngrams import HashedNgrams;"
        "print(HashedNgrams(['карта']).encode_query('карта').nonzero()[0].tolist())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert b"," in runs.pop()


def test_texts_without_words_do_not_break_the_legs() -> None:
    texts = ("…", "карта")
    for leg in (LexicalSearch(texts, "ru"), VectorSearch(texts, HashedNgrams(texts))):
        assert int(np.argmax(leg.scores("карта").values)) == 1
    assert HashedNgrams(texts).encode_documents(["…"]).shape == (1, DIMENSIONS)


def test_searching_needs_neither_scipy_nor_numba_and_faiss_only_with_vectors() -> None:
    code = (
        "import sys, services.gateways.vector_search, services.gateways.lexical_search;"
        "print(sorted({'faiss', 'scipy', 'numba', 'jax', 'torch'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert run.stdout.strip() == b"[]"


def passage(text: str) -> Passage:
    return Passage(chunks(text)[0], 1.0)


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
