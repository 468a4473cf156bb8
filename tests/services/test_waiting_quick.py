"""Quick answers: what the knowledge surely holds is quoted to who waits; never once a person has the chat."""

from dataclasses import replace

import pytest

from database.db import Database
from database.models import Author, ConversationState, Delivery
from services.access import Role
from services.jobs import AskForPerson, End, SwitchAi, TakeChat
from services.knowledge.passages import Found, Passage
from services.waiting.rules import WaitingRules
from tests.services.bank import ADMIN, MODERATOR, POLICY, Bank
from tests.services.lobby import rounds
from tests.twins import FEE

ASKED = "How much is the card?"


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database)
    bank.grant(MODERATOR, Role.MODERATOR)
    bank.grant(ADMIN, Role.ADMIN)
    return bank


def take(bank: Bank) -> None:
    bank.does(TakeChat(conversation_id=bank.conversation().id), MODERATOR)


def test_a_waiting_customer_gets_a_marked_quotation_and_keeps_the_place(bank: Bank) -> None:
    bank.does(AskForPerson())
    queued_at = bank.conversation().queued_at
    assert ["handover.noted" in told for told in bank.asks(ASKED)] == [True]
    assert bank.wakeups.waits == 1
    rounds(bank).run()
    [answer] = bank.answers()
    assert answer.startswith("en:waiting.quick\nen:answer.extract text=The card is free.")
    assert "How much is the card?" in answer, "the source"
    assert (bank.conversation().state, bank.conversation().queued_at) == (ConversationState.QUEUED, queued_at)
    assert bank.outcomes() == ["extract"]
    rounds(bank).run()
    assert len(bank.answers()) == 1


@pytest.mark.parametrize("found", [Found(), Found((Passage(FEE, 0.5),), 0.59, answerable=True)])
def test_what_is_not_sure_is_not_said(bank: Bank, found: Found) -> None:
    bank.does(AskForPerson())
    bank.library.found = found
    bank.asks(ASKED)
    rounds(bank).run()
    assert bank.answers() == []


def test_it_is_dropped_when_a_person_takes_the_chat_meanwhile(bank: Bank) -> None:
    bank.does(AskForPerson())
    bank.asks(ASKED)
    bank.meanwhile(lambda: take(bank))
    rounds(bank).run()
    assert bank.answers() == []
    assert bank.conversation().state == ConversationState.WITH_OPERATOR


def test_one_that_waits_in_the_outbox_is_taken_back_by_a_person(bank: Bank) -> None:
    bank.does(AskForPerson())
    bank.asks(ASKED)
    rounds(bank).run()
    take(bank)
    assert [m.state for m in bank.messages() if m.author == Author.AI] == [Delivery.DROPPED]


def test_a_newer_question_replaces_the_one_that_is_looked_up(bank: Bank) -> None:
    bank.does(AskForPerson())
    bank.asks(ASKED)
    bank.meanwhile(lambda: bank.asks("And the limits?"))
    rounds(bank).run()
    assert [question in ("And the limits?", ASKED) for question in bank.library.asked] == [True, True]
    assert len(bank.answers()) == 1


def test_it_is_not_said_after_the_end_nor_with_the_ai_off(bank: Bank) -> None:
    bank.does(AskForPerson())
    bank.asks(ASKED)
    bank.meanwhile(lambda: bank.does(End()))
    rounds(bank).run()
    bank.does(AskForPerson())
    bank.asks(ASKED)
    bank.meanwhile(lambda: bank.does(SwitchAi(on=False), ADMIN))
    rounds(bank).run()
    bank.asks(ASKED)
    rounds(bank).run()
    assert bank.answers() == []


def test_it_can_be_turned_off(database: Database) -> None:
    bank = Bank(database, policy=replace(POLICY, waiting=WaitingRules(quick=False)))
    bank.grant(MODERATOR, Role.MODERATOR)
    bank.does(AskForPerson())
    bank.asks(ASKED)
    rounds(bank).run()
    assert bank.answers() == []
    assert bank.library.asked == []


def test_a_question_is_looked_up_by_one_worker_and_left_to_another_when_that_one_dies(bank: Bank) -> None:
    bank.does(AskForPerson())
    bank.asks(ASKED)
    with bank.database.unit_of_work() as uow:
        assert uow.waiting.claim_quick(lease=60.0)
    with bank.database.unit_of_work() as uow:
        assert uow.waiting.claim_quick(lease=-1.0) is None
        conversation = uow.conversations.lock(bank.conversation().id)
        assert conversation
        conversation.quick_lease = uow.now()
    with bank.database.unit_of_work() as uow:
        assert uow.waiting.claim_quick(lease=60.0)
