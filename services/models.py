"""The chain of language models: one server after the other, each behind its breaker, within one time and one budget."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from contexts.prompt import Message
from services.budget import DailyBudget
from services.drafts import Draft, ModelServer, Notes
from services.errors import ModelAwayError, ModelError, ServiceError
from services.metrics import BREAKER_OPEN, MODEL_CALLS, MODEL_COST, MODEL_TOKENS
from services.usage import NOTHING, Usage
from utils.breaker import Breaker, BreakerStatus
from utils.conventions import chat, reply
from utils.tracing import SpanKind, note, span

_RETRIES = 2
_FIRST_PAUSE = 0.5  # seconds; doubled each time, and up to half of it taken off at random, so that nobody walks in step

Heard = Callable[[str], None] | None
Said = TypeVar("Said", Draft, Notes)


@dataclass(frozen=True)
class Provider:
    """One server of a model under its name, with its breaker and what a million tokens in and out cost there."""

    name: str
    model: str
    server: ModelServer
    breaker: Breaker
    price_in: float = 0.0
    price_out: float = 0.0


class ModelChain:
    """Asks providers in their order; `seconds` is what one reply may take, all attempts together.

    Each provider may use its share of what is left, so that one that hangs leaves time for those after it.
    """

    def __init__(
        self,
        providers: Sequence[Provider],
        budget: DailyBudget,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._providers = tuple(providers)
        self._budget = budget
        self._seconds = seconds
        self._clock = clock
        self._sleep = sleep

    def reply(self, messages: Sequence[Message], heard: Heard = None) -> Draft:
        """Return the first provider's reply that can be used; raises ModelError, with all that was spent."""
        provider, draft, spent = self._first(lambda server, seconds: server.ask(messages, seconds, heard))
        return replace(draft, provider=provider, usage=spent)

    def summarise(self, messages: Sequence[Message]) -> str:
        """Return the notes that a prompt asks for; raises ModelError."""
        return self.note(messages).text

    def note(self, messages: Sequence[Message]) -> Notes:
        """Return the text that a prompt asks for, with all that was spent on it; raises ModelError."""
        _, notes, spent = self._first(lambda server, seconds: server.summarise(messages, seconds))
        return replace(notes, usage=spent)

    def _first(self, act: Callable[[ModelServer, float], Said]) -> tuple[str, Said, Usage]:
        """Return whose answer it is, the answer, and what was spent on the way to it."""
        self._budget.check()
        end, spent, reasons = self._clock() + self._seconds, NOTHING, []
        for place, provider in enumerate(self._providers):
            now = self._clock()
            share = now + (end - now) / (len(self._providers) - place)
            try:
                said = self._guarded(provider, act, share)
            except ModelError as error:
                reasons.append(f"{provider.name}: {error}")
                spent += self._priced(provider, error.usage)
                continue
            spent += self._priced(provider, said.usage)
            return provider.name, said, spent
        raise ModelError("; ".join(reasons), spent)

    def _guarded(self, provider: Provider, act: Callable[[ModelServer, float], Said], end: float) -> Said:
        if not provider.breaker.allow():
            MODEL_CALLS.labels(provider.name, "left_alone").inc()
            BREAKER_OPEN.labels(provider.name).set(1)
            raise ModelError("the breaker is open")
        try:
            said = self._attempts(provider, act, end)
        except ModelAwayError:
            provider.breaker.failure()
            raise
        except ServiceError:  # an answer of no use, or one that nobody wants any more: the server itself is well
            provider.breaker.success()
            raise
        else:
            provider.breaker.success()
        finally:
            BREAKER_OPEN.labels(provider.name).set(provider.breaker.status is not BreakerStatus.CLOSED)
        return said

    def _attempts(self, provider: Provider, act: Callable[[ModelServer, float], Said], end: float) -> Said:
        """Ask until there is an answer or no sense in asking again: faults of the moment are retried, others not."""
        attempt = 0
        while True:
            outcome = "stopped"
            try:
                said = self._asked(provider, act, end - self._clock())
                outcome = "ok"
            except ModelAwayError as error:
                outcome = "away"
                pause = _FIRST_PAUSE * 2**attempt * random.uniform(0.5, 1) if error.after is None else error.after  # noqa: S311 - spreads load, hides nothing
                if not error.again or attempt == _RETRIES or self._clock() + pause >= end:
                    raise
            except ModelError:
                outcome = "unusable"
                raise
            else:
                return said
            finally:
                MODEL_CALLS.labels(provider.name, outcome).inc()
            self._sleep(pause)
            attempt += 1

    def _asked(self, provider: Provider, act: Callable[[ModelServer, float], Said], seconds: float) -> Said:
        described = chat(provider.name, provider.model)
        with span(f"chat {provider.model}", kind=SpanKind.CLIENT, attributes=described):
            said = act(provider.server, seconds)
            note(reply(said.model, said.usage.tokens_in, said.usage.tokens_out))
        return said

    def _priced(self, provider: Provider, usage: Usage) -> Usage:
        priced = usage.priced(provider.price_in, provider.price_out)
        MODEL_TOKENS.labels("in").inc(priced.tokens_in)
        MODEL_TOKENS.labels("out").inc(priced.tokens_out)
        MODEL_COST.inc(priced.cost / 1_000_000)
        self._budget.add(priced.cost)
        return priced
