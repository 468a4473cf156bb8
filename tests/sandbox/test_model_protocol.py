"""What the model server keeps of OpenAI's API besides chat: embeddings, models, errors; and its journal."""

from collections.abc import Iterator

import httpx
import pytest
from openai import APIStatusError, BadRequestError, NotFoundError, OpenAI
from openai.types.chat import ChatCompletionFunctionToolParam

QUESTION = '<passages><passage id="1" title="Карта">Карта стоит 99 ₽.</passage></passages><question>карта</question>'
REPLY: ChatCompletionFunctionToolParam = {"type": "function", "function": {"name": "reply"}}


@pytest.fixture
def client(address: str, control: httpx.Client) -> Iterator[OpenAI]:
    assert control.get("/control/model/journal").json() == {"requests": []}
    with OpenAI(base_url=f"{address}/v1", api_key="any", max_retries=0) as made:
        yield made


def test_embeddings_are_the_same_in_both_encodings(client: OpenAI) -> None:
    texts = ["перевод денег", "переводы деньгами", "часы работы"]
    packed = client.embeddings.create(model="e", input=texts, dimensions=512)
    plain = client.embeddings.create(model="e", input=texts, dimensions=512, encoding_format="float")
    for one, other in zip(packed.data, plain.data, strict=True):
        assert one.embedding == pytest.approx(other.embedding, abs=1e-6)
        assert sum(value * value for value in one.embedding) == pytest.approx(1)
    near, far = (
        sum(a * b for a, b in zip(plain.data[0].embedding, plain.data[other].embedding, strict=True))
        for other in (1, 2)
    )
    assert near > far + 0.2
    assert len(client.embeddings.create(model="e", input="x").data[0].embedding) == 1536


def test_models_are_listed(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["sandbox-chat", "sandbox-embedding"]


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        ("chat/completions", {"model": "m"}, "messages"),
        ("chat/completions", {"model": "m", "messages": []}, "messages"),
        (
            "chat/completions",
            {"model": "m", "messages": [{"role": "boss", "content": ""}]},
            "messages.0.role",
        ),
        ("chat/completions", {"model": "m", "messages": [{"role": "user"}], "tool_choice": "required"}, None),
        ("embeddings", {"model": "e", "input": "x", "dimensions": "many"}, "dimensions"),
        ("embeddings", {"model": "e", "input": ""}, "input"),
    ],
)
def test_bad_requests_are_answered_as_openai_does(client: OpenAI, path: str, body: object, param: str | None) -> None:
    with pytest.raises(BadRequestError) as caught:
        client.post(f"/{path}", body=body, cast_to=object)
    assert caught.value.type == "invalid_request_error"
    assert (caught.value.param or "").startswith(param or "")


def test_broken_json_and_unknown_paths_are_answered_as_openai_does(address: str, client: OpenAI) -> None:
    broken = httpx.post(f"{address}/v1/embeddings", content=b"{", headers={"Authorization": "Bearer x"})
    assert broken.status_code == 400
    assert broken.json()["error"]["type"] == "invalid_request_error"
    with pytest.raises(NotFoundError):
        client.post("/nowhere", cast_to=object)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer"}, {"Authorization": "Basic eDp5"}])
def test_a_key_must_be_there(control: httpx.Client, headers: dict[str, str]) -> None:
    answer = control.get("/v1/models", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "invalid_api_key"
    assert control.get("/control/model/journal").json()["requests"][-1]["outcome"] == "error:401"


def test_journal_tells_what_was_asked_and_answered(client: OpenAI, control: httpx.Client) -> None:
    client.chat.completions.create(
        model="m",
        messages=[{"role": "system", "content": "Answer."}, {"role": "user", "content": QUESTION}],
        tools=[REPLY],
    )
    with pytest.raises(APIStatusError):
        client.post("/embeddings", body={}, cast_to=object)
    told, refused = control.get("/control/model/journal").json()["requests"]
    assert (told["model"], told["outcome"], told["stream"]) == ("m", "answer", False)
    assert told["messages"][0] == {"role": "system", "content": "Answer."}
    assert told["tools"] == [REPLY]
    assert (refused["path"], refused["outcome"]) == ("/v1/embeddings", "error:400")
    assert refused["seq"] == told["seq"] + 1
