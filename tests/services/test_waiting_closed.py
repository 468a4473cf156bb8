"""Outside opening hours: one message says so and offers a message, a call or the AI; the opening desk hears of it."""

from dataclasses import replace

import pytest

from database.db import Database
from database.models import ConversationState, Mode
from services.access import Role
from services.jobs import AskForPerson, ChooseMode, TakeChat
from services.waiting.jobs import KeepAsking, LeaveMessage
from services.waiting.rules import First, WaitingRules
from tests.services.bank import MODERATOR, POLICY, Bank
from tests.services.lobby import OPEN, OPENS, buttons, closed_bank, rounds, served
from utils.i18n import moment_text

OPENING = moment_text("en", OPENS)


@pytest.fixture
def bank(database: Database) -> Bank:
    return closed_bank(database)


def test_one_message_says_when_it_opens_and_what_can_be_done(bank: Bank) -> None:
    assert bank.does(AskForPerson()) == [f"en:waiting.closed opens={OPENING}"]
    assert buttons(bank) == ["wait:leave", "callback:ask", "wait:ai"]
    assert bank.conversation().state == ConversationState.AI
    assert bank.told(MODERATOR) == []


def test_what_is_urgent_does_not_wait_for_the_opening(bank: Bank) -> None:
    told = bank.asks("I lost my card")
    assert f"waiting.out_of_hours opens={OPENING}" in told[-1]
    assert bank.conversation().state == ConversationState.QUEUED
    assert len(bank.told(MODERATOR)) == 1


def test_the_ai_goes_on_for_who_wants_people_first_once_they_were_told(bank: Bank) -> None:
    bank.does(ChooseMode(mode=Mode.HUMAN))
    assert "waiting.closed" in bank.asks("How much is the card?")[0]
    assert bank.does(KeepAsking()) == ["en:waiting.with_ai"]
    bank.asks("How much is the card?")
    bank.run()
    assert len(bank.answers()) == 1


def test_a_message_is_left_and_the_opening_desk_is_called(bank: Bank) -> None:
    bank.does(AskForPerson())
    assert bank.does(LeaveMessage()) == [f"en:waiting.left opens={OPENING}"]
    assert bank.conversation().state == ConversationState.QUEUED
    assert "handover.noted" in bank.asks("My transfer has not arrived")[0]
    assert "handover.already_queued" in bank.does(AskForPerson())[0]
    rounds(bank).run()
    assert bank.told(MODERATOR) == []
    before = len(bank.told())
    for _ in range(2):
        rounds(bank, OPEN).run()
    assert [("handover.call" in call) for call in bank.told(MODERATOR)] == [True]
    assert bank.told()[before:][-1:] == ["en:waiting.moved en:waiting.next"]


def test_buttons_of_a_closed_desk_work_when_it_is_open(database: Database) -> None:
    bank = Bank(database)
    bank.grant(MODERATOR, Role.MODERATOR)
    assert "handover.queued" in bank.does(LeaveMessage())[0]
    assert len(bank.told(MODERATOR)) == 1


@pytest.mark.parametrize(
    ("first", "mode", "person"),
    [
        (First.AI, Mode.AUTO, False),
        (First.AI, Mode.HUMAN, True),
        (First.OPERATORS, Mode.AUTO, True),
        (First.OPERATORS, Mode.AI, False),
        (First.AI_WHEN_BUSY, Mode.AUTO, False),
    ],
)
def test_who_comes_first_is_the_customers_choice_and_else_the_banks(
    database: Database, first: First, mode: Mode, *, person: bool
) -> None:
    bank = Bank(database, policy=replace(POLICY, waiting=WaitingRules(first=first)))
    bank.grant(MODERATOR, Role.MODERATOR)
    bank.does(ChooseMode(mode=mode))
    bank.asks("How much is the card?")
    bank.run()
    assert (bank.answers() == []) == person
    assert (bank.conversation().state == ConversationState.QUEUED) == person


def test_people_come_first_while_one_is_free_and_the_ai_when_all_are_busy(database: Database) -> None:
    bank = Bank(database, policy=replace(POLICY, waiting=WaitingRules(first=First.AI_WHEN_BUSY)))
    bank.grant(MODERATOR, Role.MODERATOR)
    served(database, [5.0])
    bank.asks("How much is the card?", 1)
    assert bank.conversation(1).state == ConversationState.QUEUED
    bank.asks("How much is the card?", 2)  # somebody waits already
    bank.does(TakeChat(conversation_id=bank.conversation(1).id), MODERATOR)
    bank.asks("How much is the card?", 3)  # nobody waits, and nobody is free
    assert [bank.conversation(customer).state for customer in (2, 3)] == [ConversationState.AI] * 2
