"""Chaos sees what becomes of a broadcast: who got it twice, who has not what the rows say, who was missed."""

from collections import Counter

from benchmarks.chaos.broadcast import judge
from database.db import Database
from database.models import Delivery
from services.broadcast.jobs import BroadcastVerb
from tests.services.broadcasting import CUSTOMERS, Newsroom

EVERYBODY = len(CUSTOMERS)


def broken(database: Database, reached: Counter[int], recipients: int = EVERYBODY) -> list[str]:
    return judge(database, recipients, reached, {}, 1.0).broken


def test_what_arrived_once_or_is_unknown_breaks_no_promise(database: Database) -> None:
    room = Newsroom(database)
    room.running()
    room.feeder.run()
    room.deliver(Delivery.UNKNOWN)
    assert broken(database, Counter()) == []
    assert broken(database, Counter(CUSTOMERS)) == []


def test_each_broken_promise_is_named(database: Database) -> None:
    room = Newsroom(database)
    room.running()
    room.feeder.run()
    room.deliver()
    assert broken(database, Counter(CUSTOMERS)) == []
    assert broken(database, Counter((1, *CUSTOMERS))) == ["1 got it 2 times"]
    assert broken(database, Counter(CUSTOMERS[1:])) == ["1 is said to have it, and has not"]
    assert broken(database, Counter(CUSTOMERS), EVERYBODY + 1) == ["5 people are listed"]
    missed = room.running()
    room.feeder.run()
    room.presses(BroadcastVerb.STOP, missed)
    assert broken(database, Counter())[-1] == "5 was missed: not written to"
