"""The pump without its database or its limiter, and its end."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from threading import Event

import pytest
from sqlalchemy.exc import OperationalError

from database.db import Database
from database.models import Delivery
from services.delivery import Batch, Dispatcher
from services.gateways.memory_limiter import MemoryLimiter
from services.limits import Allowance, Limit
from services.pump import Pump
from services.sending import Ending
from tests.database.people import message
from tests.deploy.waiting import until
from tests.services.pumping import ENOUGH, RATES, becomes, is_sent, make_dispatcher, pumping
from tests.services.test_delivery import said
from tests.twin_channel import TwinChannel


@pytest.fixture
def channel() -> TwinChannel:
    return TwinChannel()


class Forgetful(Dispatcher):
    """Its database is away for the first two outcomes."""

    times = 2

    def settle(self, endings: Sequence[Ending]) -> bool:
        if self.times:
            self.times -= 1
            raise OperationalError("UPDATE", {}, Exception("away"))
        return super().settle(endings)


async def test_outcomes_are_written_once_the_database_is_back(
    database: Database, channel: TwinChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.pump._RETRY", 0.01)
    dispatcher = Forgetful(database, MemoryLimiter(), RATES, 30.0)
    ids = [said(database, 1, text) for text in "ab"]
    async with pumping(dispatcher, channel):
        await is_sent(database, *ids)
    assert dispatcher.times == 0
    assert channel.sent == [(1, "a"), (1, "b")]


class Mistaken(Dispatcher):
    """Trips over the first outcome."""

    times = 1

    def settle(self, endings: Sequence[Ending]) -> bool:
        if self.times:
            self.times -= 1
            raise KeyError("a mistake of ours")
        return super().settle(endings)


async def test_an_outcome_that_cannot_be_written_takes_no_others_along(
    database: Database, channel: TwinChannel
) -> None:
    dispatcher = Mistaken(database, MemoryLimiter(), RATES, 30.0)
    first = said(database, 1, "a")
    async with pumping(dispatcher, channel) as pump:
        await until(lambda: not dispatcher.times)
        second = said(database, 2, "b")
        pump.wake()
        await is_sent(database, second)
    assert message(database, first).state == Delivery.SENDING, "the sweep finds it"


class Returning(MemoryLimiter):
    """Its Redis is away for the first three batches."""

    times = 3

    def take(self, requests: Sequence[Sequence[Limit]]) -> list[Allowance]:
        if self.times:
            self.times -= 1
            raise ConnectionError("away")
        return super().take(requests)


async def test_without_the_limiter_messages_wait(
    database: Database, channel: TwinChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.pump._RETRY", 0.01)
    message_id = said(database, 1, "a")
    async with pumping(make_dispatcher(database, Returning()), channel):
        await is_sent(database, message_id)
    assert channel.sent == [(1, "a")]


async def test_its_end_waits_for_what_is_under_way_and_starts_nothing(database: Database, channel: TwinChannel) -> None:
    channel.slow[1] = asyncio.Event()
    first, second = said(database, 1, "a"), said(database, 1, "b")
    async with pumping(make_dispatcher(database), channel) as pump:
        await becomes(database, first, Delivery.SENDING)
        stopping = asyncio.create_task(pump.stop(ENOUGH))
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(stopping), timeout=0.1)
        assert not stopping.done()
        channel.slow[1].set()
        await stopping
        assert message(database, first).state == Delivery.SENT
    assert message(database, second).state == Delivery.PENDING


async def test_its_end_does_not_wait_for_ever(database: Database, channel: TwinChannel) -> None:
    channel.slow[1] = asyncio.Event()
    message_id = said(database, 1)
    pump = Pump(make_dispatcher(database), channel)
    running = asyncio.create_task(pump.run())
    await becomes(database, message_id, Delivery.SENDING)
    await pump.stop(0.05)
    await asyncio.wait_for(running, ENOUGH)
    assert message(database, message_id).state == Delivery.SENDING, "the sweep finds it"


class Slow(Dispatcher):
    """Takes its time between the commit of a batch and handing it out."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, MemoryLimiter(), RATES, 30.0)
        self.taken, self.go_on = Event(), Event()

    def take(self, room: int) -> Batch:
        batch = super().take(room)
        if batch.parcels:
            self.taken.set()
            self.go_on.wait(ENOUGH)
        return batch


async def test_what_was_marked_when_the_end_came_is_still_sent(database: Database, channel: TwinChannel) -> None:
    dispatcher = Slow(database)
    message_id = said(database, 1, "a")
    pump = Pump(dispatcher, channel)
    running = asyncio.create_task(pump.run())
    await asyncio.to_thread(dispatcher.taken.wait, ENOUGH)
    stopping = asyncio.create_task(pump.stop(ENOUGH))
    await asyncio.sleep(0)  # lets it begin
    dispatcher.go_on.set()
    await asyncio.gather(stopping, running)
    assert channel.sent == [(1, "a")]
    assert message(database, message_id).state == Delivery.SENT
