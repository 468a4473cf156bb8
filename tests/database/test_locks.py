"""Locks that are held together: whoever works on a person's updates must not stop who writes their answer."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from time import monotonic
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text, update

from commands.staff import grant
from database.db import Database, UnitOfWork
from database.models import Delivery, InboxRow, InboxState, Message, Step, Tier
from database.queries.dead import DeadKind, Revived
from services.access import Role
from services.administration import barring
from services.administration.office import Office
from services.desk.desk import Desk
from services.desk.offering import assign
from services.desk.passing import transfer
from services.desk.taking import take, take_next
from services.drafts import Draft
from tests.database.fixtures import another_bot
from tests.database.people import person
from tests.services.bank import ADMIN, Bank
from tests.services.desking import ANNA, BORIS, SUPERVISOR, Floor
from tests.twins import TwinModel

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


def test_an_answer_in_another_language_does_not_stop_who_takes_in_what_its_asker_says_next(
    postgres_engine: Engine,
) -> None:
    """It changes the person's row too: whoever locks that one first locks the conversation next."""
    model = TwinModel(Draft("answer", "Bepul.", (1,), "twin", language="ru"))
    bank = Bank(another_bot(postgres_engine), model=model)
    bank.register(CUSTOMER)
    bank.asks("How much is the card? In Russian, please", CUSTOMER)
    with ThreadPoolExecutor(1) as pool:
        with bank.database.unit_of_work() as intake:
            intake.users.hold([CUSTOMER])
            other = pool.submit(bank.answering.run_due)
            _finished_or_waiting(bank.database, other)
            intake.conversations.hold_open([CUSTOMER])
        other.result(timeout=60)
    assert (len(bank.answers(CUSTOMER)), bank.user(CUSTOMER).language) == (1, "ru")


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
        other.result(timeout=60)
    assert floor.served() == {1: ANNA} | ({2: BORIS} if meanwhile is take_next else {})
    floor.tend()
    assert len(floor.served()) == 2 or set(floor.offered()) == {2}


def test_who_looks_for_the_next_keeps_nobody_whom_they_cannot_have(postgres_engine: Engine) -> None:
    """Two who each keep one that was taken already, and wait for the other's, would wait for ever."""
    floor = Floor.of(another_bot(postgres_engine), ANNA, BORIS)
    floor.asks_for_person(1)
    chat = floor.conversation(1).id
    with floor.database.unit_of_work() as looking, floor.database.unit_of_work() as other:
        assert looking.floor.hold_if(chat, lambda _: False, wait=False) is None
        assert other.floor.hold_if(chat, lambda _: True, wait=False) is not None
        assert looking.floor.hold_if(chat, lambda _: True, wait=False) is None


@pytest.mark.parametrize("kind", list(DeadKind))
def test_what_one_gives_up_another_one_does_not_revive_at_the_same_moment(
    postgres_engine: Engine, kind: DeadKind
) -> None:
    """A choice of rows in another statement is as old as that one: PostgreSQL looks at no row of it again."""
    bank = Bank(another_bot(postgres_engine))
    bank.register(CUSTOMER)
    bank.asks("How much is the card?", CUSTOMER)
    bank.answering.run_due()
    with bank.database.unit_of_work() as uow:
        for row, dead in ((Message, Delivery.DEAD), (InboxRow, InboxState.DEAD)):
            uow.session.execute(update(row).where(row.bot_id == bank.database.bot_id).values(state=dead))

    def revive() -> Revived:
        with bank.database.unit_of_work() as uow:
            return uow.dead_letters.revive(99)

    with ThreadPoolExecutor(1) as pool:
        with bank.database.unit_of_work() as uow:
            numbers = [letter.number for letter in uow.dead_letters.newest(99) if letter.kind == kind]
            assert uow.dead_letters.drop(kind, numbers[0])
            other = pool.submit(revive)
            _finished_or_waiting(bank.database, other)
        revived = asdict(other.result(timeout=60))
    assert revived[f"{kind}s"] == len(numbers) - 1


def test_nobody_is_barred_while_they_become_one_of_the_staff(postgres_engine: Engine) -> None:
    bank = Bank(another_bot(postgres_engine))
    bank.grant(ADMIN, Role.ADMIN)
    bank.register(CUSTOMER)
    with ThreadPoolExecutor(1) as pool:
        with bank.database.unit_of_work() as uow:
            barring.bar(Office(uow, bank.tools, ADMIN), CUSTOMER)
            uow.session.flush()
            other = pool.submit(CliRunner().invoke, grant, ["moderator", str(CUSTOMER)], obj=bank.database)
            _finished_or_waiting(bank.database, other)
        assert other.result(timeout=60).exit_code == 0
    with bank.database.reading() as uow:
        assert uow.people.barred() == {}


def test_two_who_give_one_number_at_the_same_moment_are_both_flagged(postgres_engine: Engine) -> None:
    database = another_bot(postgres_engine)

    def give(uow: UnitOfWork, telegram_id: int) -> None:
        uow.users.set_phone(person(uow, telegram_id), "+79123456789", Tier.TYPED)
        uow.session.flush()

    def meanwhile() -> None:
        with database.unit_of_work() as uow:
            give(uow, 2)

    with ThreadPoolExecutor(1) as pool:
        with database.unit_of_work() as uow:
            give(uow, 1)
            other = pool.submit(meanwhile)
            _finished_or_waiting(database, other)
        other.result(timeout=10)
    with database.reading() as uow:
        assert [user.phone_shared for number in (1, 2) if (user := uow.users.get(number))] == [True, True]


def _act(floor: Floor, actor: int, act: Callable[[Desk], object]) -> None:
    with floor.database.unit_of_work() as uow:
        act(Desk(uow, floor.tools, actor))


def _finished_or_waiting(database: Database, other: "Future[Any]") -> None:
    """Wait until the other transaction is over, or waits for a lock."""
    blocked = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    deadline = monotonic() + 60
    while not other.done() and monotonic() < deadline:
        with database.reading() as uow:
            if uow.session.scalar(blocked):
                return
    assert other.done()
