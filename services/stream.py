"""Streams: an answer grows in the chat while it is written, if nobody came first and the limits have room to spare."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from logging import getLogger
from threading import BoundedSemaphore
from time import monotonic
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from database.db import Database
from database.queries.conversation import Claim
from services.errors import DeliveryError, OutcomeUnknown, PermanentError, ThrottledError, Unwanted
from services.limits import Limiter
from services.metrics import DRAFTS
from services.ports import Channel, Outbound
from services.rates import Rates

_EVERY = 0.7  # seconds between looks at an answer; also how soon a person who takes over, or the switch, is noticed
_MOST = 32  # answers of a process that grow at a time: under more load they come whole, which costs less of everything
_LONGEST_WAIT = 10.0  # seconds for what is under way, which has a shorter time limit of its own

_log = getLogger(__name__)


@dataclass(frozen=True)
class Streams:
    """Opens streams; what they show goes through the channel on its own event loop."""

    database: Database
    channel: Channel
    loop: asyncio.AbstractEventLoop
    limiter: Limiter
    rates: Rates
    clock: Callable[[], float] = monotonic
    slots: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(_MOST))

    @contextmanager
    def open(self, claim: Claim, chat_id: int, draft_id: int) -> Iterator["Stream | None"]:
        """Let an answer grow while the block runs, or yield None when too many do; what it left over is taken back."""
        if not self.slots.acquire(blocking=False):
            yield None
            return
        stream = Stream(self, claim, chat_id, draft_id)
        try:
            yield stream
        finally:
            self.slots.release()
            stream.close()

    @property
    def bot_key(self) -> str:
        """The limiter's key of the whole bot."""
        return f"send:{self.database.bot_id}"

    def start(self, act: Coroutine[Any, Any, None]) -> "Future[None]":
        """Run something on the channel's loop."""
        return asyncio.run_coroutine_threadsafe(act, self.loop)


class Stream:
    """One answer that grows: as the chat's draft, or where drafts are refused in a message that is edited.

    `message_id` is then the messenger's number of that message, which the answer is to replace.
    """

    def __init__(self, streams: Streams, claim: Claim, chat_id: int, draft_id: int) -> None:
        self._streams = streams
        self._claim = claim
        self._chat_id = chat_id
        self._draft_id = draft_id % 2**31 or 1  # any number but 0 (Bot API, sendMessageDraft)
        self._next = float("-inf")
        self._shown = ""
        self._under_way: Future[None] | None = None
        self._by_edits = self._ended = False
        self.message_id: int | None = None

    def grow(self, text: Callable[[], str]) -> None:
        """Show the HTML that `text` returns, if it is time; otherwise nothing is asked and nothing remembered.

        Raises Unwanted when a person took over or the AI was switched off.
        """
        now = self._streams.clock()
        if now < self._next:
            return
        self._next = now + _EVERY
        if not self._wanted():
            raise Unwanted("somebody came first")
        html = text()
        if not html or html == self._shown or self._ended or (self._under_way and not self._under_way.done()):
            return
        if not self._has_room():
            DRAFTS.labels("skipped").inc()
            return
        self._shown = html
        self._under_way = self._streams.start(self._show(html))

    def settle(self) -> None:
        """Wait for what is under way, so that nothing is shown after the answer."""
        if self._under_way is None:
            return
        try:
            error = self._under_way.exception(_LONGEST_WAIT)
        except (TimeoutError, CancelledError) as gone:
            error = gone
        if error:  # the answer itself does not depend on it
            _log.warning("a look at an answer failed", extra={"error": type(error).__name__})

    def keep(self) -> None:
        """Leave the message that has grown in its place: the answer replaces it."""
        self.message_id = None

    def close(self) -> None:
        """Take back what has grown and was not kept."""
        if self.message_id is not None:
            self._streams.start(self._take_back(self.message_id))

    def _wanted(self) -> bool:
        try:
            with self._streams.database.reading() as uow:
                return uow.conversations.wanted(self._claim)
        except SQLAlchemyError:  # the commit of the answer will tell
            return True

    def _has_room(self) -> bool:
        """Take from what the limits leave: a draft uses what nobody else wants, and leaves the answer its own place."""
        rates = self._streams.rates
        if rates.chat_burst <= 1:
            return False
        limits = rates.limits(self._streams.bot_key, self._chat_id, burst=1, kept=1)
        try:
            return self._streams.limiter.take([limits])[0].granted
        except ConnectionError:
            return False

    async def _show(self, html: str) -> None:
        try:
            await self._update(html)
        except ThrottledError as error:
            DRAFTS.labels("throttled").inc()
            await asyncio.to_thread(self._hold_back, error.seconds)
        except PermanentError:
            DRAFTS.labels("refused").inc()
            self._ended = self._by_edits  # first no drafts, then no edits either
            self._by_edits = True
        except DeliveryError as error:
            DRAFTS.labels("lost").inc()
            # A first message that may or may not be there must not be followed by another one.
            self._ended = self._by_edits and self.message_id is None and isinstance(error, OutcomeUnknown)
        else:
            DRAFTS.labels("shown").inc()

    async def _update(self, html: str) -> None:
        channel = self._streams.channel
        if not self._by_edits:
            await channel.draft(self._chat_id, self._draft_id, html)
        elif self.message_id is None:
            self.message_id = await channel.send(self._chat_id, Outbound(html=html))
        else:
            await channel.edit(self._chat_id, self.message_id, html)

    def _hold_back(self, seconds: float) -> None:
        self._ended = True
        try:
            self._streams.limiter.pause(self._streams.bot_key, seconds)
        except ConnectionError:
            _log.warning("the limiter could not be told to pause")

    async def _take_back(self, message_id: int) -> None:
        try:
            await self._streams.channel.delete(self._chat_id, message_id)
        except DeliveryError as error:
            _log.warning("a piece of an answer stays in a chat", extra={"reason": error.reason})
