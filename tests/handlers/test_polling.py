"""Long polling: the offset moves after the commit, and nothing that goes wrong on the way ends it."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from telegram import Update
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter, TimedOut

from handlers.routes import ALLOWED_UPDATES
from handlers.telegram.polling import Poller
from handlers.telegram.reading import ReadingBot, Unreadable
from tests.handlers.updates import PRIVATE, raw, said

Batch = Sequence[Any]  # updates, or what Telegram sends instead


class ScriptedBot(ReadingBot):
    """Gives batches, or raises, as scripted; the script's end ends the polling as a wrong token does."""

    def __init__(self, *script: Batch | Exception) -> None:
        super().__init__("123456:" + "A" * 35)
        with self._unfrozen():
            self.script = list(script)
            self.offsets: list[int | None] = []
            self.options: dict[str, Any] = {}

    async def raw_updates(
        self, offset: int | None, wait: int, limit: int, allowed_updates: Sequence[str]
    ) -> list[dict[str, Any]]:
        """Return what the script says."""
        self.offsets.append(offset)
        self.options.update(wait=wait, limit=limit, allowed_updates=allowed_updates)
        if not self.script:
            raise InvalidToken
        step = self.script.pop(0)
        if isinstance(step, Exception):
            raise step
        return [update if isinstance(update, dict) else update.to_dict() for update in step]


class Store:
    """Accepts batches, after as many failures as told."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.calls: list[list[int]] = []
        self.committed: list[int] = []

    def accept(self, updates: Batch) -> None:
        """Commit a batch, or raise."""
        numbers = [update.update_id for update in updates]
        self.calls.append(numbers)
        if self.failures:
            self.failures -= 1
            raise OSError("the database is away")
        self.committed += numbers


class Pauses(list[float]):
    """Takes the waiting out of the poller's pauses, and keeps their lengths."""

    async def __call__(self, seconds: float) -> None:
        """Wait not at all."""
        self.append(seconds)


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


async def poll(bot: ScriptedBot, store: Store, pauses: Pauses) -> None:
    """Poll until the script ends."""
    with pytest.raises(InvalidToken):
        await Poller(bot, store.accept, sleep=pauses).run()


def batch(size: int) -> list[Update]:
    return [said(f"word {number}") for number in range(size)]


async def test_each_batch_is_committed_once_and_acknowledged_by_the_next_call(pauses: Pauses) -> None:
    first, second = batch(3), batch(1)
    bot, store = ScriptedBot(first, second), Store()
    await poll(bot, store, pauses)
    assert bot.offsets == [None, first[-1].update_id + 1, second[-1].update_id + 1]
    assert store.committed == [update.update_id for update in (*first, *second)]
    assert pauses == []


async def test_telegram_is_asked_for_all_that_is_served_and_waited_for(pauses: Pauses) -> None:
    bot = ScriptedBot()
    await poll(bot, Store(), pauses)
    assert bot.options == {"wait": 30, "limit": 100, "allowed_updates": ALLOWED_UPDATES}
    assert pauses == []


async def test_an_empty_answer_acknowledges_nothing(pauses: Pauses) -> None:
    first = batch(1)
    bot, store = ScriptedBot([], first, []), Store()
    await poll(bot, store, pauses)
    after = first[-1].update_id + 1
    assert bot.offsets == [None, None, after, after]
    assert len(store.calls) == 1
    assert pauses == []


async def test_an_update_of_an_unknown_form_holds_up_no_other(pauses: Pauses) -> None:
    before, after = batch(1), batch(1)
    strange = [raw(message={"chat": PRIVATE, "date": "yesterday"}), raw(my_chat_member="?"), {"no": "number"}]
    taken: list[Update | Unreadable] = []
    bot = ScriptedBot([*before, *strange], after)
    with pytest.raises(InvalidToken):
        await Poller(bot, taken.extend, sleep=pauses).run()
    unreadable = [Unreadable(strange[0]["update_id"], 5), Unreadable(strange[1]["update_id"])]
    assert taken[1:3] == unreadable
    assert [taken[0].update_id, taken[3].update_id] == [before[0].update_id, after[0].update_id]
    assert bot.offsets == [None, strange[1]["update_id"] + 1, after[0].update_id + 1]


async def test_the_same_batch_is_offered_until_it_is_committed(pauses: Pauses) -> None:
    first = batch(2)
    bot, store = ScriptedBot(first), Store(failures=8)
    await poll(bot, store, pauses)
    numbers = [update.update_id for update in first]
    assert store.calls == [numbers] * 9
    assert store.committed == numbers
    assert bot.offsets == [None, numbers[-1] + 1]
    assert pauses == [0.2, 0.4, 0.8, 1.6, 3.0, 3.0, 3.0, 3.0]


async def test_nothing_is_acknowledged_before_its_commit() -> None:
    asked_again = asyncio.Event()

    class Watching(ScriptedBot):
        async def raw_updates(self, offset: int | None, *options: Any) -> list[dict[str, Any]]:
            if self.offsets:
                asked_again.set()
            return await super().raw_updates(offset, *options)

    seen: list[bool] = []
    await_commit = Store()

    def accept(updates: Batch) -> None:
        seen.append(asked_again.is_set())
        await_commit.accept(updates)

    with pytest.raises(InvalidToken):
        await Poller(Watching(batch(1)), accept).run()
    assert seen == [False]
    assert asked_again.is_set()


@pytest.mark.parametrize("error", [NetworkError("down"), TimedOut(), BadRequest("no"), Conflict("another one polls")])
async def test_errors_of_telegram_are_survived(error: Exception, pauses: Pauses) -> None:
    bot, store = ScriptedBot(error, batch(1), error), Store()
    await poll(bot, store, pauses)
    assert len(store.committed) == 1
    assert pauses == [1.0, 1.0]  # the failures are counted anew after a success


async def test_pauses_grow_to_a_limit(pauses: Pauses) -> None:
    await poll(ScriptedBot(*[NetworkError("down")] * 7), Store(), pauses)
    assert pauses == [1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0]


async def test_an_outage_of_hours_is_survived(pauses: Pauses) -> None:
    bot, store = ScriptedBot(*[NetworkError("down")] * 1100, batch(1)), Store(failures=1100)
    await poll(bot, store, pauses)
    assert len(store.committed) == 1
    assert (pauses[1099], pauses[-1]) == (15.0, 3.0)


@pytest.mark.filterwarnings("ignore:.*retry_after")
@pytest.mark.parametrize("timedelta", ["false", "true"])
async def test_telegram_says_how_long_to_wait(timedelta: str, pauses: Pauses, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", timedelta)  # whether the library gives numbers or timedeltas
    bot, store = ScriptedBot(RetryAfter(7), batch(1)), Store()
    await poll(bot, store, pauses)
    assert pauses == [7.0]
    assert len(store.committed) == 1
