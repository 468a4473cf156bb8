"""Assignment: longest-waiting first to the least-loaded who suits, next after a while, never twice, never too many."""

import pytest
from sqlalchemy import event

from database.db import Database
from database.models import ConversationState
from services.access import Role
from services.desk.desk import Desk
from services.desk.jobs import DeskVerb
from services.desk.offering import assign
from services.desk.taking import take_next
from services.errors import DeskRefusal
from tests.database.threads import together
from tests.services.desking import ANNA, BORIS, CLARA, SUPERVISOR, Floor


def test_the_longest_waiting_go_to_the_least_loaded(database: Database) -> None:
    floor = Floor.of(database, ANNA, BORIS)
    floor.meet(ANNA, 1)
    floor.asks_for_person(2, 3, 4)
    for customer, waited in ((2, 10), (3, 30), (4, 20)):
        floor.pass_time(customer, waited, "queued_at")
    assert floor.tend() == 3
    assert floor.offered() == {3: BORIS, 4: ANNA, 2: BORIS}
    assert floor.tend() == 0, "nobody is offered twice"
    offers = [text for text in floor.told(BORIS) if "desk.offer " in text]
    assert [f"#{floor.id(3)}" in offers[0] or floor.id(3) in offers[0], floor.id(2) in offers[1]] == [True, True]


def test_the_urgent_go_first(database: Database) -> None:
    floor = Floor.of(database, ANNA, chats=1)
    floor.asks_for_person(1)
    floor.says(2, "I lost my card")
    floor.tend()
    assert floor.offered() == {1: None, 2: ANNA}
    assert "desk.offer_urgent" in floor.told(ANNA)[-1]


def test_an_offer_that_is_not_taken_goes_to_the_next(database: Database) -> None:
    floor = Floor.of(database, ANNA, BORIS)
    floor.asks_for_person(1)
    floor.tend()
    [first] = floor.offered().values()
    floor.pass_time(1, 1, "offered_until")
    floor.tend()
    [second] = floor.offered().values()
    assert {first, second} == {ANNA, BORIS}
    assert "desk.offer_over" in floor.told(first or 0)[-1]
    floor.pass_time(1, 1, "offered_until")
    assert floor.tend() == 0, "both let it pass a moment ago"
    floor.acts(first or 0, DeskVerb.NEXT)
    assert floor.served() == {1: first}


def test_language_and_skill_choose_who_is_asked(database: Database) -> None:
    floor = Floor.of(database, ANNA, BORIS, CLARA)
    floor.register(1, 2, 3)
    with database.unit_of_work() as uow:
        uow.operators.ensure(ANNA).languages = ["ru"]
        uow.operators.ensure(BORIS).languages = ["en"]
        uow.operators.ensure(CLARA).languages = ["ru"]
        uow.operators.ensure(CLARA).skills = ["fraud"]
        for customer, language in ((1, "en"), (2, "kk"), (3, "ru")):
            user = uow.users.get(customer)
            assert user
            user.language = language
    floor.asks_for_person(1, 2, 3)
    with database.unit_of_work() as uow:
        talk = uow.conversations.open_for(3)
        assert talk
        talk.skill = "fraud"
    floor.tend()
    offered = floor.offered()
    assert (offered[1], offered[3]) == (BORIS, CLARA)
    assert offered[2] is not None, "a language that nobody speaks keeps nobody waiting"


def test_the_second_line_helps_when_the_first_is_full_and_only_then(database: Database) -> None:
    floor = Floor.of(database, ANNA, BORIS, chats=1)
    with database.unit_of_work() as uow:
        uow.operators.ensure(BORIS).line = 2
    floor.asks_for_person(1, 2)
    floor.tend()
    assert floor.offered() == {1: ANNA, 2: BORIS}


def test_who_is_away_or_on_call_is_offered_nobody(database: Database) -> None:
    floor = Floor.of(database, ANNA)
    floor.grant(BORIS, Role.MODERATOR)
    floor.acts(ANNA, DeskVerb.AWAY, "lunch")
    floor.asks_for_person(1)
    assert floor.tend() == 0
    assert ["handover.call " in text for text in floor.told(BORIS)] == [True], "called, as nobody is online"
    assert not [text for text in floor.told(ANNA) if "handover.call" in text]
    assert "desk.which_break" in floor.acts(ANNA, DeskVerb.AWAY, "fishing")[-1]


