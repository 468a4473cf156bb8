"""OpenAI, or any server that speaks its API: one call, one tool, streamed where somebody listens."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from contexts.prompt import REPLY_TOOL, Message
from services.drafts import Draft, Listening, Notes, read_draft
from services.errors import ModelAwayError, ModelError
from services.model_server import ServerOptions, faults
from services.usage import NOTHING, Usage

if TYPE_CHECKING:
    from openai import OpenAI
    from openai.types.chat import ChatCompletion


class OpenAiServer:
    """A model behind the chat completions API; the library is imported with the first call."""

    def __init__(self, options: ServerOptions) -> None:
        self._options = options
        self._made: OpenAI | None = None

    def ask(self, messages: Sequence[Message], seconds: float, heard: Callable[[str], None] | None) -> Draft:
        """Return the reply, within some seconds; raises ModelError, ModelAwayError where the server is to blame."""
        asked = {"messages": messages, "tools": [REPLY_TOOL], "tool_choice": "required"}
        with self._called(asked, seconds):
            if heard is None:
                return self._whole(asked, messages)
            return self._streamed(asked, messages, monotonic() + seconds, heard)

    def summarise(self, messages: Sequence[Message], seconds: float) -> Notes:
        """Return notes as plain text, within some seconds; raises as `ask` does."""
        asked: dict[str, Any] = {"messages": messages}
        with self._called(asked, seconds):
            completion = self._client().chat.completions.create(**asked)
            return Notes(completion.choices[0].message.content or "", completion.model, _spent(completion))

    @contextmanager
    def _called(self, asked: dict[str, Any], seconds: float) -> Iterator[None]:
        """Complete a request with what all of them have; raises ModelError."""
        from httpx2 import HTTPError  # noqa: PLC0415 - comes with it
        from openai import OpenAIError, Timeout  # noqa: PLC0415 - a heavy import, only for those with a model

        timeout = Timeout(seconds, connect=min(seconds, self._options.connect_timeout))
        asked |= {"model": self._options.name, "timeout": timeout}
        with faults(OpenAIError, HTTPError):  # the transport's own, when a stream is cut
            yield

    def _whole(self, asked: dict[str, Any], messages: Sequence[Message]) -> Draft:
        completion = self._client().chat.completions.create(**asked)
        spent = _spent(completion)
        call = (completion.choices[0].message.tool_calls or [])[0]
        if call.type != "function":
            raise ModelError("not the tool that was asked for", spent)
        return read_draft(call.function.arguments, messages, completion.model, spent)

    def _streamed(
        self, asked: dict[str, Any], messages: Sequence[Message], end: float, heard: Callable[[str], None]
    ) -> Draft:
        listening, model, spent = Listening(heard), self._options.name, NOTHING
        options = {**asked, "stream": True, "stream_options": {"include_usage": True}}
        with self._client().chat.completions.with_streaming_response.create(**options) as response:
            for event in _events(response.iter_lines()):
                if monotonic() > end:
                    raise ModelAwayError("time is over")
                if "error" in event:
                    raise ModelAwayError("an error amid the stream", again=True)
                model = event.get("model") or model
                if usage := event.get("usage"):
                    spent = Usage(usage["prompt_tokens"], usage["completion_tokens"])
                for choice in event.get("choices", ()):
                    for call in choice["delta"].get("tool_calls") or ():
                        listening.add(call["function"].get("arguments") or "")
        return read_draft(listening.arguments, messages, model, spent)

    def _client(self) -> "OpenAI":
        if self._made is None:
            from openai import OpenAI  # noqa: PLC0415 - see above

            self._made = OpenAI(api_key=self._options.key, base_url=self._options.base_url, max_retries=0)
        return self._made


def _spent(completion: "ChatCompletion") -> Usage:
    usage = completion.usage
    return Usage(usage.prompt_tokens, usage.completion_tokens) if usage else NOTHING


def _events(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    """Yield the events of a stream (HTML standard, "Server-sent events"), read plainly.

    The library makes objects of them, which costs ten times as much: a quarter of a millisecond a word.
    """
    for line in lines:
        if line.startswith("data:") and (data := line.removeprefix("data:").strip()) != "[DONE]":
            yield from_json(data)
