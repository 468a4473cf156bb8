"""The heading: one message pinned in an operator's chat, which names the current customer and goes with the last."""

import itertools
from datetime import timedelta

import pytest

from database.db import Database
from services.access import Role
from services.delivery import Dispatcher
from services.desk.jobs import DeskVerb
from services.errors import PermanentError
from services.gateways.memory_limiter import MemoryLimiter
from services.outbound import Outbound
from services.rates import Rates
from services.sending import failed, sent
from tests.database.threads import let_time_pass, together
from tests.services.desking import ANNA, Floor


class Headed:
    """An operator's chat as the messenger shows it: what is pinned there by its number."""

    def __init__(self, database: Database) -> None:
        self.floor = Floor.of(database, ANNA)
        self.floor.register(1, 2)
        self.pinned: dict[int, str] = {}
        self._numbers = itertools.count(7000)
        self._dispatcher = Dispatcher(database, MemoryLimiter(), Rates(1e9, 1e9, 1000), lease=30)

    def look(self) -> None:
        """Let the tender look."""
        self.floor.tender.head()

    def deliver(self) -> list[Outbound]:
        """Send everything, and return what went into the heading."""
        gone: list[Outbound] = []
        for _ in range(50):
            let_time_pass(self.floor.database)
            for parcel in (parcels := self._dispatcher.take(100).parcels):
                message = parcel.message
                number = message.replaces or message.removes or next(self._numbers)
                if message.pinned and parcel.chat_id == ANNA:
                    gone.append(message)
                    self.pinned.pop(number, None)
                    self.pinned |= {} if message.removes else {number: message.html}
                self._dispatcher.settle([sent(parcel, number)])
            if not parcels:
                return gone
        raise AssertionError("there is no end of messages")

    def fail(self) -> None:
        """Let everything that waits fail for good, as it does while the bot is blocked."""
        let_time_pass(self.floor.database)
        while parcels := self._dispatcher.take(100).parcels:
            self._dispatcher.settle([failed(parcel, PermanentError("bad_request")) for parcel in parcels])

    def shown(self) -> list[str]:
        """Look, send, and return what is pinned."""
        self.look()
        self.deliver()
        return list(self.pinned.values())


@pytest.fixture
def headed(database: Database) -> Headed:
    return Headed(database)


def test_it_names_the_current_customer_and_changes_where_it_stands(headed: Headed) -> None:
    floor = headed.floor
    assert headed.shown() == []
    floor.meet(ANNA, 1)
    [first] = headed.shown()
    assert "name=Person 1" in first
    [number] = headed.pinned
    floor.meet(ANNA, 2)
    [second] = headed.shown()
    assert "name=Person 2" in second
    assert "Person 1" in second.splitlines()[1]
    floor.acts(ANNA, DeskVerb.USE, floor.id(1))
    assert "name=Person 1" in headed.shown()[0]
    assert list(headed.pinned) == [number]
    floor.acts(ANNA, DeskVerb.DONE)  # what was meant for the one who left must not reach the other
    assert headed.shown()[0].splitlines()[0] == "en:desk.header_none"
    floor.acts(ANNA, DeskVerb.DONE, floor.id(2))
    assert headed.shown() == []


def test_nothing_is_sent_while_nothing_changes(headed: Headed) -> None:
    headed.floor.meet(ANNA, 1)
    headed.look()
    headed.look()
    assert len(headed.deliver()) == 1
    headed.floor.says(1, "hello")
    headed.look()
    assert headed.deliver() == []


def test_one_that_has_not_left_is_changed_or_dropped_where_it_waits(headed: Headed) -> None:
    floor = headed.floor
    floor.meet(ANNA, 1)
    headed.look()
    floor.meet(ANNA, 2)
    headed.look()
    [only] = headed.deliver()
    assert "name=Person 2" in only.html
    floor.acts(ANNA, DeskVerb.USE, floor.id(1))
    headed.look()
    floor.acts(ANNA, DeskVerb.DONE)
    floor.acts(ANNA, DeskVerb.USE, floor.id(2))
    floor.acts(ANNA, DeskVerb.DONE)
    assert headed.shown() == []


def test_it_goes_when_the_chats_are_taken_away(headed: Headed) -> None:
    headed.floor.meet(ANNA, 1)
    assert len(headed.shown()) == 1
    with headed.floor.database.unit_of_work() as uow:
        uow.roles.revoke(ANNA, Role.MODERATOR)
    headed.floor.tend()
    assert headed.shown() == []


def test_two_looks_at_once_write_one(headed: Headed) -> None:
    headed.floor.meet(ANNA, 1)
    together(lambda _: headed.look())
    assert len(headed.deliver()) == 1
    headed.floor.meet(ANNA, 2)
    together(lambda _: headed.look())
    headed.deliver()
    assert len(headed.pinned) == 1


def test_a_change_that_failed_leaves_no_second_heading_behind(headed: Headed) -> None:
    headed.floor.meet(ANNA, 1)
    headed.shown()
    headed.floor.meet(ANNA, 2)
    headed.look()
    headed.fail()
    headed.floor.acts(ANNA, DeskVerb.USE, headed.floor.id(1))
    [now] = headed.shown()
    assert "name=Person 1" in now
    headed.floor.acts(ANNA, DeskVerb.USE, headed.floor.id(2))
    headed.look()
    headed.fail()
    headed.floor.acts(ANNA, DeskVerb.DONE, headed.floor.id(1))
    headed.floor.acts(ANNA, DeskVerb.DONE, headed.floor.id(2))
    assert headed.shown() == []


def test_one_whose_text_was_erased_holds_up_nobody(headed: Headed) -> None:
    headed.floor.meet(ANNA, 1)
    headed.floor.meet(ANNA, 2)
    headed.look()
    headed.fail()
    chat = headed.floor.conversation(1).id
    with headed.floor.database.unit_of_work() as uow:
        assert uow.personal.blank_notices(uow.now() - timedelta(hours=1), uow.now() + timedelta(hours=1))
        uow.operators.ensure(ANNA).current_id = chat
    assert "name=Person 1" in headed.shown()[0]
