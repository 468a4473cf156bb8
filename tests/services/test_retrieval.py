"""Fusion, votes and confidence, on legs that say what the test tells them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.knowledge.passages import Chunk, Found
from services.retrieval import Index, RetrievalSettings
from services.retrieval.confidence import Evidence, Share, confidence
from services.retrieval.legs import Ids, Legs, Reading, Scores, Weights, highest

ONLY_STEMS = Weights(characters=0, sentences=0, dense=0)


class Told:
    """A leg, or a reader, that gives the scores it was told."""

    def __init__(self, values: Sequence[float], ceiling: float = 10.0) -> None:
        self._values = np.array(values, dtype=np.float32)
        self._ceiling = ceiling
        self.asked: list[str] = []

    def search(self, question: str, k: int) -> Scores:
        self.asked.append(question)
        ids = highest(self._values, k)
        return Scores(ids, self._values[ids], self._ceiling, word=1.0)

    def save(self, folder: Path) -> None:
        raise NotImplementedError(folder)

    def read(self, question: str, ids: Ids) -> Reading:
        self.asked.append(question)
        values = self._values[ids]
        return Reading(values, values, values / np.float32(self._ceiling), self._ceiling, word=1.0)


def legs(stems: Told, characters: Told | None = None, weights: Weights = ONLY_STEMS) -> Legs:
    return Legs(stems, stems, characters or stems, weights)


def chunks(*texts: str) -> list[Chunk]:
    return [Chunk(str(number), text, text, "", "ru") for number, text in enumerate(texts)]


def ids(found: Found) -> list[str]:
    return [passage.chunk.id for passage in found.passages]


def test_legs_count_alike_whatever_their_scales() -> None:
    weights = Weights(stems=1, characters=1, sentences=0, dense=0)
    both = legs(Told([900, 1, 1]), Told([0.0, 0.1, 0.09]), weights)
    found = Index(chunks("a", "b", "c"), both).search("вопрос")
    assert ids(found) == ["0", "1", "2"]
    assert [passage.score for passage in found.passages] == pytest.approx([0.5, 0.5, 0.45], abs=1e-5)


@given(st.lists(st.floats(0.1, 100), min_size=2, max_size=8), st.floats(0.1, 50))
def test_a_leg_in_other_units_ranks_the_same(values: list[float], unit: float) -> None:
    texts = chunks(*"abcdefgh"[: len(values)])
    one, other = (Index(texts, legs(Told([value * by for value in values]))).search("вопрос", 8) for by in (1, unit))
    scores = [{passage.chunk.id: passage.score for passage in found.passages} for found in (one, other)]
    assert scores[0] == pytest.approx(scores[1], abs=1e-4)


class Gone(Told):
    """A leg whose index is gone."""

    def __init__(self) -> None:
        super().__init__([0, 0, 0])

    def search(self, question: str, k: int) -> Scores:
        raise OSError(f"{question} for {k}: the index is gone")


@pytest.mark.parametrize("broken", ["stems", "dense"])
def test_without_a_leg_the_other_one_goes_on(broken: str) -> None:
    stems, dense = (Gone() if broken == leg else Told([5, 1, 7]) for leg in ("stems", "dense"))
    parts = Legs(stems, dense, Told([5, 1, 7]), Weights())
    assert ids(Index(chunks("a", "b", "c"), parts).search("вопрос")) == ["2", "0"]


def test_without_any_leg_the_search_fails() -> None:
    parts = Legs(Gone(), Gone(), Told([5, 1, 7]), Weights())
    with pytest.raises(OSError, match="gone"):
        Index(chunks("a", "b", "c"), parts).search("вопрос")


def test_a_leg_that_counts_nothing_still_proposes() -> None:
    parts = Legs(Told([5, 0, 0]), Told([0, 0, 7]), Told([1, 1, 9]), Weights(dense=0))
    assert ids(Index(chunks("a", "b", "c"), parts).search("вопрос")) == ["2", "0"]


def test_only_k_passages_that_scored_are_returned() -> None:
    index = Index(chunks(*"abcde"), legs(Told([5, 4, 3, 2, 0])))
    assert ids(index.search("вопрос", k=2)) == ["0", "1"]
    assert set(ids(index.search("вопрос", k=9))) <= {"0", "1", "2", "3"}


def test_a_single_chunk_can_be_found() -> None:
    assert ids(Index(chunks("a"), legs(Told([3]))).search("вопрос")) == ["0"]


def test_entries_with_one_answer_vote_for_it_together() -> None:
    rows = [replace(chunk, text=text) for chunk, text in zip(chunks(*"abcde"), ["x", "y", "y", "y", "z"], strict=True)]
    found = Index(rows, legs(Told([10, 9.5, 9.4, 9.3, 1]))).search("вопрос")
    assert [passage.chunk.text for passage in found.passages] == ["y", "x"]
    assert ids(found)[0] == "1"


@pytest.mark.parametrize("question", ["", "   ", "😀😀", "?!", "\u200b"])
def test_a_question_without_words_is_not_even_searched(question: str) -> None:
    leg = Told([1, 2])
    assert Index(chunks("a", "b"), legs(leg)).search(question) == Found()
    assert leg.asked == []


def test_nothing_scored_is_nothing_found() -> None:
    assert Index(chunks("a", "b"), legs(Told([0, 0]))).search("вопрос") == Found()
    assert Index([], legs(Told([]))).search("вопрос") == Found()


def test_legs_are_asked_the_cleaned_question() -> None:
    leg = Told([1, 2])
    Index(chunks("a", "b"), legs(leg)).search("  где\nкарта 💳 ")
    assert set(leg.asked) == {"где карта"}


@pytest.mark.parametrize("title", ["", "Вопрос"])
@given(st.floats(0, 10), st.floats(0, 10))
def test_confidence_is_a_share_that_grows_with_the_score(title: str, one: float, other: float) -> None:
    low, high = sorted((one + 0.01, other + 0.01))
    texts = [replace(chunk, title=title) for chunk in chunks("a")]
    weaker, stronger = (Index(texts, legs(Told([score]))).search("вопрос") for score in (low, high))
    assert 0 < weaker.confidence <= stronger.confidence <= 1


def test_confidence_without_any_ceiling_is_low_and_no_error() -> None:
    none = Share(0, 0, 0)
    for titled in (True, False):
        assert confidence(Evidence(titled, none, none, none, 0, (none, none, none))) < 0.05


def test_the_setting_is_the_bar() -> None:
    parts = legs(Told([1.5, 0.1]))
    sure = Index(chunks("a", "b"), parts).search("вопрос").confidence
    for bar, answerable in ((sure - 0.001, True), (sure + 0.001, False)):
        index = Index(chunks("a", "b"), parts, RetrievalSettings(refuse_below=bar))
        assert index.search("вопрос").answerable is answerable


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0]), max_size=30), st.integers(1, 10))
def test_the_highest_are_those_of_a_full_sort(values: list[float], k: int) -> None:
    full = sorted((at for at, value in enumerate(values) if value > 0), key=lambda at: (-values[at], at))
    assert highest(np.array(values, dtype=np.float32), k).tolist() == full[:k]


@given(st.integers(0, 2**32 - 1), st.integers(1, 2_000), st.integers(1, 30), st.integers(2, 500))
def test_the_highest_of_many_are_those_of_a_full_sort(seed: int, size: int, k: int, different: int) -> None:
    values = np.random.default_rng(seed).integers(-different, different, size).astype(np.float32)
    full = sorted((at for at, value in enumerate(values) if value > 0), key=lambda at: (-values[at], at))
    assert highest(values, k).tolist() == full[:k]
