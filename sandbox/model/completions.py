"""Bodies of chat completions: a whole one, or the chunks of a stream."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from time import time
from typing import Any
from uuid import uuid4

from sandbox.model.answer import Kind, Reply, unknown
from sandbox.model.prompt import Prompt
from sandbox.model.requests import ChatRequest, Choice, Function
from sandbox.model.shape import fill

_REPLY_TOOL = "reply"
_PIECE = re.compile(r"\s*\S+\s*")
_CHARACTERS_A_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model says: a text, or a call of a tool when `tool` is set, with the arguments as text."""

    id: str
    model: str
    created: int
    text: str
    tool: str | None
    prompt_tokens: int

    @property
    def finish_reason(self) -> str:
        """Why the model stopped."""
        return "stop" if self.tool is None else "tool_calls"

    def usage(self) -> dict[str, int]:
        """Return token counts, reckoned from characters."""
        completion = tokens(self.text)
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": completion,
            "total_tokens": self.prompt_tokens + completion,
        }

    def body(self) -> dict[str, Any]:
        """Return the answer to a request without a stream."""
        message: dict[str, Any] = {"role": "assistant", "content": self.text, "refusal": None}
        if self.tool is not None:
            call = {
                "id": self._call_id,
                "type": "function",
                "function": {"name": self.tool, "arguments": self.text},
            }
            message |= {"content": None, "tool_calls": [call]}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self.finish_reason}
        return self._envelope("chat.completion") | {"choices": [choice], "usage": self.usage()}

    def chunks(self, *, include_usage: bool) -> Iterator[dict[str, Any]]:
        """Yield the chunks of a stream: role, pieces, the reason of the end and, if asked for, the usage."""
        extra: dict[str, Any] = {"usage": None} if include_usage else {}
        envelope = self._envelope("chat.completion.chunk") | extra
        for delta in self._deltas():
            yield envelope | {"choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": None}]}
        end = {"index": 0, "delta": {}, "logprobs": None, "finish_reason": self.finish_reason}
        yield envelope | {"choices": [end]}
        if include_usage:
            yield envelope | {"choices": [], "usage": self.usage()}

    @property
    def _call_id(self) -> str:
        return f"call_{self.id}"

    def _envelope(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}

    def _deltas(self) -> Iterator[dict[str, Any]]:
        pieces = _PIECE.findall(self.text)
        if self.tool is None:
            yield {"role": "assistant", "content": ""}
            yield from ({"content": piece} for piece in pieces)
            return
        call = {
            "index": 0,
            "id": self._call_id,
            "type": "function",
            "function": {"name": self.tool, "arguments": ""},
        }
        yield {"role": "assistant", "content": None, "tool_calls": [call]}
        yield from ({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]} for piece in pieces)


def complete(request: ChatRequest, prompt: Prompt, reply: Reply) -> Completion:
    """Put a reply into the form that the request wants: a tool call, structured text or plain text."""
    function = _called(request)
    structured = request.response_format
    if function is not None:
        text = _json(fill(function.parameters, reply.fields()))
    elif structured is not None and structured.type != "text":
        text = _json(fill(structured.json_schema.shape if structured.json_schema else {}, reply.fields()))
    else:
        text = reply.text if reply.kind is Kind.ANSWER else unknown(prompt.question)
    return Completion(
        id=f"chatcmpl-{uuid4().hex}",
        model=request.model,
        created=int(time()),
        text=text,
        tool=function.name if function else None,
        prompt_tokens=sum(tokens(message.plain()) for message in request.messages),
    )


def tokens(text: str) -> int:
    """Reckon how many tokens a text is."""
    return -(-len(text) // _CHARACTERS_A_TOKEN)


def _called(request: ChatRequest) -> Function | None:
    """Choose the tool: the named one; `reply` where it is offered; any other only if a call is required."""
    functions = {tool.function.name: tool.function for tool in request.tools}
    if isinstance(request.tool_choice, Choice):
        return functions[request.tool_choice.function.name]
    if request.tool_choice == "none" or not functions:
        return None
    if _REPLY_TOOL in functions or request.tool_choice == "auto":
        return functions.get(_REPLY_TOOL)
    return next(iter(functions.values()))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
