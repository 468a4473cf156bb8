"""Anthropic's messages API: what a request has to hold, and a reply as a body or as the events of a stream."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from sandbox.model.answer import Reply
from sandbox.model.completions import tokens
from sandbox.model.requests import Message, Name
from sandbox.model.shape import fill

_PIECE = re.compile(r"\s*\S+\s*")


class InputTool(BaseModel):
    """A tool that the model may use; `input_schema` is its JSON schema."""

    name: Name
    input_schema: dict[str, Any]


class ToolChoice(BaseModel):
    """Whether a tool has to be used, and which."""

    type: Literal["auto", "any", "tool", "none"]
    name: str | None = None


class MessagesRequest(BaseModel):
    """`POST /v1/messages`; any model name is accepted.

    A tool is used where any is offered; streams of plain text are not built.
    """

    model_config = ConfigDict(strict=True)

    model: Annotated[str, StringConstraints(min_length=1)]
    max_tokens: int = Field(ge=1)
    messages: list[Message] = Field(min_length=1)
    system: str = ""
    tools: list[InputTool] = Field(default_factory=list)
    tool_choice: ToolChoice = ToolChoice(type="auto")
    stream: bool = False

    @model_validator(mode="after")
    def _goes_together(self) -> "MessagesRequest":
        if self.messages[0].role != "user":
            raise ValueError("messages: first message must use the user role")
        if strange := {message.role for message in self.messages} - {"user", "assistant"}:
            raise ValueError(f"messages: unexpected role {strange.pop()}")
        if self.tool_choice.type == "tool" and self.tool_choice.name not in {tool.name for tool in self.tools}:
            raise ValueError(f"tool_choice: tool {self.tool_choice.name} not found in tools")
        if self.stream and not self.tools:
            raise ValueError("stream: streams of plain text are not built here")
        return self


@dataclass(frozen=True)
class Spoken:
    """A reply as one use of a tool, or as plain text where `tool` is None, with the token counts of the call."""

    id: str
    model: str
    tool: str | None
    arguments: dict[str, Any]
    tokens_in: int

    def body(self) -> dict[str, Any]:
        """Return the answer to a request without a stream."""
        call = {"type": "tool_use", "id": self._call_id, "name": self.tool, "input": self.arguments}
        usage = {"input_tokens": self.tokens_in, "output_tokens": self._tokens_out}
        if self.tool is None:
            return self._envelope([{"type": "text", "text": self.arguments["text"]}], "end_turn", usage)
        return self._envelope([call], "tool_use", usage)

    def events(self) -> Iterator[dict[str, Any]]:
        """Yield the events of a stream, the arguments in pieces of their JSON."""
        usage = {"input_tokens": self.tokens_in, "output_tokens": 1}
        call: dict[str, Any] = {"type": "tool_use", "id": self._call_id, "name": self.tool, "input": {}}
        yield {"type": "message_start", "message": self._envelope([], None, usage)}
        yield {"type": "content_block_start", "index": 0, "content_block": call}
        for piece in _PIECE.findall(self._json):
            delta = {"type": "input_json_delta", "partial_json": piece}
            yield {"type": "content_block_delta", "index": 0, "delta": delta}
        yield {"type": "content_block_stop", "index": 0}
        end = {"stop_reason": "tool_use", "stop_sequence": None}
        yield {"type": "message_delta", "delta": end, "usage": {"output_tokens": self._tokens_out}}
        yield {"type": "message_stop"}

    @property
    def _call_id(self) -> str:
        return f"toolu_{self.id}"

    @property
    def _json(self) -> str:
        return json.dumps(self.arguments, ensure_ascii=False)

    @property
    def _tokens_out(self) -> int:
        return tokens(self._json)

    def _envelope(self, content: list[Any], reason: str | None, usage: dict[str, int]) -> dict[str, Any]:
        return {
            "id": f"msg_{self.id}",
            "type": "message",
            "role": "assistant",
            "model": self.model,
            "content": content,
            "stop_reason": reason,
            "stop_sequence": None,
            "usage": usage,
        }


def tell(request: MessagesRequest, reply: Reply) -> Spoken:
    """Put a reply into the form that the request wants: the tool it names, or the first one."""
    named = (tool for tool in request.tools if tool.name == request.tool_choice.name)
    tool = next(named, request.tools[0] if request.tools else None)
    tokens_in = tokens(request.system) + sum(tokens(message.plain()) for message in request.messages)
    arguments = fill(tool.input_schema, reply.fields()) if tool else reply.fields()
    return Spoken(uuid4().hex, request.model, tool.name if tool else None, arguments, tokens_in)
