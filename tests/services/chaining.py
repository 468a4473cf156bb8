"""What tests of the chain share: servers that do as they are told, and a chain of them on one clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from contexts.prompt import Message
from database.db import Database
from services.budget import DailyBudget
from services.drafts import Draft, ModelServer, Notes
from services.errors import ModelAwayError, ModelError
from services.models import ModelChain, Provider
from services.usage import Usage
from tests.twins import Clock
from utils.breaker import Breaker

GOOD = Draft("answer", "Free.", (1,), "m", usage=Usage(1000, 10))
BUSY = ModelAwayError("RateLimitError", again=True)
GONE = ModelAwayError("AuthenticationError")
USELESS = ModelError("empty answer", Usage(500, 5))


@dataclass
class Scripted:
    """A server that does one thing after the other, each taking some seconds of the clock."""

    clock: Clock
    script: list[Draft | Exception]
    takes: float = 0.0
    given: list[float] = field(default_factory=list)

    def ask(self, messages: Sequence[Message], seconds: float, heard: Callable[[str], None] | None) -> Draft:
        """Do the next thing."""
        assert messages
        self.given.append(seconds)
        self.clock.now += min(self.takes, seconds)
        step = self.script.pop(0)
        if isinstance(step, Exception):
            raise step
        if heard:
            heard(step.text)
        return step

    def summarise(self, messages: Sequence[Message], seconds: float) -> Notes:
        """Do the next thing, as notes."""
        draft = self.ask(messages, seconds, None)
        return Notes(draft.text, draft.model, draft.usage)


@dataclass
class Setting:
    """A chain over scripted servers on one clock; `slept` are its pauses."""

    database: Database
    clock: Clock = field(default_factory=Clock)
    slept: list[float] = field(default_factory=list)
    limit: int = 0

    def chain(self, *servers: ModelServer, seconds: float = 60.0) -> ModelChain:
        """Return a chain of servers named a, b, c …, at 2 and 20 a million tokens."""
        providers = [
            Provider(name, f"model-{name}", server, Breaker(name, failures=2, clock=self.clock), 2.0, 20.0)
            for name, server in zip("abc", servers, strict=False)
        ]
        return ModelChain(providers, self.budget(), seconds, self.clock, self.sleep)

    def budget(self) -> DailyBudget:
        """Return the day's budget."""
        return DailyBudget(self.database, self.limit, self.clock)

    def server(self, *script: Draft | Exception, takes: float = 0.0) -> Scripted:
        """Return a server."""
        return Scripted(self.clock, list(script), takes)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.clock.now += seconds


@pytest.fixture
def setting(database: Database) -> Setting:
    return Setting(database)
