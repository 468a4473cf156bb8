"""OpenAI, or any server that speaks its API: one call, one tool, its answer checked before anybody believes it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel, Field, ValidationError

from contexts.prompt import REPLY_TOOL, Message
from services.errors import ModelError
from services.metrics import BREAKER_OPEN, MODEL_COST, MODEL_TOKENS
from services.ports import Draft
from utils.breaker import Breaker, BreakerStatus
from utils.conventions import chat, reply
from utils.tracing import SpanKind, note, span

if TYPE_CHECKING:
    from openai import OpenAI


class _Arguments(BaseModel):
    kind: str = Field(pattern="^(answer|not_found|handover)$")
    text: str = ""
    sources: tuple[int, ...] = ()


@dataclass(frozen=True)
class OpenAiOptions:
    """Where the model is, how long to wait for it (seconds), and what a million tokens in and out cost."""

    key: str = field(repr=False)
    base_url: str
    name: str
    timeout: float
    connect_timeout: float
    price_in: float = 0.0
    price_out: float = 0.0


class OpenAiModel:
    """A model behind the chat completions API; the library is imported with the first call."""

    def __init__(self, options: OpenAiOptions, breaker: Breaker) -> None:
        self._options = options
        self._breaker = breaker
        self._made: OpenAI | None = None

    def reply(self, messages: Sequence[Message]) -> Draft:
        """Return the model's reply; raises ModelError for whatever goes wrong, at once while the breaker is open."""
        if not self._breaker.allow():
            raise ModelError("the breaker is open")
        try:
            name = self._options.name
            with span(f"chat {name}", kind=SpanKind.CLIENT, attributes=chat("openai", name)):
                draft = self._ask(list(messages))
        except ModelError:
            self._breaker.failure()
            raise
        else:
            self._breaker.success()
        finally:
            BREAKER_OPEN.labels("model").set(self._breaker.status is not BreakerStatus.CLOSED)
        return draft

    def summarise(self, messages: Sequence[Message]) -> str:
        """Return notes as plain text; raises ModelError, at once while the breaker is open."""
        from openai import OpenAIError  # noqa: PLC0415 - a heavy import, only for those with a model

        if not self._breaker.allow():
            raise ModelError("the breaker is open")
        try:
            told = cast("Any", list(messages))
            completion = self._client().chat.completions.create(model=self._options.name, messages=told)
            text = completion.choices[0].message.content or ""
        except (OpenAIError, IndexError, AttributeError, TypeError) as error:
            self._breaker.failure()
            raise ModelError(type(error).__name__) from error
        self._breaker.success()
        if completion.usage:
            self._count(completion.usage.prompt_tokens, completion.usage.completion_tokens)
        return text

    def _ask(self, messages: list[Any]) -> Draft:
        from openai import OpenAIError  # noqa: PLC0415 - a heavy import, only for those with a model

        try:
            completion = self._client().chat.completions.create(
                model=self._options.name, messages=messages, tools=[cast("Any", REPLY_TOOL)], tool_choice="required"
            )
            call = (completion.choices[0].message.tool_calls or [])[0]
            if call.type != "function":
                raise ModelError("not the tool that was asked for")
            arguments = _Arguments.model_validate(json.loads(call.function.arguments))
        except (OpenAIError, ValidationError, ValueError, IndexError, AttributeError, TypeError) as error:
            raise ModelError(type(error).__name__) from error
        usage = completion.usage
        tokens = (usage.prompt_tokens, usage.completion_tokens) if usage else (None, None)
        note(reply(completion.model, *tokens))
        if usage:
            self._count(usage.prompt_tokens, usage.completion_tokens)
        return _checked(arguments, completion.model, messages[-1]["content"].count("<passage "))

    def _count(self, tokens_in: int, tokens_out: int) -> None:
        MODEL_TOKENS.labels("in").inc(tokens_in)
        MODEL_TOKENS.labels("out").inc(tokens_out)
        MODEL_COST.inc((tokens_in * self._options.price_in + tokens_out * self._options.price_out) / 1_000_000)

    def _client(self) -> "OpenAI":
        if self._made is None:
            from openai import OpenAI, Timeout  # noqa: PLC0415 - see above

            options = self._options
            timeout = Timeout(options.timeout, connect=options.connect_timeout)
            self._made = OpenAI(api_key=options.key, base_url=options.base_url, timeout=timeout, max_retries=1)
        return self._made


def _checked(arguments: _Arguments, model: str, passages: int) -> Draft:
    """Refuse a draft that says nothing, or names passages that were not there."""
    if arguments.kind == "answer" and not arguments.text.strip():
        raise ModelError("empty answer")
    sources = tuple(number for number in arguments.sources if 1 <= number <= passages)
    if len(sources) != len(arguments.sources):
        raise ModelError("unknown source")
    return Draft(arguments.kind, arguments.text, sources, model)  # type: ignore[arg-type]  # the pattern holds it
