"""Broadcasts: asked for, confirmed once, fed in pages, each person once, paused, ended, and an honest report."""

import pytest

from database.db import Database
from database.models import BroadcastState, Delivery, Priority
from database.queries.delivery import Outcome
from services.access import Role
from services.broadcast.jobs import BroadcastVerb, OpenBroadcast, Subscribe
from services.jobs import Membership, Say
from tests.database.fixtures import another_bot
from tests.database.threads import together
from tests.services.bank import ADMIN, MODERATOR, OTHER_MODERATOR, Bank
from tests.services.broadcasting import CUSTOMERS, Newsroom


@pytest.fixture
def room(database: Database) -> Newsroom:
    return Newsroom(database)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the outbox hold two copies of a broadcast at a time."""
    monkeypatch.setattr("services.broadcast.feeder._ROOM", 2)


def test_the_author_is_told_how_many_people_it_goes_to_and_nothing_is_sent(room: Newsroom) -> None:
    [told] = room.bank.does(OpenBroadcast(text="News"), MODERATOR)
    assert "en:broadcast.reach n=5 text=News" in told
    assert room.feeder.run() is False
    assert room.bank.told(1) == []


@pytest.mark.usefixtures("small")
def test_it_is_fed_in_pages_and_reported_once(room: Newsroom) -> None:
    broadcast_id = room.running()
    assert room.bank.wakeups.feeds == 1
    for expected in ([1, 2], [1, 2, 3, 4], [1, 2, 3, 4, 5]):
        assert room.feeder.run() is True
        assert room.feeder.run() is False, "the outbox is full, or nobody is left"
        assert room.copies(broadcast_id) == expected
        assert room.state(broadcast_id) == BroadcastState.RUNNING
        assert room.reports() == []
        room.deliver(Delivery.FAILED if expected == [1, 2] else Delivery.SENT, "bad_request")
    assert room.feeder.run() is True
    assert room.feeder.run() is False
    assert room.state(broadcast_id) == BroadcastState.DONE
    [report] = room.reports()
    assert report.endswith("total=5 sent=3 blocked=0 failed=2 (bad_request: 2) unknown=0 opted_out=0 left=0")
    assert room.bank.outbound(MODERATOR)[-1].files[0].source == f"broadcast:{broadcast_id}"


@pytest.mark.usefixtures("small")
def test_the_list_is_frozen_in_pieces_while_the_first_are_fed(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.broadcast.feeder._PIECE", 2)
    broadcast_id = room.running()
    room.bank.register(6)
    room.feeder.run()
    assert room.copies(broadcast_id) == [1, 2]
    assert room.tally(broadcast_id).total == len(CUSTOMERS), "who came after the start is not on the list"


def test_feeders_at_once_write_to_everybody_once_and_report_once(room: Newsroom) -> None:
    broadcast_id = room.running()
    together(lambda _: room.feeder.run(), 4)
    assert room.copies(broadcast_id) == list(CUSTOMERS)
    room.deliver()
    together(lambda _: room.feeder.run(), 4)
    assert len(room.reports()) == 1


def test_who_blocked_the_bot_is_left_out_and_comes_back_with_a_word(room: Newsroom) -> None:
    room.bank.does(Membership(blocked=True), 2)
    first = room.running()
    room.feeder.run()
    assert room.copies(first) == [1, 3, 4, 5]
    room.bank.does(Say(text="Hello"), 2)
    second = room.running()
    room.feeder.run()
    assert room.copies(second) == list(CUSTOMERS)


@pytest.mark.usefixtures("small")
def test_who_blocks_or_opts_out_under_way_is_left_out_and_counted(room: Newsroom) -> None:
    broadcast_id = room.running()
    room.feeder.run()
    room.bank.does(Membership(blocked=True), 3)
    room.bank.does(Subscribe(on=False), 4)
    for _ in range(4):
        room.deliver()
        room.feeder.run()
    assert room.copies(broadcast_id) == [1, 2, 5]
    tally = room.tally(broadcast_id)
    assert (tally.sent, tally.blocked, tally.opted_out, tally.left) == (3, 1, 1, 0)
    assert room.state(broadcast_id) == BroadcastState.DONE


def test_a_second_press_changes_nothing(room: Newsroom) -> None:
    broadcast_id = room.running()
    for act in (BroadcastVerb.SEND, BroadcastVerb.CANCEL):
        [told] = room.presses(act, broadcast_id)
        assert told == "en:broadcast.decided state=en:broadcast.state.running"
    assert room.state(broadcast_id) == BroadcastState.RUNNING
    room.feeder.run()
    assert room.copies(broadcast_id) == list(CUSTOMERS)


def test_a_draft_that_is_thrown_away_goes_to_nobody(room: Newsroom) -> None:
    broadcast_id = room.drafted()
    [told] = room.presses(BroadcastVerb.CANCEL, broadcast_id)
    assert told.endswith("broadcast.cancelled")
    room.presses(BroadcastVerb.SEND, broadcast_id)
    assert room.feeder.run() is False
    assert (room.state(broadcast_id), room.copies(broadcast_id)) == (BroadcastState.CANCELLED, [])


@pytest.mark.usefixtures("small")
def test_a_paused_one_comes_back_from_the_outbox_and_goes_on_with_nobody_twice(room: Newsroom) -> None:
    broadcast_id = room.running()
    room.feeder.run()
    room.deliver()
    room.feeder.run()
    assert room.copies(broadcast_id) == [1, 2, 3, 4]
    room.presses(BroadcastVerb.PAUSE, broadcast_id)
    assert room.copies(broadcast_id) == [1, 2], "what waited is taken back"
    assert room.feeder.run() is False
    room.presses(BroadcastVerb.RESUME, broadcast_id)
    for _ in range(3):
        room.feeder.run()
        room.deliver()
    room.feeder.run()
    assert room.copies(broadcast_id) == list(CUSTOMERS)
    assert room.tally(broadcast_id).sent == len(CUSTOMERS)
    assert room.state(broadcast_id) == BroadcastState.DONE


@pytest.mark.usefixtures("small")
def test_one_that_is_cancelled_under_way_says_who_was_not_reached(room: Newsroom) -> None:
    broadcast_id = room.running()
    room.feeder.run()
    room.deliver()
    room.feeder.run()
    with room.database.unit_of_work() as uow:
        waiting = [item.id for item in uow.delivery.candidates(9) if item.priority == Priority.BROADCAST]
        [sending] = uow.delivery.start(waiting[:1], 30)
    room.presses(BroadcastVerb.STOP, broadcast_id)
    assert room.feeder.run() is False
    assert room.reports() == [], "something is being sent"
    with room.database.unit_of_work() as uow:
        uow.delivery.settle([Outcome(sending.id, sending.attempt, Delivery.UNKNOWN)])
    assert room.feeder.run() is True
    [report] = room.reports()
    assert "sent=2" in report
    assert "unknown=1" in report
    assert report.endswith("left=2")
    [*_, progress] = [one for one in room.bank.outbound(MODERATOR) if ":broadcast.progress " in one.html]
    assert progress.html.endswith("failed=0 unknown=1"), "it may well have arrived"
    assert room.state(broadcast_id) == BroadcastState.CANCELLED
    assert room.feeder.run() is False


def test_only_the_author_and_who_approves_have_it_in_hand(room: Newsroom) -> None:
    broadcast_id = room.drafted()
    for act in (BroadcastVerb.SEND, BroadcastVerb.SHOW, BroadcastVerb.CANCEL):
        [told] = room.presses(act, broadcast_id, OTHER_MODERATOR)
        assert told.endswith("broadcast.unknown")
    room.presses(BroadcastVerb.SEND, broadcast_id)
    [told] = room.presses(BroadcastVerb.PAUSE, broadcast_id, OTHER_MODERATOR)
    assert told.endswith("broadcast.unknown")
    room.presses(BroadcastVerb.PAUSE, broadcast_id, ADMIN)
    assert room.state(broadcast_id) == BroadcastState.PAUSED


def test_customers_may_not(room: Newsroom) -> None:
    [told] = room.bank.does(OpenBroadcast(text="News"), 1)
    assert told.endswith("refused.not_allowed")
    broadcast_id = room.drafted()
    with room.database.unit_of_work() as uow:
        uow.roles.revoke(MODERATOR, Role.MODERATOR)
    [told] = room.presses(BroadcastVerb.SEND, broadcast_id)
    assert told.endswith("refused.not_allowed")
    assert room.state(broadcast_id) == BroadcastState.DRAFT


def test_an_audience_of_nobody_is_told(room: Newsroom) -> None:
    empty = Bank(another_bot(room.database.engine))
    empty.grant(ADMIN, Role.ADMIN)
    empty.does(OpenBroadcast(text="News"), ADMIN)
    other = Newsroom.__new__(Newsroom)
    other.database, other.bank = empty.database, empty
    [told] = other.presses(BroadcastVerb.SEND, other.of_last_card(ADMIN), ADMIN)
    assert told.endswith("broadcast.nobody")


def test_what_is_no_tag_is_no_markup(room: Newsroom) -> None:
    assert room.says(room.drafted("1 < 2 & 3")).html == "1 &lt; 2 &amp; 3"
