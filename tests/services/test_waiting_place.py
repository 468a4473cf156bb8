"""The place in the queue: told at once, with an honest range, and again when it has changed for good."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from database.db import Database
from database.queries.waiting import InLine
from services.access import Role
from services.jobs import AskForPerson, End
from services.waiting.place import is_news
from services.waiting.rules import WaitingRules
from tests.services.bank import MODERATOR, POLICY, Bank
from tests.services.lobby import long_ago, meet, rounds, served
from tests.twins import TwinWakeups

TEN = [float(minutes) for minutes in range(1, 11)]
NOW = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database)
    bank.grant(MODERATOR, Role.MODERATOR)
    return bank


def test_the_place_is_told_at_once_and_no_minutes_without_data(bank: Bank) -> None:
    [first] = bank.does(AskForPerson(), 1)
    [second] = bank.does(AskForPerson(), 2)
    assert ["waiting.next" in first, "waiting.place place=2" in second] == [True, True]
    assert "waiting.meanwhile" in first
    assert not any(word in first + second for word in ("waiting.between", "waiting.up_to"))


def test_a_range_is_told_from_what_chats_took(bank: Bank) -> None:
    served(bank.database, TEN)
    bank.does(AskForPerson(), 1)
    [told] = bank.does(AskForPerson(), 2)
    assert "en:waiting.place place=2 en:waiting.between low=6 high=20" in told


def test_nothing_is_said_in_minutes_by_chats_of_who_may_not_take_any_more(bank: Bank) -> None:
    served(bank.database, TEN, staff_id=4711)
    assert "waiting.between" not in bank.does(AskForPerson())[0]


def test_who_asks_again_is_told_where_they_are(bank: Bank) -> None:
    bank.does(AskForPerson(), 1)
    bank.does(AskForPerson(), 2)
    [again] = bank.does(AskForPerson(), 2)
    assert ["handover.already_queued" in again, "place=2" in again] == [True, True]


def test_places_are_told_in_the_order_in_which_people_are_served(bank: Bank) -> None:
    kinds = [(urgent, returned) for urgent in (False, True) for returned in (False, True)] * 2
    for customer in range(1, len(kinds) + 1):
        bank.does(AskForPerson(), customer)
    with bank.database.unit_of_work() as uow:
        for customer, (urgent, returned) in enumerate(kinds, start=1):
            talk = uow.conversations.open_for(customer)
            assert talk
            talk.urgent, talk.returned, talk.queued_at = urgent, returned, NOW + timedelta(seconds=customer)
    with bank.database.reading() as uow:
        served = [talk for talk, _ in uow.floor.waiting()]
        assert [waits.conversation_id for waits in uow.waiting.line()] == [talk.id for talk in served]
        assert [uow.waiting.place(talk) for talk in served] == list(range(1, len(kinds) + 1))
        assert [talk.chat_id for talk in served] == [4, 8, 3, 7, 2, 6, 1, 5]


def test_an_urgent_customer_is_before_those_who_are_not(bank: Bank) -> None:
    bank.does(AskForPerson(), 1)
    assert "waiting.next" in bank.asks("I lost my card", 2)[-1]
    assert "waiting.place place=2" in bank.does(AskForPerson(), 1)[0]
    assert "waiting.place place=2" in bank.asks("I was scammed", 3)[-1]


def test_a_place_that_has_changed_is_told_again_but_no_flood(bank: Bank) -> None:
    for customer in (1, 2, 3):
        bank.does(AskForPerson(), customer)
    before = len(bank.told(3))
    rounds(bank).run()
    bank.does(End(), 1)
    long_ago(bank, 3)
    rounds(bank).run()  # from 3 to 2: not half as far back
    assert bank.told(3)[before:] == []
    bank.does(End(), 2)
    rounds(bank).run()
    rounds(bank).run()
    assert bank.told(3)[before:] == ["en:waiting.moved en:waiting.next"]


def test_news_wait_for_the_pause(bank: Bank) -> None:
    bank.does(AskForPerson(), 1)
    bank.does(AskForPerson(), 2)
    bank.does(End(), 1)
    rounds(bank).run()
    assert len(bank.told(2)) == 1


def test_who_waits_longer_than_told_hears_so(bank: Bank) -> None:
    served(bank.database, TEN)
    bank.does(AskForPerson())
    long_ago(bank)
    rounds(bank).run()
    rounds(bank).run()
    assert [told for told in bank.told() if "waiting.longer" in told] == [bank.told()[-1]]
    assert "waiting.between" in bank.told()[-1]


def test_with_a_person_nothing_is_told_of_places(bank: Bank) -> None:
    served(bank.database, TEN)
    meet(bank)
    before = len(bank.told())
    rounds(bank).run()
    assert len(bank.told()) == before


def test_many_who_wait_are_told_once_by_many_workers(bank: Bank) -> None:
    bank.does(AskForPerson(), 1)
    bank.does(AskForPerson(), 2)
    bank.does(End(), 1)
    long_ago(bank, 2)
    first, second = rounds(bank), rounds(bank)
    first.run()
    second.run()
    assert [("waiting.moved" in told) for told in bank.told(2)] == [False, True]


def test_nothing_wakes_anybody_without_a_queue(bank: Bank) -> None:
    with bank.database.reading() as uow:
        assert not uow.waiting.wanted()
    bank.does(AskForPerson())
    with bank.database.reading() as uow:
        assert uow.waiting.wanted()
    assert TwinWakeups().waits == 0


def test_quick_answers_are_not_offered_where_they_are_off(database: Database) -> None:
    bank = Bank(database, policy=replace(POLICY, waiting=WaitingRules(quick=False)))
    bank.grant(MODERATOR, Role.MODERATOR)
    assert "waiting.meanwhile" not in bank.does(AskForPerson())[0]


@given(st.integers(1, 500), st.integers(1, 500), st.integers(0, 7200), st.integers(-3600, 3600))
def test_news_are_rare(told: int, place: int, ago: int, late: int) -> None:
    at, until = NOW - timedelta(seconds=ago), NOW - timedelta(seconds=late)
    news = is_news(InLine(UUID(int=1), told, at, until), place, NOW, 60.0)
    if ago < 60:
        assert not news
    elif late >= 0:
        assert news
    else:
        assert news == (place < told and (place == 1 or place * 2 <= told))