def test_a_role_that_is_taken_away_returns_the_customers(database: Database) -> None:
    floor = Floor.of(database, ANNA, BORIS)
    floor.meet(ANNA, 1)
    with database.unit_of_work() as uow:
        uow.roles.revoke(ANNA, Role.MODERATOR)
    floor.tend()
    assert floor.offered() == {1: BORIS}


def test_supervisors_are_warned_before_the_promise_is_broken(database: Database) -> None:
    floor = Floor.of(database, ANNA, chats=1, service_level=100.0)
    floor.grant(SUPERVISOR, Role.SUPERVISOR)
    floor.meet(ANNA, 1)
    floor.asks_for_person(2)
    floor.tend()
    assert not [text for text in floor.told(SUPERVISOR) if "level_in_danger" in text]
    floor.pass_time(2, 85, "queued_at")
    assert [floor.tend() for _ in range(2)] == [0, 0]
    assert ["waiting=1 longest=1:2" in text for text in floor.told(SUPERVISOR) if "level_in_danger" in text] == [True]


OPERATORS, CUSTOMERS, LIMIT = range(2001, 2011), range(1, 51), 5


def crowded(database: Database) -> Floor:
    """Return a desk of ten operators with room for five each, and fifty customers who wait."""
    floor = Floor.of(database, *OPERATORS, chats=LIMIT)
    floor.asks_for_person(*CUSTOMERS)
    return floor


def test_fifty_at_once_take_the_next_and_each_customer_has_one_operator(database: Database) -> None:
    floor = crowded(database)

    def take(number: int) -> int | None:
        with database.unit_of_work() as uow:
            try:
                return take_next(Desk(uow, floor.tools, OPERATORS[number % len(OPERATORS)])).chat_id
            except DeskRefusal:
                return None

    taken = [customer for customer in together(take, 50) if customer]
    served = floor.served()
    assert sorted(taken) == sorted(served) == list(CUSTOMERS), "each once, and nobody is skipped"
    assert {operator: list(served.values()).count(operator) for operator in OPERATORS} == dict.fromkeys(
        OPERATORS, LIMIT
    )
    for customer in CUSTOMERS:
        assert sum("handover.joined" in text for text in floor.told(customer)) == 1


def test_more_hands_than_room_take_no_more_than_the_limit(database: Database) -> None:
    floor = Floor.of(database, ANNA, BORIS, chats=2)
    floor.asks_for_person(*range(1, 9))

    def take(number: int) -> bool:
        with database.unit_of_work() as uow:
            try:
                take_next(Desk(uow, floor.tools, (ANNA, BORIS)[number % 2]))
            except DeskRefusal:
                return False
            return True

    assert sum(together(take, 16)) == 4
    assert sorted(floor.served()) == [1, 2, 3, 4], "the longest-waiting"


def test_assignments_at_once_offer_everybody_once(database: Database) -> None:
    floor = crowded(database)

    def share_out(_number: int) -> int:
        with database.unit_of_work() as uow:
            return assign(Desk(uow, floor.tools))

    assert sum(together(share_out)) == len(CUSTOMERS)
    offered = list(floor.offered().values())
    assert {operator: offered.count(operator) for operator in OPERATORS} == dict.fromkeys(OPERATORS, LIMIT)


@pytest.mark.parametrize("waiting", [20, 200])
def test_assignment_reads_the_floor_in_as_many_statements_however_many_wait(database: Database, waiting: int) -> None:
    floor = Floor.of(database, ANNA, chats=50)
    with database.unit_of_work() as uow:
        for customer in range(1, waiting + 1):
            uow.users.lock_chats([customer])
            user = uow.users.get(customer)
            assert user
            talk = uow.conversations.start(user)
            talk.state, talk.queued_at = ConversationState.QUEUED, uow.now()
    seen: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        with database.unit_of_work() as uow:
            assert assign(Desk(uow, floor.tools)) == min(waiting, 50)
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    assert len(seen) <= 16, seen[-3:]
