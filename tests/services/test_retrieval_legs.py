"""The real legs: stems, characters, vectors of hashed characters."""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateways.character_search import CharacterSearch
from services.gateways.hashed_ngrams import DIMENSIONS, HashedNgrams
from services.gateways.lexical_search import LexicalSearch
from services.gateways.vector_search import VectorSearch
from services.knowledge.grams import SIZES, GramCounts, fold, grams, slots
from services.knowledge.passages import Chunk
from services.wiring_index import build_index

ROOT = Path(__file__).parents[2]
TEXTS = (
    "Как сменить ПИН-код карты в приложении",
    "Какая ставка по вкладу «Якорь» на полгода",
    "Где ближайшее отделение и банкомат",
    "Как перевести деньги по номеру телефона",
)
EVERY = np.arange(len(TEXTS))


def hashed(texts: Sequence[str]) -> HashedNgrams:
    return HashedNgrams(GramCounts(map(fold, texts)))


def characters(texts: Sequence[str]) -> CharacterSearch:
    folded = [fold(text) for text in texts]
    return CharacterSearch(folded, GramCounts(folded))


@pytest.mark.parametrize("language", ["ru", "en", "kk", "uz"])
def test_stems_are_scored_and_unknown_words_raise_the_ceiling(language: str) -> None:
    leg = LexicalSearch(TEXTS, language)
    known, unknown = leg.search("ставка", 9), leg.search("ставка хиромантия", 9)
    assert known.ids.tolist() == [1]
    assert unknown.ceiling == pytest.approx(known.ceiling + known.word)
    np.testing.assert_array_equal(unknown.values, known.values)


def test_only_languages_with_a_stemmer_meet_across_inflections() -> None:
    assert LexicalSearch(TEXTS, "ru").search("ставкой", 9).ids.tolist() == [1]
    assert not len(LexicalSearch(TEXTS, "kk").search("ставкой", 9).ids)


def test_words_of_the_other_script_have_their_own_stemmer() -> None:
    assert LexicalSearch(["Подключите Apple Payments", "Карта"], "ru").search("payment", 9).ids.tolist() == [0]
    assert LexicalSearch(["Send it to «Вклады»", "Card"], "en").search("вклад", 9).ids.tolist() == [0]


def test_words_that_no_text_has_score_nothing() -> None:
    scores = LexicalSearch(TEXTS, "ru").search("хиромантия", 9)
    assert not len(scores.ids)
    assert scores.ceiling == pytest.approx(scores.word)


def test_characters_meet_across_inflections_and_typos() -> None:
    dense, exact = VectorSearch(TEXTS, hashed(TEXTS)), characters(TEXTS)
    for question, best in (("ставками вкладов", 1), ("банкомта", 2), ("телефонный перевод денег", 3)):
        assert dense.search(question, 4).ids[0] == best
        read = exact.read(question, EVERY)
        assert int(np.argmax(read.values)) == int(np.argmax(read.sentences)) == best
        assert 0 < read.values[best] < read.ceiling


def test_characters_are_read_alike_alone_and_among_others() -> None:
    leg = characters(TEXTS)
    every = leg.read("карта и вклад", EVERY)
    for number in EVERY:
        alone = leg.read("карта и вклад", np.array([number]))
        assert alone.values[0] == pytest.approx(every.values[number])
        assert alone.covered[0] == pytest.approx(every.covered[number])


def test_a_sentence_that_holds_the_question_covers_it() -> None:
    leg = characters(["Погода хорошая. Карта бесплатна всегда.", "Карта. Бесплатна. Всегда."])
    whole, apart = leg.read("карта бесплатна всегда", np.array([0, 1])).covered
    assert whole == pytest.approx(1)
    assert apart < 0.8


@given(st.text("аб .\n", max_size=30))
def test_grams_are_those_of_each_word_and_the_spaces_around_it(text: str) -> None:
    folded = fold(text)
    expected = sum(
        max(len(f" {line.strip()} ") - size + 1, 0)
        - sum(" " in f" {line.strip()} "[at + 1 : at + size - 1] for at in range(len(f" {line.strip()} ") - size + 1))
        for line in folded.split("\n")
        if line.strip()
        for size in SIZES
    )
    assert len(grams(folded).hashes) == expected


def test_a_gram_counts_once_for_a_text_however_often_it_is_there() -> None:
    often, once = (GramCounts([fold(text), fold("карта")]) for text in ("карта карта карта", "карта"))
    asked = grams(fold("карта и вклад")).hashes
    np.testing.assert_array_equal(often.idf(asked), once.idf(asked))
    np.testing.assert_array_equal(often.idf(asked), often.idf_of_slots()[slots(asked)])


def test_vectors_are_the_same_in_every_process() -> None:
    code = (
        "from services.gateways.hashed_ngrams import HashedNgrams;"
        "from services.knowledge.grams import GramCounts;"
        "print(HashedNgrams(GramCounts(['карта'])).encode_query('карта').nonzero()[0].tolist())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert b"," in runs.pop()


def test_texts_without_words_do_not_break_the_legs() -> None:
    texts = ("…", "карта")
    for leg in (LexicalSearch(texts, "ru"), VectorSearch(texts, hashed(texts))):
        assert leg.search("карта", 9).ids[0] == 1
    assert int(np.argmax(characters(texts).read("карта", np.array([0, 1])).values)) == 1
    assert hashed(texts).encode_documents(["…"]).shape == (1, DIMENSIONS)


@pytest.mark.parametrize("texts", [(), ("…",), ("…", "!")])
def test_a_knowledge_without_words_is_built_and_finds_nothing(texts: tuple[str, ...]) -> None:
    index = build_index([Chunk(str(at), "", text, "", "ru") for at, text in enumerate(texts)], "ru")
    assert index.search("карта").passages == ()


def test_many_vectors_are_searched_in_cells_within_the_loss() -> None:
    texts = [f"слово{number} дело{number % 37} текст{number * 7}" for number in range(1_500)]
    embedder = hashed(texts)
    exact, cells, again = (VectorSearch(texts, embedder, flat) for flat in (2_000, 1_000, 1_000))
    assert (exact.kind, cells.kind) == ("IndexFlatIP", "IndexIVFScalarQuantizer")
    asked = texts[::15]
    found = [[leg.search(question, 5).ids.tolist() for question in asked] for leg in (exact, cells, again)]
    assert sum(one[0] == other[0] for one, other in zip(*found[:2], strict=True)) >= 97
    assert found[1] == found[2]


def test_threads_find_what_one_finds() -> None:
    index = build_index([Chunk(str(at), "", text, "", "ru") for at, text in enumerate(TEXTS)], "ru")
    asked = [*TEXTS, "банкомта", "ставками вкладов"] * 10
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(index.search, asked)) == [index.search(question) for question in asked]


def test_searching_needs_neither_scipy_nor_numba_and_faiss_only_with_vectors() -> None:
    code = (
        "import sys, services.gateways.vector_search, services.gateways.lexical_search;"
        "import services.gateways.character_search, services.gateways.sentence_model;"
        "print(sorted({'faiss', 'scipy', 'numba', 'jax', 'torch'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert run.stdout.strip() == b"[]"
