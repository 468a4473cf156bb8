"""The inbox: each update once, in one pair of hands, with its end fenced by the attempt."""

from concurrent.futures import ThreadPoolExecutor

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, text

from database.db import Database
from database.models import InboxRow, InboxState
from database.queries.inbox import ClaimedUpdate
from tests.database.fixtures import another_bot
from tests.database.incoming import accept, claim, new, row
from tests.database.threads import let_time_pass, together
from tests.system import wait_until


@given(batches=st.lists(st.lists(st.integers(1, 12), min_size=1, max_size=8), min_size=1, max_size=6))
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_update_is_there_once_however_often_it_comes(database: Database, batches: list[list[int]]) -> None:
    bot = another_bot(database.engine)
    accepted = sum(accept(bot, *(new(update_id, chat_id=update_id % 3) for update_id in batch)) for batch in batches)
    expected = {update_id for batch in batches for update_id in batch}
    claimed = claim(bot, 0, 1, 2)
    assert accepted == len(expected)
    assert [item.update_id for item in claimed] == sorted(expected)


def test_fronts_that_accept_the_same_updates_at_once_store_each_once(database: Database) -> None:
    rounds = 2

    def front(number: int) -> int:
        accepted = 0
        for start in range(0, rounds * 100, 100):
            forward = range(start, start + 100)
            accepted += accept(database, *map(new, forward if number % 2 else reversed(forward)))
        return accepted

    assert sum(together(front)) == rounds * 100
    with database.reading() as uow:
        assert uow.inbox.counts() == {"new": rounds * 100}


def test_fronts_do_not_lock_each_other_out(postgres_engine: Engine) -> None:
    database = another_bot(postgres_engine)
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )

    def number_waiting() -> int:
        with postgres_engine.connect() as connection:
            return int(connection.execute(waiting).scalar_one())

    with ThreadPoolExecutor(2) as pool, database.unit_of_work() as uow:
        uow.inbox.accept([new(9)])
        fronts = [pool.submit(accept, database, *map(new, order)) for order in ((1, 9, 2), (2, 9, 1))]
        wait_until(lambda: number_waiting() == len(fronts), what="both fronts to meet the row that is not committed")
        uow.session.rollback()
    assert sum(front.result() for front in fronts) == 3


def test_update_ids_may_jump_back(database: Database) -> None:
    accept(database, new(900))
    accept(database, new(5))
    assert [item.update_id for item in claim(database, 1)] == [5, 900]


def test_no_update_is_ever_in_two_hands(database: Database) -> None:
    chats = range(20)
    accept(database, *(new(update_id, chat_id=update_id % 20) for update_id in range(200)))

    def worker(_: int) -> list[ClaimedUpdate]:
        claims: list[ClaimedUpdate] = []
        for _ in range(4):
            claims += claim(database, *chats)
        return claims

    hands = together(worker)
    claimed = [item.update_id for items in hands for item in items]
    assert sorted(claimed) == list(range(200))
    for items in hands:
        for chat in chats:
            own = [item.update_id for item in items if item.chat_id == chat]
            assert own in ([], list(range(chat, 200, 20))), "a chat's updates stay together, in order"


def test_a_chat_that_is_worked_on_waits_with_what_came_later(database: Database) -> None:
    accept(database, new(1), new(2, chat_id=2))
    [first] = claim(database, 1)
    accept(database, new(3))
    assert [item.update_id for item in claim(database, 1, 2)] == [2]
    with database.unit_of_work() as uow:
        uow.inbox.finish([first])
    assert [item.update_id for item in claim(database, 1)] == [3]


def test_waiting_chats_are_those_nobody_works_on_longest_waiting_first(database: Database) -> None:
    accept(database, new(5, chat_id=50), new(3, chat_id=30), new(4, chat_id=30), new(9, chat_id=90))
    claim(database, 90)
    with database.reading() as uow:
        assert uow.inbox.waiting_chats(10) == [30, 50]
        assert uow.inbox.waiting_chats(1) == [30]
        assert uow.inbox.waiting_chats(10, older_than=60) == []
    let_time_pass(database)
    with database.reading() as uow:
        assert uow.inbox.waiting_chats(10) == [30, 50, 90]


def test_bots_share_neither_updates_nor_numbers(database: Database) -> None:
    other = another_bot(database.engine)
    assert accept(database, new(1)) == accept(other, new(1)) == 1
    assert len(claim(database, 1)) == 1
    assert row(other, 1).state == InboxState.NEW
    with other.reading() as uow:
        number = select(func.count()).select_from(InboxRow).where(InboxRow.bot_id == other.bot_id)
        assert uow.session.scalar(number) == 1
