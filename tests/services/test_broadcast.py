"""Broadcasts: asked for, confirmed once, fed in pages, each person once, and an honest report."""

from uuid import UUID

import pytest
from sqlalchemy import select

from database.db import Database
from database.models import Broadcast, BroadcastState, Delivery, Message, Priority
from database.queries.delivery import Outcome
from services.access import Role
from services.broadcast import BroadcastFeeder
from services.jobs import DecideBroadcast, DraftBroadcast
from services.rates import Rates
from tests.database.fixtures import another_bot
from tests.database.threads import together
from tests.services.bank import ADMIN, MODERATOR, OTHER_MODERATOR, Bank
from tests.twins import TwinWords

CUSTOMERS = (1, 2, 3, 4, 5)


@pytest.fixture
def bank(database: Database) -> Bank:
    """Return a bank with five customers and staff who are nobody's customers."""
    bank = Bank(database)
    bank.register(*CUSTOMERS)
    bank.grant(MODERATOR, Role.MODERATOR)
    bank.grant(OTHER_MODERATOR, Role.MODERATOR)
    return bank


def feeder(bank: Bank) -> BroadcastFeeder:
    return BroadcastFeeder(bank.database, TwinWords(), "en", Rates(per_second=0.1))


def drafted(bank: Bank, text: str = "News", author: int = MODERATOR) -> UUID:
    """Let somebody draft a broadcast, and return its key from the button."""
    bank.does(DraftBroadcast(text=text), author)
    [[send], _] = bank.outbound(author)[-1].buttons
    return UUID(send.data.removeprefix("broadcast:send:"))


def running(bank: Bank) -> UUID:
    broadcast_id = drafted(bank)
    bank.does(DecideBroadcast(broadcast_id=broadcast_id, send=True), MODERATOR)
    return broadcast_id


def state(bank: Bank, broadcast_id: UUID) -> str:
    with bank.database.reading() as uow:
        found = uow.session.get(Broadcast, broadcast_id)
        assert found is not None
        return found.state


def copies(bank: Bank, broadcast_id: UUID) -> list[int]:
    """Return the chats that a broadcast was written to."""
    with bank.database.reading() as uow:
        wanted = select(Message.chat_id).where(Message.broadcast_id == broadcast_id)
        return list(uow.session.scalars(wanted.order_by(Message.chat_id)))


def deliver(bank: Bank, end: Delivery = Delivery.SENT) -> None:
    """Send the copies that wait."""
    with bank.database.unit_of_work() as uow:
        going = [item for item in uow.delivery.candidates(1000) if item.priority == Priority.BROADCAST]
        started = uow.delivery.start([item.id for item in going], 30)
        uow.delivery.settle([Outcome(item.id, item.attempt, end) for item in started])


def reports(bank: Bank) -> list[str]:
    return [text for text in bank.told(MODERATOR) if "broadcast.report" in text]


def test_the_author_is_told_how_many_people_it_goes_to_and_nothing_is_sent(bank: Bank) -> None:
    [told] = bank.does(DraftBroadcast(text="News"), MODERATOR)
    assert told.endswith("broadcast.preview n=5 text=News")
    assert feeder(bank).run() is False
    assert bank.told(1) == []


