"""What each endpoint answers, before latency and faults: a body, or the chunks of a stream."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sandbox.model.answer import compose
from sandbox.model.completions import complete, tokens
from sandbox.model.control import Control, Entry
from sandbox.model.embeddings import embed, pack
from sandbox.model.errors import ApiError
from sandbox.model.messages import MessagesRequest, tell
from sandbox.model.prompt import read_prompt
from sandbox.model.requests import ChatRequest, EmbeddingsRequest
from sandbox.model.settings import ModelSettings

_Body = TypeVar("_Body", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer ready to be sent, with its outcome for the journal; a stream is a row of events."""

    outcome: str
    content: str
    events: tuple[str, ...] | None = None


async def list_models(settings: ModelSettings, _control: Control, _body: bytes, _entry: Entry) -> Answer:
    """`GET /v1/models`."""
    models = [{"id": name, "object": "model", "created": 0, "owned_by": "sandbox"} for name in settings.models]
    return Answer("models", _dump({"object": "list", "data": models}))


async def chat(_settings: ModelSettings, control: Control, body: bytes, entry: Entry) -> Answer:
    """`POST /v1/chat/completions`."""
    request = _parse(ChatRequest, body)
    raw = json.loads(body)
    entry.model, entry.stream = request.model, bool(request.stream)
    entry.messages, entry.tools = raw["messages"], raw.get("tools", [])
    prompt = read_prompt(request.messages)
    reply = control.scripted or compose(prompt)
    completion = complete(request, prompt, reply)
    if not request.stream:
        return Answer(reply.kind, _dump(completion.body()))
    include_usage = request.stream_options is not None and request.stream_options.include_usage
    return Answer(reply.kind, "", tuple(_events(completion.chunks(include_usage=include_usage))))


async def messages(_settings: ModelSettings, control: Control, body: bytes, entry: Entry) -> Answer:
    """`POST /v1/messages`, as Anthropic has it."""
    request = _parse(MessagesRequest, body)
    raw = json.loads(body)
    entry.model, entry.stream, entry.tools = request.model, request.stream, raw.get("tools", [])
    entry.messages = [{"role": "system", "content": request.system}, *raw["messages"]]
    reply = control.scripted or compose(read_prompt(request.messages))
    said = tell(request, reply)
    if not request.stream:
        return Answer(reply.kind, _dump(said.body()))
    return Answer(reply.kind, "", tuple(f"event: {event['type']}\ndata: {_dump(event)}\n\n" for event in said.events()))


async def embeddings(settings: ModelSettings, _control: Control, body: bytes, entry: Entry) -> Answer:
    """`POST /v1/embeddings`; the counting runs beside the event loop, others keep being served."""
    request = _parse(EmbeddingsRequest, body)
    entry.model = request.model
    texts = request.texts()
    vectors = await asyncio.to_thread(_embed_all, texts, request.dimensions or settings.dimensions)
    packed = request.encoding_format == "base64"
    data = [
        {"object": "embedding", "index": index, "embedding": pack(vector) if packed else vector}
        for index, vector in enumerate(vectors)
    ]
    total = sum(map(tokens, texts))
    usage = {"prompt_tokens": total, "total_tokens": total}
    return Answer("embeddings", _dump({"object": "list", "data": data, "model": request.model, "usage": usage}))


def _parse(kind: type[_Body], body: bytes) -> _Body:
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise ApiError.of_body(error) from error


def _embed_all(texts: Sequence[str], dimensions: int) -> list[list[float]]:
    return [embed(text, dimensions) for text in texts]


def _events(chunks: Iterator[dict[str, Any]]) -> Iterator[str]:
    for chunk in chunks:
        yield f"data: {_dump(chunk)}\n\n"
    yield "data: [DONE]\n\n"


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
