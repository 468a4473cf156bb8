"""The outbox: order of service, one message of a chat at a time, ambiguity as a state."""

from collections import defaultdict
from threading import Lock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from database.db import Database
from database.models import Author, Delivery, Message, Priority
from database.queries.delivery import Outcome
from tests.database.fixtures import another_bot
from tests.database.people import message, outgoing, person
from tests.database.threads import let_time_pass, together

LEASE = 30.0
ALL = 1000


def take(database: Database, room: int = ALL) -> list[Message]:
    """Start sending what may go now, as a dispatcher without limits does."""
    with database.unit_of_work() as uow:
        found = uow.delivery.candidates(room)
        if found:
            uow.delivery.start([item.id for item in found], LEASE)
    return found


def settle(database: Database, taken: Message, state: Delivery = Delivery.SENT, **more: float | str | bool) -> None:
    outcome = Outcome(taken.id, taken.attempt + 1, state, **more)  # type: ignore[arg-type]  # names are checked by it
    with database.unit_of_work() as uow:
        uow.delivery.settle([outcome])


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
                uow.delivery.settle([Outcome(item.id, item.attempt + 1, Delivery.SENT) for item in taken])

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
    assert (again.id, again.attempt) == (first, 1)
    settle(database, again)
    assert [item.id for item in take(database)] == [second]


@pytest.mark.parametrize("priority", [Priority.REPLY, Priority.NOTICE])
def test_a_reply_whose_sender_died_goes_out_once_more_and_is_then_unknown(
    database: Database, priority: Priority
) -> None:
    outgoing(database, 1, priority=priority)
    expired = []
    for _ in range(2):
        assert len(take(database)) == 1
        with database.unit_of_work() as uow:
            assert uow.delivery.expire() == (0, 0), "its lease still runs"
        let_time_pass(database)
        with database.unit_of_work() as uow:
            expired.append(uow.delivery.expire())
    assert expired == [(1, 1), (1, 0)]
    assert take(database) == []
    with database.reading() as uow:
        assert uow.delivery.counts() == {"unknown": 1}


def test_a_broadcast_whose_sender_died_is_unknown_and_not_repeated(database: Database) -> None:
    outgoing(database, 1, priority=Priority.BROADCAST)
    take(database)
    let_time_pass(database)
    with database.unit_of_work() as uow:
        assert uow.delivery.expire() == (1, 0)
    assert take(database) == []


def test_what_was_taken_back_is_not_sent(database: Database) -> None:
    ai, system = outgoing(database, 1), outgoing(database, 1, author=Author.SYSTEM)
    with database.unit_of_work() as uow:
        talk = uow.conversations.open_for(1)
        assert talk
        uow.delivery.drop(talk.id, Author.AI)
    assert [item.id for item in take(database)] == [system]
    dropped = message(database, ai)
    assert (dropped.state, dropped.reason) == (Delivery.DROPPED, "overtaken")


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome(0, 1, Delivery.SENT, 5), Delivery.SENT),
        (Outcome(0, 1, Delivery.FAILED, reason="blocked"), Delivery.FAILED),
        (Outcome(0, 1, Delivery.PENDING, reason="unavailable", delay=1), Delivery.DROPPED),
        (Outcome(0, 1, Delivery.PENDING, reason="unknown", delay=1, resend=True), Delivery.UNKNOWN),
    ],
)
def test_what_was_taken_back_while_being_sent_is_not_sent_again(
    database: Database, outcome: Outcome, state: Delivery
) -> None:
    message_id = outgoing(database, 1)
    take(database)
    with database.unit_of_work() as uow:
        talk = uow.conversations.open_for(1)
        assert talk
        uow.delivery.drop(talk.id, Author.AI)
    with database.unit_of_work() as uow:
        known = Outcome(
            message_id, 1, outcome.state, outcome.telegram_message_id, outcome.reason, outcome.delay, outcome.resend
        )
        uow.delivery.settle([known])
    let_time_pass(database)
    assert message(database, message_id).state == state
    assert take(database) == []


def test_next_in_says_when_to_look_again(database: Database) -> None:
    with database.reading() as uow:
        assert uow.delivery.next_in(5) is None
    soon, late = outgoing(database, 1), outgoing(database, 2)
    with database.unit_of_work() as uow:
        uow.delivery.postpone([(soon, 3), (late, 60)])
    with database.reading() as uow:
        wait = uow.delivery.next_in(5)
        assert uow.delivery.next_in(1) is None
    assert wait is not None
    assert 2 < wait <= 3


def test_bots_do_not_send_for_each_other(database: Database) -> None:
    other = another_bot(database.engine)
    outgoing(other, 1)
    with database.unit_of_work() as uow:
        person(uow, 1)
    assert take(database) == []
    assert len(take(other)) == 1
