"""What a broadcast that is held, or broken, does to others: to what is on its way, to pages, to other broadcasts."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from database.db import Database
from database.models import Broadcast, BroadcastState
from services.broadcast import overview
from services.broadcast.jobs import BroadcastVerb
from services.desk.door import Door
from services.errors import ThrottledError
from services.privacy_rights.jobs import Exercise, Right
from services.sending import failed
from tests.database.threads import let_time_pass
from tests.services.bank import MODERATOR
from tests.services.broadcasting import CUSTOMERS, Newsroom
from tests.services.pumping import make_dispatcher


@pytest.fixture
def room(database: Database) -> Newsroom:
    return Newsroom(database)


@pytest.mark.parametrize("act", [BroadcastVerb.PAUSE, BroadcastVerb.STOP])
def test_what_comes_back_from_the_messenger_meanwhile_does_not_go_again(room: Newsroom, act: BroadcastVerb) -> None:
    broadcast_id = room.running()
    room.feeder.run()
    postman = make_dispatcher(room.database)
    under_way = [one for one in postman.take(100).parcels if one.chat_id in CUSTOMERS]
    assert under_way
    room.presses(act, broadcast_id)
    postman.settle([failed(one, ThrottledError(5.0)) for one in under_way])
    let_time_pass(room.database)
    assert [one for one in postman.take(100).parcels if one.chat_id in CUSTOMERS] == []
    assert room.copies(broadcast_id) == []
    if act == BroadcastVerb.STOP:
        room.feeder.run()
        [report] = room.reports()
        assert report.endswith(f"left={len(CUSTOMERS)}")
    else:
        room.presses(BroadcastVerb.RESUME, broadcast_id)
        room.feeder.run()
        assert room.copies(broadcast_id) == list(CUSTOMERS), "they get it once it goes on"


def test_one_that_cannot_begin_holds_up_no_other(room: Newsroom) -> None:
    broken, whole = room.drafted(), room.drafted()
    for broadcast_id in (broken, whole):
        room.presses(BroadcastVerb.AT, broadcast_id, word="hour")
        room.presses(BroadcastVerb.SEND, broadcast_id)
    with room.database.unit_of_work() as uow:
        for broadcast_id in (broken, whole):
            row = uow.session.get_one(Broadcast, broadcast_id)
            row.starts_at = row.created_at
        uow.session.get_one(Broadcast, broken).body = b"sealed with a key that is gone"
    for _ in range(2):
        room.feeder.run()
    assert room.copies(whole) == list(CUSTOMERS)
    assert room.state(broken) == BroadcastState.SCHEDULED


def test_who_takes_the_consent_back_under_way_is_left_out(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.broadcast.feeder._ROOM", 2)
    broadcast_id = room.running()
    room.feeder.run()
    room.bank.does(Exercise(right=Right.WITHDRAW), 4)
    for _ in range(4):
        room.deliver()
        room.feeder.run()
    assert room.copies(broadcast_id) == [1, 2, 3, 5]
    assert room.tally(broadcast_id).opted_out == 1
    assert room.state(broadcast_id) == BroadcastState.DONE


def test_pages_do_not_wait_for_who_works_on_it(room: Newsroom) -> None:
    if room.database.engine.name == "sqlite":
        pytest.skip("one writer at a time")
    broadcast_id = room.running()
    door = Door(room.database, room.bank.tools)
    with ThreadPoolExecutor(1) as pool, room.database.unit_of_work() as uow:
        uow.broadcasts.lock(broadcast_id)
        opened = pool.submit(door.do, MODERATOR, lambda desk: overview.opened(desk, broadcast_id)).result(20)
    assert opened.broadcast.state == BroadcastState.RUNNING


def test_a_lock_shows_what_was_committed_since_the_first_look(room: Newsroom) -> None:
    if room.database.engine.name == "sqlite":
        pytest.skip("one writer at a time")
    broadcast_id = room.drafted()
    with room.database.unit_of_work() as uow:
        seen = uow.broadcasts.get(broadcast_id)
        assert seen
        assert seen.state == BroadcastState.DRAFT
        room.presses(BroadcastVerb.SEND, broadcast_id)
        locked = uow.broadcasts.lock(broadcast_id)
        assert locked
        assert locked.state == BroadcastState.RUNNING
