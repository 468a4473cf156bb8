"""The pump: sends what the outbox holds, from one event loop per process, without waiting for slow sends."""

import asyncio
from contextlib import suppress
from logging import getLogger
from math import inf
from time import perf_counter

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from database.queries.delivery import Outcome
from services.attempt import sending
from services.delivery import Dispatcher
from services.errors import BLOCKED, DeliveryError, ThrottledError
from services.metrics import SEND_SECONDS, SENDS_IN_FLIGHT
from services.ports import Channel
from services.sending import Parcel, failed, sent

_IN_FLIGHT = 60  # sends under way at a time
_HORIZON = 5.0  # seconds ahead that the pump waits for by itself; the sweep wakes it for what is due later
_SPIN = 0.2  # seconds between looks at messages that wait for another one
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
        self._sent_at = -inf
        self._settled: asyncio.Queue[tuple[Outcome, int | None]] = asyncio.Queue()

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
                await self._settled.join()
        except TimeoutError:  # the sweep finds what is left, and counts it as unknown
            _log.warning("the outbox was left with sends under way", extra={"sends": len(self._sending)})
        finally:
            self._ended.set()

    async def _turn(self) -> float | None:
        """Start what may go now; returns in how many seconds to look again, or None to wait for a wake-up."""
        room = _IN_FLIGHT - len(self._sending)
        if room <= 0:
            return None  # the next send to end wakes the pump
        try:
            batch = await asyncio.to_thread(self._dispatcher.take, room)
            for parcel in batch.parcels:
                task = asyncio.create_task(self._send(parcel))
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)
            if batch.pause or batch.more:
                return batch.pause
            wait = await asyncio.to_thread(self._dispatcher.next_in, _HORIZON)
            # What waits behind a send under way is woken by that send's end; do not spin until then.
            return None if wait is None else max(wait, _SPIN)
        except (SQLAlchemyError, ConnectionError) as error:
            _log.warning("the outbox cannot be worked on", extra={"error": type(error).__name__})
            return _RETRY
        except Exception:  # noqa: BLE001 - whatever it is, nobody else would send
            _log.exception("the outbox cannot be worked on")
            return _RETRY

    async def _wait(self, pause: float | None) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wanted.wait(), timeout=None if pause is None else max(pause, 0.01))

    async def _send(self, parcel: Parcel) -> None:
        started = perf_counter()
        chat_id: int | None = None
        with SENDS_IN_FLIGHT.track_inprogress():
            try:
                with sending(parcel.message_id, parcel.attempt, parcel.traceparent):
                    number = await self._channel.send(parcel.chat_id, parcel.message)
                outcome = sent(parcel, number)
                self._sent_at = perf_counter()
            except DeliveryError as error:
                outcome = failed(parcel, error, perf_counter() - self._sent_at)
                if error.reason == BLOCKED:
                    chat_id = parcel.chat_id
                if isinstance(error, ThrottledError):
                    await asyncio.to_thread(self._hold_back, error.seconds)
        SEND_SECONDS.observe(perf_counter() - started)
        self._settled.put_nowait((outcome, chat_id))

    def _hold_back(self, seconds: float) -> None:
        try:
            self._dispatcher.pause(seconds)
        except ConnectionError:
            _log.warning("the limiter could not be told to pause")

    async def _settle(self) -> None:
        """Write outcomes down, as many at a time as have come together; keeps trying while the database is away."""
        while True:
            ended = [await self._settled.get()]
            while not self._settled.empty():
                ended.append(self._settled.get_nowait())
            outcomes = [outcome for outcome, _ in ended]
            blocked = {chat_id for _, chat_id in ended if chat_id is not None}
            await self._write(outcomes, blocked)
            for _ in ended:
                self._settled.task_done()
            self._wanted.set()  # the chat's next message may go now

    async def _write(self, outcomes: list[Outcome], blocked: set[int]) -> None:
        while True:
            try:
                await asyncio.to_thread(self._dispatcher.settle, outcomes, blocked)
            except (OperationalError, InterfaceError) as error:
                _log.warning("outcomes cannot be written yet", extra={"error": type(error).__name__})
                await asyncio.sleep(_RETRY)
            except SQLAlchemyError:  # their leases run out, and the sweep counts them as unknown
                _log.exception("outcomes cannot be written")
                return
            else:
                return
