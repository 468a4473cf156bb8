"""The outbox: order of service, one message of a chat at a time, ambiguity as a state."""

from collections import defaultdict
from threading import Lock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from database.db import Database
from database.models import Delivery, Priority
from database.queries.delivery import Outcome
from tests.database.fixtures import another_bot
from tests.database.outbox import settle, take
from tests.database.people import message, outgoing, person
from tests.database.threads import let_time_pass, together

_MESSAGES = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(Priority)), min_size=1, max_size=12)


@given(messages=_MESSAGES)
@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_chat_is_served_by_priority_then_age(database: Database, messages: list[tuple[int, Priority]]) -> None:
    bot = another_bot(database.engine)
    expected: dict[int, list[int]] = defaultdict(list)
    rows = [(chat, priority, outgoing(bot, chat, priority=priority)) for chat, priority in messages]
    for chat, _, message_id in sorted(rows, key=lambda row: (row[1], row[2])):
        expected[chat].append(message_id)
    served: dict[int, list[int]] = defaultdict(list)
    while taken := take(bot):
        assert len({item.chat_id for item in taken}) == len(taken), "one of a chat at a time"
        assert [(item.priority, item.id) for item in taken] == sorted((item.priority, item.id) for item in taken)
        for item in taken:
            served[item.chat_id].append(item.id)
            settle(bot, item)
    assert served == expected


def test_a_message_being_sent_holds_back_its_chat_only(database: Database) -> None:
    first, second, other = outgoing(database, 1), outgoing(database, 1), outgoing(database, 2)
    taken = take(database)
    assert [item.id for item in taken] == [first, other]
    outgoing(database, 1, priority=Priority.REPLY)
    assert take(database) == []
    settle(database, taken[0])
    assert [item.id for item in take(database)] == [second]


def test_a_message_that_was_put_off_holds_back_those_behind_it(database: Database) -> None:
    first = outgoing(database, 1)
    outgoing(database, 1)
    with database.unit_of_work() as uow:
        uow.delivery.postpone([(first, 60)])
    assert take(database) == []
    let_time_pass(database)
    assert [item.id for item in take(database)] == [first]


def test_room_is_kept(database: Database) -> None:
    for chat in range(5):
        outgoing(database, chat)
    assert len(take(database, room=3)) == 3
    assert len(take(database, room=3)) == 2


def test_many_dispatchers_send_each_message_once_in_order(database: Database) -> None:
    chats, each = 20, 10
    expected = {chat: [outgoing(database, chat) for _ in range(each)] for chat in range(chats)}
    sent: dict[int, list[int]] = defaultdict(list)
    lock = Lock()

    def dispatcher(_: int) -> None:
        while True:
            taken = take(database, room=7)
            with lock:
                for item in taken:
                    sent[item.chat_id].append(item.id)
                if sum(map(len, sent.values())) >= chats * each:
                    return
            with database.unit_of_work() as uow:
                uow.delivery.settle([Outcome(item.id, item.attempt, Delivery.SENT) for item in taken])

    together(dispatcher)
    assert sent == expected


@pytest.mark.parametrize("late", [Delivery.SENT, Delivery.FAILED, Delivery.PENDING, Delivery.UNKNOWN])
def test_the_outcome_of_an_overtaken_attempt_changes_nothing(database: Database, late: Delivery) -> None:
    outgoing(database, 1)
    [dead] = take(database)
    let_time_pass(database)
    with database.unit_of_work() as uow:
        uow.delivery.expire()
    [heir] = take(database)
    settle(database, dead, late, reason="late")
    assert message(database, heir.id).state == Delivery.SENDING
    settle(database, heir, telegram_message_id=77)
    settle(database, heir, Delivery.FAILED, reason="twice")
    kept = message(database, heir.id)
    assert (kept.state, kept.telegram_message_id, kept.reason) == (Delivery.SENT, 77, None)
    assert kept.sent_at


def test_an_outcome_that_comes_after_the_lease_still_tells_the_truth(database: Database) -> None:
    outgoing(database, 1, priority=Priority.BROADCAST)
    [slow] = take(database)
    let_time_pass(database)
    with database.unit_of_work() as uow:
        uow.delivery.expire()
    settle(database, slow, telegram_message_id=78)
    assert message(database, slow.id).state == Delivery.SENT


def test_a_retry_waits_its_delay_and_keeps_its_place(database: Database) -> None:
    first, second = outgoing(database, 1), outgoing(database, 1)
    [taken] = take(database)
    settle(database, taken, Delivery.PENDING, delay=40.0, reason="unavailable")
    assert take(database) == []
    with database.reading() as uow:
        assert uow.delivery.next_in(horizon=5) == 0.0, "the one behind it counts as waiting from now"
    let_time_pass(database)
    [again] = take(database)
    assert (again.id, again.attempt) == (first, 2)
    settle(database, again)
    assert [item.id for item in take(database)] == [second]


def test_next_in_says_when_to_look_again(database: Database) -> None:
    with database.reading() as uow:
        assert uow.delivery.next_in(5) is None
    soon, late = outgoing(database, 1), outgoing(database, 2)
    with database.unit_of_work() as uow:
        uow.delivery.postpone([(soon, 300), (late, 6000)])
    with database.reading() as uow:
        wait = uow.delivery.next_in(500)
        assert uow.delivery.next_in(100) is None
    assert wait is not None
    assert 200 < wait <= 300


def test_bots_do_not_send_for_each_other(database: Database) -> None:
    other = another_bot(database.engine)
    outgoing(other, 1)
    with database.unit_of_work() as uow:
        person(uow, 1)
    assert take(database) == []
    assert len(take(other)) == 1
