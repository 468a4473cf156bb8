"""Locks that are held together: whoever works on a person's updates must not stop who writes their answer."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic

import pytest
from sqlalchemy import Engine, text

from database.db import Database
from database.models import Step
from services.access import Role
from services.desk.desk import Desk
from services.desk.offering import assign
from services.desk.passing import transfer
from services.desk.taking import take, take_next
from tests.database.fixtures import another_bot
from tests.database.people import person
from tests.services.desking import ANNA, BORIS, SUPERVISOR, Floor

CUSTOMER = 1


def test_a_locked_person_does_not_stop_their_conversation(postgres_engine: Engine) -> None:
    """A row that a transaction changes twice has its foreign keys checked, which needs a share of what they name."""
    database = another_bot(postgres_engine)
    with database.unit_of_work() as uow:
        user = person(uow, CUSTOMER)
        user.step = Step.DONE
        conversation = uow.conversations.start(user)
        uow.conversations.ask(conversation, 0.0, 0.0)
    with database.unit_of_work() as intake:
        assert intake.users.lock_chats([CUSTOMER]) == [CUSTOMER]
        assert intake.users.hold([CUSTOMER])
        with database.unit_of_work() as answering:
            answering.session.execute(text("SET LOCAL lock_timeout = '2s'"))
            claimed = answering.conversations.claim_due(20.0)
            assert claimed is not None
            answering.conversations.held(claimed.claim).failures = 7
            answering.session.flush()


@pytest.mark.parametrize("meanwhile", [assign, take_next], ids=["assignment", "a colleague's next"])
@pytest.mark.parametrize("act", ["transfer", "take", "next"])
def test_who_gives_customers_away_does_not_stop_who_holds_one_of_them(
    postgres_engine: Engine, act: str, meanwhile: Callable[[Desk], object]
) -> None:
    """One of two transactions that wait for each other would be ended by the database, after a second."""
    floor = Floor.of(another_bot(postgres_engine), ANNA, BORIS)
    floor.grant(SUPERVISOR, Role.SUPERVISOR)
    floor.asks_for_person(1, 2)
    chat = floor.conversation(1).id
    with ThreadPoolExecutor(1) as pool:
        with floor.database.unit_of_work() as uow:
            desk = Desk(uow, floor.tools, SUPERVISOR if act == "transfer" else ANNA)
            talk = desk.locked(chat)
            desk.uow.operators.ensure(ANNA).current_id = chat
            desk.uow.session.flush()
            other = pool.submit(_act, floor, BORIS, meanwhile)
            _finished_or_waiting(floor.database, other)
            if act == "transfer":
                transfer(desk, talk, ANNA)
            elif act == "take":
                take(desk, chat)
            else:
                take_next(desk)
        other.result(timeout=10)
    assert floor.served() == {1: ANNA} | ({2: BORIS} if meanwhile is take_next else {})
    floor.tend()
    assert len(floor.served()) == 2 or set(floor.offered()) == {2}


def _act(floor: Floor, actor: int, act: Callable[[Desk], object]) -> None:
    with floor.database.unit_of_work() as uow:
        act(Desk(uow, floor.tools, actor))


def _finished_or_waiting(database: Database, other: "Future[None]") -> None:
    """Wait until the other transaction is over, or waits for a lock."""
    blocked = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    deadline = monotonic() + 10
    while not other.done() and monotonic() < deadline:
        with database.reading() as uow:
            if uow.session.scalar(blocked):
                return
    assert other.done()
