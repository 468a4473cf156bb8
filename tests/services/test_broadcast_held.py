"""What a broadcast that is held, or broken, does to others: to what is on its way, to pages, to other broadcasts."""

import pytest

from database.db import Database
from database.models import BroadcastState
from services.broadcast.jobs import BroadcastVerb
from services.privacy_rights.jobs import Exercise, Right
from tests.services.broadcasting import Newsroom


@pytest.fixture
def room(database: Database) -> Newsroom:
    return Newsroom(database)


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
