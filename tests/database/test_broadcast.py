"""Broadcasts: a frozen list, fed a limited number at a time, each person once, and an honest report."""

from uuid import UUID

from database.db import Database
from database.models import BroadcastState, Delivery, Priority
from database.queries.delivery import Outcome
from tests.database.fixtures import another_bot
from tests.database.people import person
from tests.database.threads import together


def people(database: Database, *telegram_ids: int, blocked: bool = False, consent: bool = True) -> None:
    with database.unit_of_work() as uow:
        for telegram_id in telegram_ids:
            user = person(uow, telegram_id)
            if consent:
                uow.users.consent(user, "1", "ru")
        uow.session.flush()
        for telegram_id in telegram_ids:
            uow.users.block(telegram_id, blocked=blocked)


def running(database: Database, body: str = "News") -> UUID:
    with database.unit_of_work() as uow:
        broadcast = uow.broadcasts.draft(7, body)
        broadcast.state = BroadcastState.RUNNING
        uow.session.flush()
        uow.broadcasts.freeze(broadcast.id)
        return broadcast.id


def feed(database: Database, broadcast_id: UUID, room: int) -> int:
    with database.unit_of_work() as uow:
        return uow.broadcasts.feed(broadcast_id, room)


def test_it_reaches_those_who_consented_and_did_not_block(database: Database) -> None:
    people(database, 1, 2)
    people(database, 3, blocked=True)
    people(database, 4, consent=False)
    people(another_bot(database.engine), 5)
    with database.reading() as uow:
        assert uow.broadcasts.audience() == 2
    broadcast_id = running(database)
    people(database, 6)
    assert feed(database, broadcast_id, 100) == 2
    with database.reading() as uow:
        assert sorted(item.chat_id for item in uow.delivery.candidates(100)) == [1, 2]
        assert uow.broadcasts.report(broadcast_id) == {"total": 2, "pending": 2}
        assert uow.broadcasts.body(broadcast_id) == "News"


def test_it_is_fed_as_far_as_there_is_room_and_everybody_once(database: Database) -> None:
    people(database, *range(1, 11))
    broadcast_id = running(database)
    reached: list[int] = []
    for expected in (4, 4, 2, 0):
        assert feed(database, broadcast_id, 4) == expected
        assert feed(database, broadcast_id, 4) == 0, "the outbox is full, or nobody is left"
        with database.unit_of_work() as uow:
            found = uow.delivery.candidates(100)
            uow.delivery.start([item.id for item in found], 30)
            uow.delivery.settle([Outcome(item.id, 1, Delivery.SENT) for item in found])
        reached += [item.chat_id for item in found]
        assert {item.priority for item in found} <= {Priority.BROADCAST}
    assert sorted(reached) == list(range(1, 11))
    with database.reading() as uow:
        assert uow.broadcasts.report(broadcast_id) == {"total": 10, "sent": 10}


def test_feeders_at_once_write_to_everybody_once(database: Database) -> None:
    people(database, *range(1, 101))
    broadcast_id = running(database)

    def feeder(_: int) -> int:
        with database.unit_of_work() as uow:
            uow.broadcasts.lock(broadcast_id)
            return uow.broadcasts.feed(broadcast_id, 1000)

    assert sum(together(feeder)) == 100
    with database.reading() as uow:
        assert uow.broadcasts.report(broadcast_id) == {"total": 100, "pending": 100}


def test_only_running_ones_are_fed(database: Database) -> None:
    with database.unit_of_work() as uow:
        uow.broadcasts.draft(7, "Draft")
    broadcast_id = running(database)
    running(another_bot(database.engine))
    with database.reading() as uow:
        assert uow.broadcasts.running() == [broadcast_id]
