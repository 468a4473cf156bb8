"""Ambiguity is a state: sends whose end nobody knows, and messages that were taken back meanwhile."""

from typing import Any

import pytest
from sqlalchemy import Executable, Result, update

from database.db import Database
from database.models import Author, Delivery, Message, Priority
from database.queries.delivery import DeliveryQueries, Outcome
from database.types import db_now
from tests.database.outbox import take
from tests.database.people import message, outgoing
from tests.database.threads import let_time_pass


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


def test_a_reply_whose_lease_runs_out_during_the_look_is_left_to_the_next_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = outgoing(database, 1)
    take(database)
    execute = DeliveryQueries.execute

    def slowly(queries: DeliveryQueries, statement: Executable) -> Result[Any]:
        result = execute(queries, statement)
        execute(queries, update(Message).where(Message.id == reply).values(lease_until=db_now(-1)))
        return result

    monkeypatch.setattr(DeliveryQueries, "execute", slowly)
    with database.unit_of_work() as uow:
        assert uow.delivery.expire() == (0, 0)
    assert message(database, reply).state == Delivery.SENDING
    with database.unit_of_work() as uow:
        assert uow.delivery.expire() == (1, 1)


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
