"""Doubt: one question without an answer is said to be so, the second in a row goes to a person."""

import pytest

from database.db import Database
from database.models import ConversationState
from services.access import Role
from services.drafts import Draft
from services.jobs import Refusal, Refused
from services.knowledge.passages import Found
from tests.services.bank import MODERATOR, Bank
from tests.twins import TwinLibrary, TwinModel

KNOWN = TwinLibrary().found


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database)
    bank.grant(MODERATOR, Role.MODERATOR)
    return bank


def ask(bank: Bank, text: str, found: Found) -> str:
    bank.library.found = found
    bank.asks(text)
    bank.answering.run_due()
    return bank.told()[-1]


def test_the_second_in_a_row_goes_to_a_person(bank: Bank) -> None:
    assert "answer.not_found" in ask(bank, "Who won?", Found())
    assert bank.outbound()[-1].buttons[0][0].data == "person"
    assert bank.told(MODERATOR) == []
    assert "handover.unsure" in ask(bank, "Who lost?", Found())
    assert ["handover.call " in call for call in bank.told(MODERATOR)] == [True]
    assert bank.outcomes() == ["not_found", "unsure"]
    assert bank.conversation().state == ConversationState.QUEUED


def test_an_answer_between_makes_patience_new(bank: Bank) -> None:
    for text, found in (("Who won?", Found()), ("How much is the card?", KNOWN), ("Who lost?", Found())):
        ask(bank, text, found)
    assert bank.outcomes() == ["not_found", "extract", "not_found"]
    assert bank.conversation().state == ConversationState.AI


def test_who_runs_into_the_limits_twice_in_a_row_is_given_a_person(bank: Bank) -> None:
    too_fast = Refused(reason=Refusal.TOO_FAST, seconds=5)
    ask(bank, "How much is the card?", KNOWN)
    assert "refused.too_fast" in bank.does(too_fast)[-1]
    ask(bank, "And now?", KNOWN)
    assert "refused.too_fast" in bank.does(too_fast)[-1], "an answer in between makes patience new"
    assert bank.told(MODERATOR) == []
    bank.does(too_fast)
    assert "handover.limits" in bank.told()[-1]
    assert ["handover.call " in call for call in bank.told(MODERATOR)] == [True]
    assert bank.conversation().state == ConversationState.QUEUED
    assert "refused.too_fast" in bank.does(too_fast)[-1], "never in a loop"
    assert len(bank.told(MODERATOR)) == 1


def test_what_else_is_refused_calls_nobody(bank: Bank) -> None:
    ask(bank, "How much is the card?", KNOWN)
    for _ in range(3):
        assert "refused.not_allowed" in bank.does(Refused(reason=Refusal.NOT_ALLOWED))[-1]
    assert bank.conversation().state == ConversationState.AI


def test_the_open_question_is_carried_on_to_the_model_and_closed_by_an_answer(bank: Bank) -> None:
    model = TwinModel(Draft("answer", "It is free.", (1,), "twin"))
    talk = Bank(bank.database, model=model)
    ask(talk, "Who won <the> match?", Found())
    for _ in range(2):
        ask(talk, "How much is the card?", KNOWN)
    first, second = (prompt[-1]["content"] for prompt in model.prompts)
    assert "<open_question>Who won &lt;the&gt; match?</open_question>" in first
    assert "<dialog>" not in second
