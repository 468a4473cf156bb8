"""The model behind OpenAI's API, against the model server: its answers, its faults, the breaker."""

from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY

from contexts.context_manager import messages_for
from contexts.prompt import Message, PromptPassage
from sandbox.model.running import running_model
from sandbox.model.settings import ModelSettings
from services.errors import ModelError
from services.gateways.openai_service import OpenAiModel, OpenAiOptions
from services.ports import Draft
from tests.twins import Clock
from utils.breaker import Breaker

FEE = "The card is free for two months. Then it costs 99 a month."


ASKED = "How much is the card?"


def prompt(question: str = ASKED, first_id: int = 1) -> Sequence[Message]:
    passages = [PromptPassage(first_id, ASKED, FEE), PromptPassage(first_id + 1, "Where are you?", "In the old town.")]
    return messages_for(question, [], passages, "en")


def model_at(address: str, *, timeout: float = 10.0, breaker: Breaker | None = None) -> OpenAiModel:
    options = OpenAiOptions("any", f"{address}/v1", "sandbox-chat", timeout, 2.0, price_in=3.0, price_out=15.0)
    return OpenAiModel(options, breaker or Breaker("model"))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running_model(ModelSettings(port=0)) as running:
        yield running


@pytest.fixture
def control(address: str) -> Iterator[httpx.Client]:
    """Give the model server's control, with neither faults nor journal."""
    with httpx.Client(base_url=address) as client:
        client.delete("/control/model").raise_for_status()
        yield client
        client.delete("/control/model").raise_for_status()


def plan(control: httpx.Client, **wanted: object) -> None:
    control.put("/control/model", json=wanted).raise_for_status()


def requests(control: httpx.Client) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = control.get("/control/model/journal").json()["requests"]
    return seen


def test_it_answers_from_the_passages_and_names_them(address: str, control: httpx.Client) -> None:
    draft = model_at(address).reply(prompt())
    assert draft == Draft("answer", FEE, (1,), "sandbox-chat")
    [request] = requests(control)
    assert [tool["function"]["name"] for tool in request["tools"]] == ["reply"]
    assert [message["role"] for message in request["messages"]] == ["system", "user"]


@pytest.mark.parametrize(
    ("question", "kind"), [("Who won the football cup?", "not_found"), ("Let me talk to a human", "handover")]
)
def test_it_says_when_it_does_not_know_or_is_not_wanted(
    address: str, control: httpx.Client, question: str, kind: str
) -> None:
    assert control.base_url == httpx.URL(address)
    draft = model_at(address).reply(prompt(question))
    assert (draft.kind, draft.sources) == (kind, ())


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"fault": "hang"}, "APITimeoutError"),
        ({"fault": "refuse"}, "APIConnectionError"),
        ({"fault": "status", "status": 500}, "InternalServerError"),
        ({"fault": "status", "status": 429}, "RateLimitError"),
        ({"fault": "status", "status": 401}, "AuthenticationError"),
        ({"fault": "garbled"}, "JSONDecodeError"),
    ],
)
def test_whatever_goes_wrong_is_a_model_error(
    address: str, control: httpx.Client, fault: dict[str, object], error: str
) -> None:
    plan(control, **fault)
    with pytest.raises(ModelError, match=error):
        model_at(address, timeout=0.3).reply(prompt())


def test_what_went_wrong_once_is_tried_once_more(address: str, control: httpx.Client) -> None:
    plan(control, fault="refuse", times=1)
    assert model_at(address).reply(prompt()).kind == "answer"
    assert [request["outcome"] for request in requests(control)] == ["fault:refuse", "answer"]


def test_an_open_breaker_sends_nothing_until_its_probe(address: str, control: httpx.Client) -> None:
    clock = Clock()
    model = model_at(address, breaker=Breaker("model", failures=5, open_seconds=60.0, clock=clock))
    plan(control, fault="status", status=401)
    for _ in range(5):
        assert _opened() == 0.0
        with pytest.raises(ModelError, match="AuthenticationError"):
            model.reply(prompt())
    assert _opened() == 1.0
    plan(control)
    for _ in range(3):
        with pytest.raises(ModelError, match="the breaker is open"):
            model.reply(prompt())
    assert len(requests(control)) == 5
    clock.now += 60.0
    assert model.reply(prompt()).kind == "answer"
    assert _opened() == 0.0


def _opened() -> float | None:
    return REGISTRY.get_sample_value("bot_breaker_open", {"name": "model"}) or 0.0
