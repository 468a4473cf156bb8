"""An index as files: what was opened finds what was built, in FAISS and in PostgreSQL; small changes cost little."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from services.embedding import VectorBackend
from services.gateways.pgvector_search import PgvectorBackend
from services.gateways.vector_search import FaissBackend
from services.knowledge.passages import Chunk, readable
from services.wiring_index import IndexMaker
from tests.database.fixtures import another_bot
from tests.services.test_retrieval_trial import CHUNKS, Knowing


@pytest.fixture(params=["faiss", "pgvector"])
def backend(request: pytest.FixtureRequest) -> VectorBackend:
    if request.param == "faiss":
        return FaissBackend()
    return PgvectorBackend(another_bot(request.getfixturevalue("postgres_engine")))


class Counted(Knowing):
    """A model that the trial keeps, which remembers what it was asked to encode."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        super().__init__(chunks)
        self.encoded: list[str] = []

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += texts
        return super().encode_documents(texts)


def test_what_was_opened_finds_what_was_built(tmp_path: Path, backend: VectorBackend) -> None:
    maker = IndexMaker(backend=backend)
    index = maker.build(CHUNKS, "en")
    maker.save(index, tmp_path)
    opened = maker.open(tmp_path, "en")
    for asked in ("Question 7?", "wording 31", "answer of the bank", "nothing of that", "Q"):
        before, after = index.search(asked), opened.search(asked)
        assert [passage.chunk for passage in after.passages] == [passage.chunk for passage in before.passages]
        assert after.confidence == pytest.approx(before.confidence, abs=1e-5)
    assert json.loads((tmp_path / "index.json").read_text())["weights"] == asdict(index.legs.weights)


def test_a_small_change_encodes_little(tmp_path: Path, backend: VectorBackend) -> None:
    model = Counted(CHUNKS)
    maker = IndexMaker(model, "knowing", backend)
    index = maker.build(CHUNKS, "en")
    assert index.legs.weights.dense > 0
    maker.save(index, tmp_path)
    model.encoded.clear()
    added = Chunk("new", "A new question?", "A new answer.", "Cards", "en")
    maker.build([*CHUNKS[:-1], added], "en", tmp_path)
    known = {readable(chunk) for chunk in CHUNKS}
    assert readable(added) in model.encoded
    assert not known & set(model.encoded)
