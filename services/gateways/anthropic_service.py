"""Anthropic's messages API: one call, one tool, streamed where somebody listens."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from contexts.prompt import REPLY_TOOL, Message
from services.drafts import Draft, Listening, Notes, read_draft
from services.errors import ModelAwayError, ModelError
from services.model_server import ServerOptions, faults
from services.usage import NOTHING, Usage

if TYPE_CHECKING:
    from anthropic import Anthropic

_MOST_TOKENS = 2_000  # of an answer, which the API wants to be told; the prompt asks for far less

_FUNCTION: Final[Any] = REPLY_TOOL["function"]
_TOOL: Final[Any] = {
    "name": _FUNCTION["name"],
    "description": _FUNCTION["description"],
    "input_schema": _FUNCTION["parameters"],
    "eager_input_streaming": True,  # else the text comes all at once, when it is complete
}


class AnthropicServer:
    """A model behind the messages API; the library is imported with the first call."""

    def __init__(self, options: ServerOptions) -> None:
        self._options = options
        self._made: Anthropic | None = None

    def ask(self, messages: Sequence[Message], seconds: float, heard: Callable[[str], None] | None) -> Draft:
        """Return the reply, within some seconds; raises ModelError, ModelAwayError where the server is to blame."""
        asked: dict[str, Any] = {
            "tools": [_TOOL],
            "tool_choice": {"type": "tool", "name": _TOOL["name"], "disable_parallel_tool_use": True},
        }
        with self._called(asked, messages, seconds):
            if heard is None:
                return self._whole(asked, messages)
            return self._streamed(asked, messages, monotonic() + seconds, heard)

    def summarise(self, messages: Sequence[Message], seconds: float) -> Notes:
        """Return notes as plain text, within some seconds; raises as `ask` does."""
        asked: dict[str, Any] = {}
        with self._called(asked, messages, seconds):
            message = self._client().messages.create(**asked)
            text = "".join(block.text for block in message.content if block.type == "text")
            return Notes(text, message.model, Usage(message.usage.input_tokens, message.usage.output_tokens))

    @contextmanager
    def _called(self, asked: dict[str, Any], messages: Sequence[Message], seconds: float) -> Iterator[None]:
        """Complete a request with what all of them have; raises ModelError."""
        from anthropic import AnthropicError, Timeout  # noqa: PLC0415 - a heavy import, only for those with this model
        from httpx2 import HTTPError  # noqa: PLC0415 - comes with it

        asked |= {
            "model": self._options.name,
            "max_tokens": _MOST_TOKENS,
            "system": messages[0]["content"],
            "messages": messages[1:],
            "timeout": Timeout(seconds, connect=min(seconds, self._options.connect_timeout)),
        }
        with faults(AnthropicError, HTTPError):  # the transport's own, when a stream is cut
            yield

    def _whole(self, asked: dict[str, Any], messages: Sequence[Message]) -> Draft:
        message = self._client().messages.create(**asked)
        spent = Usage(message.usage.input_tokens, message.usage.output_tokens)
        calls = [block for block in message.content if block.type == "tool_use"]
        if not calls:
            raise ModelError("not the tool that was asked for", spent)
        return read_draft(calls[0].input, messages, message.model, spent)

    def _streamed(
        self, asked: dict[str, Any], messages: Sequence[Message], end: float, heard: Callable[[str], None]
    ) -> Draft:
        listening, model, spent = Listening(heard), self._options.name, NOTHING
        with self._client().messages.create(**asked, stream=True) as stream:
            for event in stream:
                if monotonic() > end:
                    raise ModelAwayError("time is over")
                match event.type:
                    case "message_start":
                        model = event.message.model
                        spent = Usage(event.message.usage.input_tokens)
                    case "content_block_delta" if event.delta.type == "input_json_delta":
                        listening.add(event.delta.partial_json)
                    case "message_delta":
                        spent = Usage(spent.tokens_in, event.usage.output_tokens)
        return read_draft(listening.arguments, messages, model, spent)

    def _client(self) -> "Anthropic":
        if self._made is None:
            from anthropic import Anthropic  # noqa: PLC0415 - see above

            self._made = Anthropic(api_key=self._options.key, base_url=self._options.base_url, max_retries=0)
        return self._made
