"""Chat completions of the model server through OpenAI's own client: answers, streams, tools and shapes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from openai import OpenAI
from openai.types.chat import (
    ChatCompletion,
    ChatCompletionFunctionToolParam,
    ChatCompletionMessageFunctionToolCall,
    ChatCompletionToolChoiceOptionParam,
)

from sandbox.model.running import running_model
from sandbox.model.settings import ModelSettings

PROMPT = """
<passages>
<passage id="3" title="Сколько стоят уведомления?">Push бесплатны. СМС стоят 79 ₽ в месяц.</passage>
<passage id="8" title="Как работают отделения?">По будням с 9:00 до 20:00, воскресенье выходной.</passage>
</passages>
<question>{}</question>
"""
REPLY: ChatCompletionFunctionToolParam = {
    "type": "function",
    "function": {
        "name": "reply",
        "parameters": {
            "type": "object",
            "properties": {
                "kind": {"enum": ["answer", "not_found", "handover"]},
                "text": {"type": "string"},
                "sources": {"type": "array", "items": {"type": "integer"}},
            },
            "required": ["kind", "text", "sources"],
        },
    },
}
COUNT: ChatCompletionFunctionToolParam = {
    "type": "function",
    "function": {
        "name": "count",
        "parameters": {
            "type": "object",
            "properties": {
                "number": {"type": "integer"},
                "unit": {"enum": ["day", "week"]},
                "note": {"type": "string"},
            },
            "required": ["number", "unit"],
        },
    },
}
HOURS = "По будням с 9:00 до 20:00, воскресенье выходной."


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running_model(ModelSettings(port=0, latency=0)) as running:
        yield running


@pytest.fixture
def client(address: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{address}/v1", api_key="any", max_retries=0) as made:
        yield made


def _reply(client: OpenAI, question: str) -> dict[str, Any]:
    answer = client.chat.completions.create(
        model="m",
        messages=[
            {"role": "system", "content": "Answer."},
            {"role": "user", "content": PROMPT.format(question)},
        ],
        tools=[REPLY],
        tool_choice="required",
    )
    assert answer.choices[0].finish_reason == "tool_calls"
    return _arguments(answer, "reply")


def _arguments(answer: ChatCompletion, name: str) -> dict[str, Any]:
    calls = answer.choices[0].message.tool_calls
    assert calls is not None
    (call,) = calls
    assert isinstance(call, ChatCompletionMessageFunctionToolCall)
    assert call.function.name == name
    arguments: dict[str, Any] = json.loads(call.function.arguments)
    return arguments


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("как работает отделение в воскресенье", {"kind": "answer", "text": HOURS, "sources": [8]}),
        ("застраховать собаку", {"kind": "not_found", "text": "", "sources": []}),
        ("позовите оператора", {"kind": "handover", "text": "", "sources": []}),
    ],
)
def test_reply_tool_is_called_with_the_decision(client: OpenAI, question: str, expected: dict[str, Any]) -> None:
    assert _reply(client, question) == expected


def test_without_tools_the_answer_is_plain_text(client: OpenAI) -> None:
    answer = client.chat.completions.create(
        model="named-model", messages=[{"role": "user", "content": PROMPT.format("как работают отделения")}]
    )
    assert answer.model == "named-model"
    assert answer.choices[0].message.content == HOURS
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 12
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


@pytest.mark.parametrize(("question", "start"), [("чем кормить кота", "Не знаю"), ("what do cats eat", "I don't know")])
def test_without_tools_ignorance_is_said_in_the_questions_language(client: OpenAI, question: str, start: str) -> None:
    answer = client.chat.completions.create(model="m", messages=[{"role": "user", "content": PROMPT.format(question)}])
    assert (answer.choices[0].message.content or "").startswith(start)


def test_stream_carries_the_same_text_in_pieces(client: OpenAI) -> None:
    stream = client.chat.completions.create(
        model="m",
        messages=[{"role": "user", "content": PROMPT.format("как работают отделения")}],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(pieces) == HOURS
    assert len([piece for piece in pieces if piece]) == len(HOURS.split())
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert all(chunk.usage is None for chunk in chunks[:-1])


def test_stream_carries_a_tool_call_in_pieces(client: OpenAI) -> None:
    with client.chat.completions.stream(
        model="m",
        messages=[{"role": "user", "content": PROMPT.format("как работают отделения")}],
        tools=[REPLY],
    ) as stream:
        final = stream.get_final_completion()
    assert _arguments(final, "reply") == {"kind": "answer", "text": HOURS, "sources": [8]}


@pytest.mark.parametrize(
    ("tools", "choice"),
    [([COUNT], "required"), ([REPLY, COUNT], {"type": "function", "function": {"name": "count"}})],
)
def test_a_demanded_tool_is_called_with_what_its_schema_needs(
    client: OpenAI, tools: list[ChatCompletionFunctionToolParam], choice: ChatCompletionToolChoiceOptionParam
) -> None:
    answer = client.chat.completions.create(
        model="m", messages=[{"role": "user", "content": "x"}], tools=tools, tool_choice=choice
    )
    assert _arguments(answer, "count") == {"number": 0, "unit": "day"}


def test_strange_tools_are_not_called_unless_a_call_is_required(client: OpenAI) -> None:
    answer = client.chat.completions.create(
        model="m",
        messages=[{"role": "user", "content": PROMPT.format("как работают отделения")}],
        tools=[COUNT],
    )
    assert answer.choices[0].message.tool_calls is None
    assert answer.choices[0].message.content == HOURS


def test_structured_answer_follows_its_schema(client: OpenAI) -> None:
    schema: dict[str, object] = {
        "type": "object",
        "properties": {"sources": {"type": "array"}, "sure": {"type": "boolean"}},
        "required": ["sources", "sure"],
    }
    answer = client.chat.completions.create(
        model="m",
        messages=[{"role": "user", "content": PROMPT.format("как работают отделения")}],
        response_format={"type": "json_schema", "json_schema": {"name": "s", "schema": schema}},
    )
    assert json.loads(answer.choices[0].message.content or "") == {"sources": [8], "sure": False}
