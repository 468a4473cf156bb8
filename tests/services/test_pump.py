"""The pump: order within a chat, chats beside each other, each error as it deserves."""

import asyncio
from collections.abc import Sequence

import pytest

from database.db import Database
from database.models import Delivery, Priority
from services.errors import BLOCKED, DeliveryError, OutcomeUnknown, PermanentError, ThrottledError, TransientError
from services.gateways.memory_limiter import MemoryLimiter
from services.limits import Allowance, Limit
from services.pump import Pump
from tests.database.people import message
from tests.database.threads import let_time_pass
from tests.deploy.waiting import until
from tests.services.pumping import becomes, is_sent, make_dispatcher, pumping, reaches
from tests.services.test_delivery import said
from tests.twin_channel import TwinChannel
from tests.twins import Clock


@pytest.fixture
def channel() -> TwinChannel:
    return TwinChannel()


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


@pytest.mark.parametrize("error", [OutcomeUnknown("timeout"), ValueError("a mistake of ours")])
async def test_a_reply_whose_outcome_is_unknown_goes_once_more_and_no_more(
    database: Database, channel: TwinChannel, error: Exception
) -> None:
    channel.errors[1].extend([error, error])
    message_id = said(database, 1)
    async with pumping(make_dispatcher(database), channel) as pump:
        await reaches(database, message_id, resends=1)
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
        for failures in (1, 2, 3):
            await reaches(database, first, failures=failures)
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
