"""A long list of a broadcast: written in pieces by one writer at a time, with rests that leave room for answers."""

import pytest
from sqlalchemy import delete

from database.db import Database
from database.models import Duty
from database.queries.broadcast_feed import FeedQueries
from services.broadcast import feeder
from tests.database.threads import together
from tests.services.broadcasting import CUSTOMERS, Newsroom


class _KilledError(Exception):
    """The worker is gone."""


def _dies(*_: object) -> int:
    raise _KilledError


@pytest.fixture
def room(database: Database, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    """Let pieces be of two people, and their rests outlast any test, though the one who wrote waits for none."""
    monkeypatch.setattr(feeder, "_PIECE", 2)
    monkeypatch.setattr(feeder, "_REST", 10**8)
    monkeypatch.setattr(feeder, "sleep", lambda _: None)
    return Newsroom(database)


def _killed(room: Newsroom, where: object, name: str) -> None:
    """Let the worker be killed where it does something."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(where, name, _dies)
        with pytest.raises(_KilledError):
            room.feeder.run()


def _rested(room: Newsroom) -> None:
    with room.database.unit_of_work() as uow:
        uow.session.execute(delete(Duty))


def test_a_list_rests_between_its_pieces_whoever_feeds(room: Newsroom) -> None:
    broadcast_id = room.running()
    for listed in (2, 4):
        room.feeder.run()
        together(lambda _: room.feeder.run(), 3)
        assert room.tally(broadcast_id).total == listed
        assert room.row(broadcast_id).frozen_at is None
        _rested(room)
    room.feeder.run()
    assert room.row(broadcast_id).frozen_at is not None
    assert room.copies(broadcast_id) == list(CUSTOMERS)


def test_what_is_written_goes_while_the_list_rests(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeder, "_ROOM", 1)
    broadcast_id = room.running()
    room.feeder.run()
    assert room.copies(broadcast_id) == [1]
    room.deliver()
    room.feeder.run()
    assert room.copies(broadcast_id) == [1, 2]
    room.deliver()
    assert room.feeder.run() is False, "all of the piece have it"
    assert room.reports() == [], "the others are still to come"


def test_another_broadcast_begins_while_a_list_rests(room: Newsroom) -> None:
    room.running()
    room.feeder.run()
    other = room.running("Other")
    room.feeder.run()
    assert room.copies(other) == [1, 2]


def test_a_worker_killed_amid_a_piece_or_a_rest_leaves_the_list_to_others(room: Newsroom) -> None:
    broadcast_id = room.running()
    _killed(room, feeder, "sleep")
    _rested(room)
    _killed(room, FeedQueries, "feed")
    assert room.tally(broadcast_id).total == 2, "half a piece is none"
    room.feeder.run()
    assert room.tally(broadcast_id).total == 4, "and its rest was none either"
    _rested(room)
    room.feeder.run()
    assert room.copies(broadcast_id) == list(CUSTOMERS)
