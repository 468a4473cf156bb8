"""Notes by the model behind OpenAI's API: plain text, and every failure is a ModelError."""

from collections.abc import Iterator

import httpx
import pytest

from contexts.prompt import Turn
from contexts.summary import summary_messages
from sandbox.model.running import running_model
from sandbox.model.settings import ModelSettings
from services.errors import ModelError
from services.gateways.openai_service import OpenAiModel, OpenAiOptions
from tests.twins import Clock
from utils.breaker import Breaker

PROMPT = summary_messages("", [Turn("user", "How much is the card?"), Turn("assistant", "It is free.")])


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running_model(ModelSettings(port=0)) as running:
        yield running


def model_at(address: str, breaker: Breaker | None = None) -> OpenAiModel:
    return OpenAiModel(OpenAiOptions("any", f"{address}/v1", "sandbox-chat", 10.0, 2.0), breaker or Breaker("model"))


def test_it_writes_plain_text_and_is_given_no_tool(address: str) -> None:
    assert model_at(address).summarise(PROMPT)
    request = httpx.get(f"{address}/control/model/journal").json()["requests"][-1]
    assert not request["tools"]
    assert "How much is the card?" in request["messages"][-1]["content"]


def test_a_model_that_is_away_is_a_model_error_and_counts_for_the_breaker() -> None:
    breaker = Breaker("model", clock=Clock())
    model = model_at("http://127.0.0.1:9", breaker)
    for _ in range(5):
        with pytest.raises(ModelError, match="APIConnectionError"):
            model.summarise(PROMPT)
    with pytest.raises(ModelError, match="the breaker is open"):
        model.summarise(PROMPT)
