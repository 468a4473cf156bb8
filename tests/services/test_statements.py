"""How many statements a way costs: growth is noticed here, not in production."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from database.db import Database
from services.delivery import Dispatcher
from services.gateways.memory_limiter import MemoryLimiter
from services.jobs import Say
from services.rates import Rates
from services.sending import sent
from tests.services.bank import Bank
from tests.twins import accepted

INTAKE, ANSWER, DELIVERY = 11, 10, 4  # what each costs today; the first question of a person opens a conversation


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Collect the statements that run meanwhile, those that begin transactions left out."""
    statements: list[str] = []

    def collect(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", collect)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", collect)


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database)
    bank.register(1)
    return bank


@pytest.mark.parametrize("updates", [1, 50, 100])
def test_a_batch_is_accepted_by_one_statement(bank: Bank, updates: int) -> None:
    batch = [accepted(number, Say(text="Hello"), telegram_id=number) for number in range(updates)]
    with counted(bank.database.engine) as statements:
        bank.inbox.accept(batch)
    assert len(statements) == 1


def test_a_question_is_taken_in_by_a_few(bank: Bank) -> None:
    bank.accept(Say(text="How much is the card?"))
    with counted(bank.database.engine) as statements:
        bank.intake.advance([1])
    assert len(statements) <= INTAKE, "\n".join(statements)


def test_another_person_of_a_crowd_costs_no_look_of_their_own(bank: Bank) -> None:
    looks = []
    for crowd in (range(10, 20), range(20, 60)):
        for person in crowd:
            bank.accept(Say(text="How much is the card?"), person)
        with counted(bank.database.engine) as statements:
            bank.intake.advance(list(crowd))
        looks.append(sum(statement.startswith("SELECT") for statement in statements))
    assert looks[0] == looks[1], "\n".join(statements)


def test_an_answer_is_written_by_a_few(bank: Bank) -> None:
    bank.asks("How much is the card?")
    with counted(bank.database.engine) as statements:
        assert bank.answering.run_due() == 1
    assert len(statements) <= ANSWER, "\n".join(statements)


def test_a_batch_of_messages_is_sent_by_a_few_however_many_they_are(bank: Bank) -> None:
    dispatcher = Dispatcher(bank.database, MemoryLimiter(), Rates(per_second=1e9), lease=30)
    for chat in range(1, 41):
        bank.asks("How much is the card?", chat)
    bank.answering.run_due()
    with counted(bank.database.engine) as statements:
        dispatcher_took = dispatcher.take(1)
        dispatcher.settle([sent(parcel, 1) for parcel in dispatcher_took.parcels])
    of_one = len(statements)
    with counted(bank.database.engine) as statements:
        took = dispatcher.take(100)
        dispatcher.settle([sent(parcel, 1) for parcel in took.parcels])
    assert len(took.parcels) == 39
    assert len(statements) == of_one == DELIVERY, "\n".join(statements)
