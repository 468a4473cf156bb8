"""The pump: sends what the outbox holds, from one event loop per process, without waiting for slow sends."""

import asyncio
from contextlib import suppress
from logging import getLogger
from math import inf
from time import monotonic, perf_counter

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from services.attempt import sending
from services.delivery import Dispatcher
from services.errors import DeliveryError, OutcomeUnknown, ThrottledError
from services.metrics import SEND_SECONDS, SENDS_IN_FLIGHT
from services.ports import Channel
from services.sending import Ending, Parcel, failed, sent

_IN_FLIGHT = 60  # sends under way at a time
_HORIZON = 5.0  # seconds ahead, and between looks so far ahead: what others put off and died is found in time
_SPIN = 0.2  # seconds between looks at messages that wait for another one
_CROWD = 8  # sends under way, from which on endings are worth waiting for
_GATHERED = 0.005  # seconds in which endings gather, to be written down together
_AT_LEAST = 0.02  # seconds between looks when the limits hold the bot back: what may go by then goes together
_LATE = 0.01  # seconds after the moment that a message waits for: nobody looks again for one met too early
_RETRY = 1.0  # seconds to wait when the database or the limiter does not answer

_log = getLogger(__name__)


class Pump:
    """Runs until stopped; `wake` tells it that there is something new."""

    def __init__(self, dispatcher: Dispatcher, channel: Channel) -> None:
        self._dispatcher = dispatcher
        self._channel = channel
        self._wanted = asyncio.Event()
        self._stopping = False
        self._closed = asyncio.Event()
        self._ended = asyncio.Event()
        self._sending: set[asyncio.Task[None]] = set()
        self._full = False
        self._sent_at = self._looked_ahead = -inf
        self._ended_sends: asyncio.Queue[Ending] = asyncio.Queue()

    def wake(self) -> None:
        """Look into the outbox soon; call on the pump's own loop."""
        self._wanted.set()

    async def run(self) -> None:
        """Send what there is, then wait for more."""
        settling = asyncio.create_task(self._settle())
        try:
            while not self._stopping:
                self._wanted.clear()
                pause = await self._turn()
                await self._wait(pause)
            self._closed.set()
            await self._ended.wait()
        finally:
            settling.cancel()

    async def stop(self, seconds: float) -> None:
        """Start nothing more, and give what is under way some seconds to end and be written down."""
        self._stopping = True
        self._wanted.set()
        try:
            async with asyncio.timeout(seconds):
                await self._closed.wait()  # a batch may just have been taken, and is sent then
                if self._sending:
                    await asyncio.wait(self._sending)
                await self._ended_sends.join()
        except TimeoutError:  # the sweep finds what is left, and counts it as unknown
            _log.warning("the outbox was left with sends under way", extra={"sends": len(self._sending)})
        finally:
            self._ended.set()

    async def _turn(self) -> float | None:
        """Start what may go now; returns in how many seconds to look again, or None to wait for a wake-up."""
        room = _IN_FLIGHT - len(self._sending)
        self._full = room <= 0
        if self._full:
            return None  # the next send to end wakes the pump
        try:
            batch = await asyncio.to_thread(self._dispatcher.take, room)
            for parcel in batch.parcels:
                task = asyncio.create_task(self._send(parcel))
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)
            self._look_again_in(*batch.delays)
            return batch.pause if batch.pause or batch.more else await self._ahead()
        except (SQLAlchemyError, ConnectionError) as error:
            _log.warning("the outbox cannot be worked on", extra={"error": type(error).__name__})
            return _RETRY
        except Exception:  # noqa: BLE001 - whatever it is, nobody else would send
            _log.exception("the outbox cannot be worked on")
            return _RETRY

    async def _ahead(self) -> float | None:
        """Return in how many seconds there is something to send of which nobody told this pump, as far as is known."""
        now = monotonic()
        if now - self._looked_ahead < _HORIZON:
            return None
        wait = await asyncio.to_thread(self._dispatcher.next_in, _HORIZON)
        self._looked_ahead = now
        # What waits behind a send under way is woken by that send's end; do not spin until then.
        return None if wait is None else max(wait, _SPIN)

    def _look_again_in(self, *delays: float) -> None:
        for delay in delays:
            asyncio.get_running_loop().call_later(delay + _LATE, self.wake)

    async def _wait(self, pause: float | None) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wanted.wait(), timeout=None if pause is None else max(pause, _AT_LEAST))

    async def _send(self, parcel: Parcel) -> None:
        started = perf_counter()
        with SENDS_IN_FLIGHT.track_inprogress():
            try:
                with sending(parcel.message_id, parcel.attempt, parcel.traceparent):
                    numbers = await self._sent(parcel)
                ending = sent(parcel, *numbers)
                self._sent_at = perf_counter()
            except DeliveryError as error:
                ending = failed(parcel, error, perf_counter() - self._sent_at)
                if isinstance(error, ThrottledError):
                    await asyncio.to_thread(self._hold_back, error.seconds)
            except Exception:  # noqa: BLE001 - a mistake of ours: nobody knows how far it got, and its chat must go on
                _log.exception("a send broke off")
                ending = failed(parcel, OutcomeUnknown("broken"))
        SEND_SECONDS.observe(perf_counter() - started)
        self._ended_sends.put_nowait(ending)

    async def _sent(self, parcel: Parcel) -> tuple[int, ...]:
        chat_id, message = parcel.chat_id, parcel.message
        if len(message.files) > 1 and message.replaces is None:
            return await self._channel.send_album(chat_id, message)
        return (await self._channel.send(chat_id, message),)

    def _hold_back(self, seconds: float) -> None:
        try:
            self._dispatcher.pause(seconds)
        except ConnectionError:
            _log.warning("the limiter could not be told to pause")

    async def _settle(self) -> None:
        """Write endings down, as many at a time as have come together; keeps trying while the database is away."""
        while True:
            endings = [await self._ended_sends.get()]
            if len(self._sending) > _CROWD:
                await asyncio.sleep(_GATHERED)
            while not self._ended_sends.empty():
                endings.append(self._ended_sends.get_nowait())
            if await self._write(endings) or self._full:
                self.wake()
            self._look_again_in(*{ending.outcome.delay for ending in endings if ending.outcome.delay})
            for _ in endings:
                self._ended_sends.task_done()

    async def _write(self, endings: list[Ending]) -> bool:
        """Write endings down; returns whether there is more to send in their chats."""
        while True:
            try:
                return await asyncio.to_thread(self._dispatcher.settle, endings)
            except (OperationalError, InterfaceError) as error:
                _log.warning("outcomes cannot be written yet", extra={"error": type(error).__name__})
                await asyncio.sleep(_RETRY)
            except Exception:  # noqa: BLE001 - these run out and count as unknown; nobody else writes those after them
                _log.exception("outcomes cannot be written")
                return True
