"""The sweep: wakes what was left behind, from one process at a time, whatever it meets."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from database.db import Database, UnitOfWork
from database.models import BroadcastState, Conversation, Delivery, Duty, InboxRow, Priority
from database.types import db_now
from services.jobs import ShowPrivacy
from services.metrics import UNKNOWN_SENDS
from services.sweep import Sweeper
from tests.database.fixtures import another_bot
from tests.database.people import asked, message, outgoing
from tests.database.threads import let_time_pass, together
from tests.deploy.waiting import wait_until
from tests.services.bank import Bank
from tests.twins import TwinWakeups


def swept(database: Database) -> TwinWakeups:
    """Sweep as if nobody had for long, and return who was woken."""
    with database.unit_of_work() as uow:
        uow.session.execute(update(Duty).where(Duty.name == f"sweep:{database.bot_id}").values(held_until=db_now(-1)))
    wakeups = TwinWakeups()
    Sweeper(database, wakeups).sweep()
    return wakeups


def accept(database: Database, chat_id: int = 1) -> None:
    Bank(database).accept(ShowPrivacy(), chat_id)


def age(database: Database) -> None:
    """Make what waits have waited for a minute."""
    with database.unit_of_work() as uow:
        options = {"synchronize_session": False}
        inbox = update(InboxRow).where(InboxRow.bot_id == database.bot_id)
        uow.session.execute(inbox.values(received_at=db_now(-60)), execution_options=options)
        waiting = update(Conversation).where(
            Conversation.bot_id == database.bot_id, Conversation.answer_due_at.is_not(None)
        )
        uow.session.execute(waiting.values(answer_due_at=db_now(-60)), execution_options=options)


def broadcast(database: Database, state: BroadcastState) -> UUID:
    with database.unit_of_work() as uow:
        found = uow.broadcasts.draft(9, "{}")
        found.state = state
        return found.id


def test_nothing_waits_and_nobody_is_woken(database: Database) -> None:
    other = another_bot(database.engine)
    accept(other)
    asked(other, 1)
    outgoing(other, 1)
    broadcast(other, BroadcastState.RUNNING)
    broadcast(database, BroadcastState.DRAFT)
    age(other)
    assert swept(database) == TwinWakeups()


def test_updates_are_woken_once_their_own_wake_up_counts_as_lost(database: Database) -> None:
    accept(database)
    assert swept(database).chats == []
    age(database)
    assert swept(database).chats == [1]


def test_updates_of_a_dead_worker_are_woken_and_those_of_a_live_one_are_not(database: Database) -> None:
    accept(database)
    age(database)
    with database.unit_of_work() as uow:
        uow.users.lock_chats([1])
        assert len(uow.inbox.claim([1], 30.0)) == 1
    assert swept(database).chats == []
    let_time_pass(database)
    assert swept(database).chats == [1]


def test_questions_are_woken_once_they_are_overdue_and_nobody_answers(database: Database) -> None:
    conversation_id = asked(database, 1)
    assert swept(database).conversations == []
    age(database)
    assert swept(database).conversations == [(conversation_id, 0.0)]
    with database.unit_of_work() as uow:
        assert uow.conversations.claim_due(30.0)
    assert swept(database).conversations == []
    let_time_pass(database)
    age(database)
    assert swept(database).conversations == [(conversation_id, 0.0)]


def test_messages_that_wait_wake_delivery(database: Database) -> None:
    message_id = outgoing(database, 1)
    assert swept(database).deliveries == 1
    with database.unit_of_work() as uow:
        uow.delivery.postpone([(message_id, 60.0)])
    assert swept(database).deliveries == 0


@pytest.mark.parametrize(
    ("priority", "state", "deliveries", "resent"),
    [(Priority.REPLY, Delivery.PENDING, 1, "yes"), (Priority.BROADCAST, Delivery.UNKNOWN, 0, "no")],
)
def test_a_message_whose_sender_died_is_unknown_and_counted(
    database: Database, priority: Priority, state: Delivery, deliveries: int, resent: str
) -> None:
    def counted() -> dict[str, float]:
        return {label: UNKNOWN_SENDS.labels(label)._value.get() for label in ("yes", "no")}

    before = counted()
    message_id = outgoing(database, 1, priority=priority)
    with database.unit_of_work() as uow:
        uow.delivery.start([message_id], 30.0)
    assert swept(database).deliveries == 0
    assert counted() == before
    let_time_pass(database)
    assert swept(database).deliveries == deliveries
    assert message(database, message_id).state == state
    assert counted() == before | {resent: before[resent] + 1}


def test_broadcasts_under_way_are_woken(database: Database) -> None:
    broadcast(database, BroadcastState.RUNNING)
    broadcast(database, BroadcastState.RUNNING)
    assert swept(database).feeds == 1


def test_of_many_processes_one_looks(database: Database) -> None:
    accept(database)
    age(database)
    wakeups = TwinWakeups()
    together(lambda _: Sweeper(database, wakeups).sweep())
    assert wakeups.chats == [1]


class Fragile(Database):
    """Fails as a database does, then as nothing should, and then works."""

    errors: list[Exception]

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        if self.errors:
            raise self.errors.pop()
        with super().unit_of_work() as uow:
            yield uow


def test_it_goes_on_after_errors(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.sweep.INTERVAL", 0.01)
    accept(database)
    age(database)
    fragile = Fragile(database.engine, database.bot_id, database.vault)
    fragile.errors = [RuntimeError("ours"), OperationalError("SELECT", {}, Exception("away"))]
    wakeups = TwinWakeups()
    sweeper = Sweeper(fragile, wakeups)
    sweeper.start()
    wait_until(lambda: 1 in wakeups.chats)
    sweeper.stop()
    sweeper._thread.join(60)
    assert not sweeper._thread.is_alive()
