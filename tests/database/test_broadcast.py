"""Broadcasts: a frozen list, fed a limited number at a time, each person once, and an honest report."""

from uuid import UUID, uuid4

import pytest

from database.db import Database
from database.models import BroadcastKind, BroadcastState, Delivery, Priority
from database.queries.audience import Audience, Segment
from database.queries.delivery import Outcome
from database.queries.tally import Tally
from tests.database.fixtures import another_bot
from tests.database.people import person
from tests.database.threads import together
from tests.services.test_statements import counted

STATEMENTS = 8  # of a piece of the list and its messages


def people(database: Database, *telegram_ids: int, blocked: bool = False, consent: bool = True) -> None:
    with database.unit_of_work() as uow:
        for telegram_id in telegram_ids:
            user = person(uow, telegram_id)
            if consent:
                uow.users.consent(user, "1", "ru")
        uow.session.flush()
        for telegram_id in telegram_ids:
            uow.users.block(telegram_id, blocked=blocked)


def running(database: Database, body: str = "News", piece: int = 100) -> UUID:
    with database.unit_of_work() as uow:
        broadcast = uow.broadcasts.draft(7, body)
        broadcast.state, broadcast.started_at = BroadcastState.RUNNING, uow.now()
        uow.session.flush()
        while broadcast.frozen_at is None:
            uow.broadcasts.freeze(broadcast, piece)
        return broadcast.id


def feed(database: Database, broadcast_id: UUID, room: int) -> int:
    with database.unit_of_work() as uow:
        return uow.broadcasts.feed(broadcast_id, room)


def settle(database: Database, end: Delivery, reason: str | None = None, most: int = 100) -> list[int]:
    with database.unit_of_work() as uow:
        found = uow.delivery.candidates(most)
        uow.delivery.start([item.id for item in found], 30)
        uow.delivery.settle([Outcome(item.id, 1, end, reason=reason) for item in found])
        assert {item.priority for item in found} <= {Priority.BROADCAST}
    return [item.chat_id for item in found]


def test_it_reaches_those_who_consented_and_did_not_block(database: Database) -> None:
    people(database, 1, 2)
    people(database, 3, blocked=True)
    people(database, 4, consent=False)
    people(another_bot(database.engine), 5)
    with database.reading() as uow:
        assert uow.audience.count(uuid4(), Segment(), BroadcastKind.MARKETING) == Audience(2, 0, 1, 1)
    broadcast_id = running(database)
    people(database, 6)
    assert feed(database, broadcast_id, 100) == 2
    with database.reading() as uow:
        assert sorted(item.chat_id for item in uow.delivery.candidates(100)) == [1, 2]
        assert uow.tallies.of(broadcast_id) == Tally(total=2)
        assert uow.broadcasts.body(broadcast_id) == "News"


@pytest.mark.parametrize("piece", [1, 3, 10, 11])
def test_it_is_fed_as_far_as_there_is_room_and_everybody_once(database: Database, piece: int) -> None:
    people(database, *range(1, 11))
    broadcast_id = running(database, piece=piece)
    reached: list[int] = []
    for expected in (4, 4, 2, 0):
        assert feed(database, broadcast_id, 4) == expected
        assert feed(database, broadcast_id, 4) == 0, "the outbox is full, or nobody is left"
        reached += settle(database, Delivery.SENT)
    assert sorted(reached) == list(range(1, 11))
    with database.reading() as uow:
        assert uow.tallies.of(broadcast_id) == Tally(total=10, sent=10)


def test_feeders_at_once_write_to_everybody_once(database: Database) -> None:
    people(database, *range(1, 101))
    broadcast_id = running(database)

    def feeder(_: int) -> int:
        with database.unit_of_work() as uow:
            uow.broadcasts.lock(broadcast_id)
            return uow.broadcasts.feed(broadcast_id, 1000)

    assert sum(together(feeder)) == 100
    with database.reading() as uow:
        assert uow.tallies.of(broadcast_id) == Tally(total=100)


def test_what_became_of_everybody_is_told_in_pieces(database: Database) -> None:
    people(database, *range(1, 9))
    broadcast_id = running(database)
    ends = [(Delivery.SENT, None), (Delivery.FAILED, "blocked"), (Delivery.FAILED, "bad_request")]
    for end, reason in [*ends, (Delivery.UNKNOWN, "unknown"), (Delivery.DEAD, "unavailable")]:
        feed(database, broadcast_id, 1)
        settle(database, end, reason)
    feed(database, broadcast_id, 2)
    with database.unit_of_work() as uow:
        assert uow.broadcasts.take_back(broadcast_id) == 2
        assert not uow.broadcasts.open(broadcast_id)
    feed(database, broadcast_id, 1)
    with database.reading() as uow:
        assert uow.tallies.of(broadcast_id) == Tally(
            total=8, sent=1, blocked=1, unknown=1, failed={"bad_request": 1, "unavailable": 1}
        )
        for piece in (1, 3, 100):
            fates = [(fate.chat_id, fate.state) for some in uow.tallies.fates(broadcast_id, piece) for fate in some]
            assert sorted(fates) == [
                *((1, "sent"), (2, "failed"), (3, "failed"), (4, "unknown"), (5, "dead")),
                *((6, "pending"), (7, ""), (8, "")),
            ]


def test_pieces_cost_the_same_few_statements_however_many_people_there_are(database: Database) -> None:
    people(database, *range(1, 121))
    with database.unit_of_work() as uow:
        broadcast = uow.broadcasts.draft(7, "News")
        broadcast.started_at = uow.now()
        uow.session.flush()
        costs = []
        for piece in (10, 100):
            with counted(database.engine) as statements:
                uow.broadcasts.freeze(broadcast, piece)
                uow.broadcasts.feed(broadcast.id, piece)
            costs.append(len(statements))
    assert costs == [costs[0]] * 2
    assert costs[0] <= STATEMENTS


def test_only_running_ones_are_fed(database: Database) -> None:
    with database.unit_of_work() as uow:
        uow.broadcasts.draft(7, "Draft")
    broadcast_id = running(database)
    running(another_bot(database.engine))
    with database.reading() as uow:
        assert uow.broadcasts.running() == [broadcast_id]