def test_it_is_fed_in_pages_and_reported_once(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.broadcast._ROOM", 2)
    broadcast_id = running(bank)
    assert bank.wakeups.feeds == 1
    feeding = feeder(bank)
    for expected in ([1, 2], [1, 2, 3, 4], [1, 2, 3, 4, 5]):
        assert feeding.run() is True
        assert feeding.run() is False, "the outbox is full, or nobody is left"
        assert copies(bank, broadcast_id) == expected
        assert state(bank, broadcast_id) == BroadcastState.RUNNING
        assert reports(bank) == []
        deliver(bank, Delivery.FAILED if expected == [1, 2] else Delivery.SENT)
    assert feeding.run() is True
    assert feeding.run() is False
    assert state(bank, broadcast_id) == BroadcastState.DONE
    assert reports(bank) == ["en:broadcast.report total=5 sent=3 failed=2 unknown=0 dropped=0"]
    assert copies(bank, broadcast_id) == list(CUSTOMERS)


def test_feeders_at_once_write_to_everybody_once_and_report_once(bank: Bank) -> None:
    broadcast_id = running(bank)
    together(lambda _: feeder(bank).run(), 4)
    assert copies(bank, broadcast_id) == list(CUSTOMERS)
    deliver(bank)
    together(lambda _: feeder(bank).run(), 4)
    assert len(reports(bank)) == 1


def test_who_blocked_the_bot_is_left_out(bank: Bank) -> None:
    with bank.database.unit_of_work() as uow:
        uow.users.block(2, blocked=True)
    broadcast_id = running(bank)
    assert bank.told(MODERATOR)[-1].endswith("broadcast.started n=4")
    feeder(bank).run()
    assert copies(bank, broadcast_id) == [1, 3, 4, 5]


def test_a_second_press_changes_nothing(bank: Bank) -> None:
    broadcast_id = running(bank)
    for send in (True, False):
        [told] = bank.does(DecideBroadcast(broadcast_id=broadcast_id, send=send), MODERATOR)
        assert told.endswith("broadcast.decided")
    assert state(bank, broadcast_id) == BroadcastState.RUNNING
    feeder(bank).run()
    assert copies(bank, broadcast_id) == list(CUSTOMERS)


def test_one_that_was_cancelled_goes_to_nobody(bank: Bank) -> None:
    broadcast_id = drafted(bank)
    [told] = bank.does(DecideBroadcast(broadcast_id=broadcast_id, send=False), MODERATOR)
    assert told.endswith("broadcast.cancelled")
    bank.does(DecideBroadcast(broadcast_id=broadcast_id, send=True), MODERATOR)
    assert feeder(bank).run() is False
    assert (state(bank, broadcast_id), copies(bank, broadcast_id)) == (BroadcastState.CANCELLED, [])


def test_one_that_is_cancelled_under_way_is_fed_no_further(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.broadcast._ROOM", 2)
    broadcast_id = running(bank)
    feeder(bank).run()
    with bank.database.unit_of_work() as uow:
        found = uow.broadcasts.lock(broadcast_id)
        assert found is not None
        found.state = BroadcastState.CANCELLED
    deliver(bank)
    assert feeder(bank).run() is False
    assert copies(bank, broadcast_id) == [1, 2]


def test_somebody_elses_draft_is_not_ones_own_to_send(bank: Bank) -> None:
    broadcast_id = drafted(bank)
    [told] = bank.does(DecideBroadcast(broadcast_id=broadcast_id, send=True), OTHER_MODERATOR)
    assert told.endswith("broadcast.unknown")
    assert state(bank, broadcast_id) == BroadcastState.DRAFT


def test_customers_may_not(bank: Bank) -> None:
    [told] = bank.does(DraftBroadcast(text="News"), 1)
    assert told.endswith("refused.not_allowed")
    broadcast_id = drafted(bank)
    with bank.database.unit_of_work() as uow:
        uow.roles.revoke(MODERATOR, Role.MODERATOR)
    [told] = bank.does(DecideBroadcast(broadcast_id=broadcast_id, send=True), MODERATOR)
    assert told.endswith("refused.not_allowed")
    assert state(bank, broadcast_id) == BroadcastState.DRAFT


def test_a_text_of_nothing_and_an_audience_of_nobody_are_told(bank: Bank) -> None:
    [told] = bank.does(DraftBroadcast(text=" \n"), MODERATOR)
    assert told.endswith("broadcast.usage")
    empty = Bank(another_bot(bank.database.engine))
    empty.grant(ADMIN, Role.ADMIN)
    [told] = empty.does(DraftBroadcast(text="News"), ADMIN)
    assert told.endswith("broadcast.nobody")


def test_its_text_is_no_markup(bank: Bank) -> None:
    broadcast_id = drafted(bank, "<b>1 < 2</b>")
    with bank.database.reading() as uow:
        assert "&lt;b&gt;1 &lt; 2&lt;/b&gt;" in uow.broadcasts.body(broadcast_id)
