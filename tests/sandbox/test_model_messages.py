"""The model server's other dialect, as Anthropic's own client meets it; replies put into its mouth, and their pace."""

import time
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest
from anthropic import Anthropic, AuthenticationError, BadRequestError, InternalServerError
from openai import OpenAI

TEXT = "Карта бесплатна первые два месяца."
QUESTION = f'<passages><passage id="1" title="Карта">{TEXT}</passage></passages><question>карта</question>'
SCHEMA = {
    "type": "object",
    "properties": {"kind": {"type": "string"}, "sources": {"type": "array"}, "text": {"type": "string"}},
    "required": ["kind", "sources", "text"],
}
ASKED: Final[Any] = {
    "model": "m",
    "max_tokens": 100,
    "system": "Answer.",
    "messages": [{"role": "user", "content": QUESTION}],
    "tools": [{"name": "reply", "input_schema": SCHEMA}],
    "tool_choice": {"type": "tool", "name": "reply"},
}


@pytest.fixture
def client(address: str, control: httpx.Client) -> Iterator[Anthropic]:
    assert control.base_url == httpx.URL(address)
    with Anthropic(base_url=address, api_key="any", max_retries=0) as made:
        yield made


def test_a_reply_is_the_use_of_a_tool(client: Anthropic, control: httpx.Client) -> None:
    message = client.messages.create(**ASKED)
    [call] = message.content
    assert call.type == "tool_use"
    assert (call.name, call.input) == ("reply", {"kind": "answer", "sources": [1], "text": TEXT})
    assert (message.stop_reason, message.model) == ("tool_use", "m")
    assert message.usage.input_tokens > message.usage.output_tokens > 0
    [entry] = control.get("/control/model/journal").json()["requests"]
    assert (entry["path"], entry["outcome"], entry["model"]) == ("/v1/messages", "answer", "m")
    assert [told["role"] for told in entry["messages"]] == ["system", "user"]
    assert entry["tools"][0]["name"] == "reply"


def test_a_stream_builds_the_same_message_up(client: Anthropic) -> None:
    whole = client.messages.create(**ASKED)
    with client.messages.stream(**ASKED) as stream:
        pieces = [event.partial_json for event in stream if event.type == "input_json"]
        streamed = stream.get_final_message()
    assert len(pieces) > 3
    assert [block.model_dump(exclude={"id"}) for block in streamed.content] == [
        block.model_dump(exclude={"id"}) for block in whole.content
    ]
    assert streamed.usage.output_tokens == whole.usage.output_tokens


@pytest.mark.parametrize(
    "wrong",
    [
        {"messages": []},
        {"messages": [{"role": "assistant", "content": "Hello"}]},
        {"messages": [{"role": "user", "content": "a"}, {"role": "system", "content": "b"}]},
        {"max_tokens": 0},
        {"tool_choice": {"type": "tool", "name": "other"}},
    ],
    ids=str,
)
def test_bad_requests_are_refused(client: Anthropic, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadRequestError):
        client.messages.create(**(ASKED | wrong))


def test_a_key_must_be_there_and_faults_strike_here_too(address: str, client: Anthropic, control: httpx.Client) -> None:
    assert httpx.post(f"{address}/v1/messages", json=ASKED).status_code == 401
    control.put("/control/model", json={"fault": "status", "status": 500, "times": 1})
    with pytest.raises(InternalServerError):
        client.messages.create(**ASKED)
    control.put("/control/model", json={"fault": "status", "status": 401, "times": 1})
    with pytest.raises(AuthenticationError):
        client.messages.create(**ASKED)
    assert client.messages.create(**ASKED).stop_reason == "tool_use"


def test_a_reply_may_be_put_into_its_mouth(address: str, client: Anthropic, control: httpx.Client) -> None:
    said = {"kind": "clarify", "text": "Которая карта?", "sources": [], "language": "kk"}
    plan = control.put("/control/model", json={"reply": said}).json()
    assert plan["reply"] == said
    [call] = client.messages.create(**ASKED).content
    assert call.type == "tool_use"
    assert call.input == {"kind": "clarify", "sources": [], "text": "Которая карта?"}, "as far as the schema has it"
    with OpenAI(base_url=f"{address}/v1", api_key="any", max_retries=0) as other:
        completion = other.chat.completions.create(
            model="m",
            messages=[{"role": "user", "content": QUESTION}],
            tools=[{"type": "function", "function": {"name": "reply"}}],
        )
    [tool_call] = completion.choices[0].message.tool_calls or []
    assert tool_call.type == "function"
    assert '"language": "kk"' in tool_call.function.arguments
    assert control.put("/control/model", json={"reply": {"kind": "shout"}}).status_code == 400


def test_a_pace_parts_the_events(client: Anthropic, control: httpx.Client) -> None:
    control.put("/control/model", json={"pace": 0.02})
    started = time.monotonic()
    times = [time.monotonic() for _ in client.messages.create(**ASKED, stream=True)]
    assert len(times) > 10
    assert times[-1] - started >= 0.02 * (len(times) - 1), "no event comes before its time"
