"""Humans win: an answer that somebody overtook is dropped and recorded, wherever it was on its way."""

from collections.abc import Callable

import pytest

from database.db import Database
from database.models import ConversationState, Delivery, Mode
from services.access import Role
from services.drafts import Draft
from services.jobs import AskForPerson, ChooseMode, End, SwitchAi, TakeChat
from tests.database.threads import let_time_pass
from tests.services.bank import ADMIN, MODERATOR, Bank
from tests.twins import TwinModel


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database)
    bank.grant(MODERATOR, Role.MODERATOR)
    bank.grant(ADMIN, Role.ADMIN)
    return bank


def taken_over(bank: Bank) -> None:
    bank.does(AskForPerson())
    bank.does(TakeChat(conversation_id=bank.conversation().id), MODERATOR)


def another_worker(bank: Bank) -> None:
    let_time_pass(bank.database)
    bank.answering.run_due()


_FIRST: dict[str, Callable[[Bank], object]] = {
    "a moderator takes over": taken_over,
    "the customer asks for a person": lambda bank: bank.does(AskForPerson()),
    "the customer ends the talk": lambda bank: bank.does(End()),
    "the AI is switched off": lambda bank: bank.does(SwitchAi(on=False), ADMIN),
    "another worker takes the lease": another_worker,
}


@pytest.mark.parametrize("who", _FIRST)
def test_an_answer_is_dropped_and_recorded_when_somebody_comes_first(bank: Bank, who: str) -> None:
    bank.asks("How much is the card?")
    bank.meanwhile(lambda: _FIRST[who](bank))
    bank.answering.run_due()
    told = [text for text in bank.told() if "answer." in text]
    assert len(told) == (1 if who == "another worker takes the lease" else 0)
    assert bank.outcomes().count("overtaken") == 1
    bank.run()
    assert [text for text in bank.told() if "answer." in text] == told, "nothing comes later"


def test_the_customer_is_told_when_the_ai_was_switched_off_meanwhile(bank: Bank) -> None:
    bank.asks("How much is the card?")
    bank.meanwhile(lambda: bank.does(SwitchAi(on=False), ADMIN))
    bank.answering.run_due()
    assert ["handover.ai_off" in text for text in bank.told()] == [True]
    assert bank.conversation().state == ConversationState.QUEUED


def test_an_answer_that_waits_in_the_outbox_is_taken_back_by_a_person(bank: Bank) -> None:
    bank.asks("How much is the card?")
    bank.answering.run_due()
    bank.does(AskForPerson())
    taken_back = bank.messages()[0]
    assert (taken_back.state, taken_back.reason) == (Delivery.DROPPED, "overtaken")
    assert bank.answers() == []


def test_people_come_first_for_whoever_wants_that(bank: Bank) -> None:
    bank.does(ChooseMode(mode=Mode.HUMAN))
    bank.asks("How much is the card?")
    assert bank.answering.run_due() == 0
    assert "handover.by_mode" in bank.told()[-1]


def test_a_model_hands_over(bank: Bank) -> None:
    talk = Bank(bank.database, model=TwinModel(Draft("handover", "", (), "twin")))
    talk.asks("I would rather not talk about it here")
    talk.answering.run_due()
    assert ["handover.queued" in text for text in talk.told()] == [True]
    assert talk.conversation().state == ConversationState.QUEUED
    assert len(talk.told(MODERATOR)) == 1
    assert talk.outcomes() == ["handover"]
