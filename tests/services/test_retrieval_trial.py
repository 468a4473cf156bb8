"""A leg that makes answers worse is left out by itself, and chance leaves nothing out."""

import zlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from services.knowledge.parse import parse
from services.knowledge.passages import Chunk, chunks_of
from services.retrieval.legs import Weights
from services.retrieval.trial import Trial, tried
from services.wiring_index import build_index, make_legs

ROOT = Path(__file__).parents[2]
CHUNKS = chunks_of(parse((ROOT / "context.en.txt").read_bytes()).entries, "en")


class Chance:
    """A model that understands nothing: a text's vector is drawn by its checksum."""

    dimensions = 32

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([self.encode_query(text) for text in texts])

    def encode_query(self, text: str) -> NDArray[np.float32]:
        vector = np.random.default_rng(zlib.crc32(text.encode())).normal(size=self.dimensions)
        return (vector / np.linalg.norm(vector)).astype(np.float32)


class Knowing(Chance):
    """A model that knows which chunk each question was taken from."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._answer = {
            wording: chunk.text for chunk in chunks for wording in (chunk.title, *chunk.alternatives, chunk.text)
        }

    def encode_query(self, text: str) -> NDArray[np.float32]:
        last = text.rsplit("\n", maxsplit=1)[-1]
        return super().encode_query(self._answer.get(text) or self._answer.get(last) or text)


def test_a_model_that_understands_nothing_leaves_the_index_as_without_it() -> None:
    weights = tried(CHUNKS, partial(make_legs, language="en", model=Chance()))
    assert weights.dense == 0
    with_it, without = build_index(CHUNKS, "en", Chance()), build_index(CHUNKS, "en")
    for question in ("How do I block my card?", "exchange rate", "nothing of the kind"):
        assert with_it.search(question) == without.search(question)


def test_a_model_that_knows_stays() -> None:
    weights = tried(CHUNKS, partial(make_legs, language="en", model=Knowing(CHUNKS)))
    assert weights.dense > 0


def test_the_same_chunks_give_the_same_weights() -> None:
    build = partial(make_legs, language="en", model=Chance())
    assert tried(CHUNKS, build) == tried(CHUNKS, build)


def test_few_questions_leave_out_nothing() -> None:
    assert tried(CHUNKS[:5], partial(make_legs, language="en", model=Chance())) == Weights()


def test_golden_questions_come_before_made_ones() -> None:
    golden = [Trial(chunk.title, number) for number, chunk in enumerate(CHUNKS)]
    weights = tried(CHUNKS, partial(make_legs, language="en", model=Chance()), golden)
    assert weights.dense == 0
    assert weights.characters > 0


def test_passages_without_titles_are_tried_by_their_sentences() -> None:
    plain = [Chunk(chunk.id, "", f"{chunk.title} {chunk.text}", "", "en") for chunk in CHUNKS]
    assert tried(plain, partial(make_legs, language="en", model=Chance())).dense == 0
