"""The pump: order within a chat, chats beside each other, each error as it deserves, an end in good order."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from threading import Event

import pytest
from sqlalchemy.exc import OperationalError

from database.db import Database
from database.models import Delivery, Priority
from database.queries.delivery import Outcome
from services.delivery import Batch, Dispatcher, Rates
from services.errors import BLOCKED, DeliveryError, OutcomeUnknown, PermanentError, ThrottledError, TransientError
from services.gateways.memory_limiter import MemoryLimiter
from services.ports import Allowance, Limit, Limiter
from services.pump import Pump
from tests.database.people import message
from tests.database.threads import let_time_pass
from tests.deploy.waiting import until
from tests.services.test_delivery import said
from tests.twins import Clock, TwinChannel

RATES = Rates(per_second=1e6, chat_per_second=1e6, chat_burst=1000)
ENOUGH = 10.0


@pytest.fixture
def channel() -> TwinChannel:
    return TwinChannel()


def make_dispatcher(database: Database, limiter: Limiter | None = None) -> Dispatcher:
    return Dispatcher(database, limiter or MemoryLimiter(), RATES, 30.0)


@asynccontextmanager
async def pumping(dispatcher: Dispatcher, channel: TwinChannel) -> AsyncIterator[Pump]:
    """Run a pump while the block lasts."""
    pump = Pump(dispatcher, channel)
    running = asyncio.create_task(pump.run())
    try:
        yield pump
    finally:
        await pump.stop(ENOUGH)
        await running


async def becomes(database: Database, message_id: int, state: Delivery, **more: object) -> None:
    def has_become() -> bool:
        found = message(database, message_id)
        return found.state == state and all(getattr(found, name) == value for name, value in more.items())

    await until(has_become)


async def is_sent(database: Database, *message_ids: int) -> None:
    await until(lambda: all(message(database, one).state == Delivery.SENT for one in message_ids))


async def test_what_waits_and_what_comes_is_sent_in_order(database: Database, channel: TwinChannel) -> None:
    ids = [said(database, chat_id, f"{chat_id}{n}") for n in range(3) for chat_id in (1, 2)]
    async with pumping(make_dispatcher(database), channel) as pump:
        await is_sent(database, *ids)
        ids.append(said(database, 1, "13"))
        pump.wake()
        await is_sent(database, *ids)
    for chat_id, texts in ((1, ["10", "11", "12", "13"]), (2, ["20", "21", "22"])):
        assert [text for chat, text in channel.sent if chat == chat_id] == texts
    assert sorted(message(database, one).telegram_message_id or 0 for one in ids) == list(range(1, 8))


async def test_a_slow_send_holds_up_its_own_chat_only(database: Database, channel: TwinChannel) -> None:
    channel.slow[1] = asyncio.Event()
    held = [said(database, 1, "a"), said(database, 1, "b")]
    others = [said(database, 2, text) for text in "cde"]
    async with pumping(make_dispatcher(database), channel):
        await is_sent(database, *others)
        assert [message(database, one).state for one in held] == [Delivery.SENDING, Delivery.PENDING]
        channel.slow[1].set()
        await is_sent(database, *held)
    assert channel.sent == [(2, "c"), (2, "d"), (2, "e"), (1, "a"), (1, "b")]


async def test_a_reply_whose_outcome_is_unknown_goes_once_more_and_no_more(
    database: Database, channel: TwinChannel
) -> None:
    channel.errors[1].extend([OutcomeUnknown("timeout"), OutcomeUnknown("timeout")])
    message_id = said(database, 1)
    async with pumping(make_dispatcher(database), channel) as pump:
        await becomes(database, message_id, Delivery.PENDING, resends=1)
        let_time_pass(database)
        pump.wake()
        await becomes(database, message_id, Delivery.UNKNOWN, attempt=2)
        let_time_pass(database)
        await is_sent(database, _said_and_woken(database, pump, 1, "next"))
    assert channel.sent == [(1, "next")]


def _said_and_woken(database: Database, pump: Pump, chat_id: int, text: str) -> int:
    message_id = said(database, chat_id, text)
    pump.wake()
    return message_id


@pytest.mark.parametrize(
    ("priority", "error", "state"),
    [
        (Priority.BROADCAST, OutcomeUnknown("timeout"), Delivery.UNKNOWN),
        (Priority.REPLY, PermanentError("bad_request"), Delivery.FAILED),
        (Priority.BROADCAST, PermanentError(BLOCKED), Delivery.FAILED),
    ],
)
async def test_what_is_not_sent_again(
    database: Database, channel: TwinChannel, priority: Priority, error: DeliveryError, state: Delivery
) -> None:
    channel.errors[1].append(error)
    message_id = said(database, 1, priority=priority)
    async with pumping(make_dispatcher(database), channel) as pump:
        await becomes(database, message_id, state, attempt=1)
        let_time_pass(database)
        await is_sent(database, _said_and_woken(database, pump, 1, "next"))
    assert channel.sent == [(1, "next")]
    with database.reading() as uow:
        user = uow.users.get(1)
        assert user is not None
        assert (user.blocked_at is not None) is (error.reason == BLOCKED)


async def test_what_is_not_available_is_tried_until_it_is(database: Database, channel: TwinChannel) -> None:
    channel.errors[1].extend(TransientError("unavailable") for _ in range(3))
    first, second = said(database, 1, "a"), said(database, 1, "b")
    async with pumping(make_dispatcher(database), channel) as pump:
        for attempt in (1, 2, 3):
            await becomes(database, first, Delivery.PENDING, attempt=attempt)
            let_time_pass(database)
            pump.wake()
        await is_sent(database, first, second)
    assert channel.sent == [(1, "a"), (1, "b")], "the one behind it waits"


class Counting(MemoryLimiter):
    """Counts how often it was asked."""

    looks = 0

    def take(self, requests: Sequence[Sequence[Limit]]) -> list[Allowance]:
        allowances = super().take(requests)
        self.looks += 1
        return allowances


async def test_told_to_slow_down_the_whole_bot_waits(database: Database, channel: TwinChannel) -> None:
    clock = Clock()
    limiter = Counting(clock)
    channel.errors[1].append(ThrottledError(9.0))
    throttled = said(database, 1, "a")
    async with pumping(make_dispatcher(database, limiter), channel) as pump:
        await becomes(database, throttled, Delivery.PENDING, reason="throttled")
        let_time_pass(database)
        other = _said_and_woken(database, pump, 2, "b")
        looks = limiter.looks
        clock.now += 8.9
        pump.wake()
        await until(lambda: limiter.looks > looks)
        assert channel.sent == []
        clock.now += 2
        pump.wake()
        await is_sent(database, throttled, other)
    assert channel.sent == [(1, "a"), (2, "b")]


class Forgetful(Dispatcher):
    """Its database is away for the first two outcomes."""

    times = 2

    def settle(self, outcomes: list[Outcome], blocked_chats: set[int]) -> None:
        if self.times:
            self.times -= 1
            raise OperationalError("UPDATE", {}, Exception("away"))
        super().settle(outcomes, blocked_chats)


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
