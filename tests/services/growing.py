"""A scene for answers that grow: a model that writes piece by piece, on a clock that moves when told."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from contexts.prompt import Message
from database.db import Database
from services.access import Role
from services.drafts import Draft
from services.errors import PermanentError
from services.gateways.memory_limiter import MemoryLimiter
from services.knowledge.passages import Found, Passage
from services.limits import Limiter
from services.ports import Outbound
from services.rates import Rates
from services.stream import Streams
from tests.services.bank import ADMIN, MODERATOR, Bank
from tests.twin_channel import TwinChannel
from tests.twins import FEE, Clock, TwinLibrary

ANSWER = "The card is free. It costs nothing. Ask for it today."
REFUSED = PermanentError("bad_request")


@dataclass
class Writer:
    """A model that writes an answer piece by piece; between the pieces time passes, and whatever a test wants."""

    clock: Clock
    pieces: Sequence[str] = ("The card", "The card is free. It", "The card is free. It costs nothing. Ask", ANSWER)
    draft: Draft = Draft("answer", ANSWER, (1,), "twin")  # noqa: RUF009 - frozen
    seconds: float = 1.0
    after: dict[int, Callable[[], object]] = field(default_factory=dict)
    settled: Callable[[], None] = lambda: None

    def reply(self, messages: Sequence[Message], heard: Callable[[str], None] | None = None) -> Draft:
        """Write."""
        assert messages
        for place, piece in enumerate(self.pieces):
            if heard:
                heard(piece)
            self.settled()
            if act := self.after.get(place):
                act()
            self.clock.now += self.seconds
        return self.draft


@dataclass
class Scene:
    """A bank whose answers grow, on a clock that moves when told."""

    database: Database
    loop: asyncio.AbstractEventLoop
    clock: Clock = field(default_factory=Clock)
    channel: TwinChannel = field(default_factory=TwinChannel)
    limiter: Limiter | None = None
    rates: Rates = field(default_factory=Rates)

    def __post_init__(self) -> None:
        """Put it together."""
        self.limiter = self.limiter or MemoryLimiter(self.clock)
        self.writer = Writer(self.clock, settled=self.settle)
        self.streams = Streams(self.database, self.channel, self.loop, self.limiter, self.rates, self.clock)
        known = Passage(replace(FEE, text=f"{ANSWER} One. Two. Three. Four. Five."), 0.9)
        library = TwinLibrary(Found((known,), 0.9, answerable=True))
        self.bank = Bank(self.database, model=self.writer, library=library, streams=self.streams)
        self.bank.grant(MODERATOR, Role.MODERATOR)
        self.bank.grant(ADMIN, Role.ADMIN)

    def settle(self) -> None:
        """Wait until the loop has nothing left that was given to it before."""
        for _ in range(3):
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self.loop).result(30)

    def answers(self) -> list[Outbound]:
        """Let the customer ask, and return what they are told by the AI at the end."""
        self.bank.asks("How much is the card?")
        self.bank.answering.run_due()
        self.settle()
        return [message for message in self.bank.outbound() if "answer." in message.html]

    @property
    def drafts(self) -> list[str]:
        """What was shown, without the words around it."""
        return [html.partition("text=")[2] for _, html in self.channel.drafts]


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Run an event loop beside the test, as a worker does."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def scene(database: Database, loop: asyncio.AbstractEventLoop) -> Scene:
    return Scene(database, loop)
