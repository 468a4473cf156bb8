"""What follows a trigger: emergency steps at once, the front of the queue, one call, and never the bot's own answer."""

from dataclasses import replace

import pytest

from database.db import Database
from database.models import ConversationState, Mode
from services.access import Role
from services.jobs import AskForPerson, End, Refusal, Refused, TakeChat
from tests.services.bank import MODERATOR, OTHER_MODERATOR, POLICY, Bank

LOST, FRAUD, PERSON, ANGRY = "I lost my card", "I was scammed", "operator", "this is a disgrace"


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database)
    bank.grant(MODERATOR, Role.MODERATOR)
    return bank


def take(bank: Bank, customer: int, moderator: int = MODERATOR) -> None:
    bank.does(TakeChat(conversation_id=bank.conversation(customer).id), moderator)


@pytest.mark.parametrize(("text", "steps"), [(LOST, "emergency.lost_card"), (FRAUD, "emergency.fraud")])
def test_an_emergency_gets_its_steps_and_a_person_and_skips_the_bot(bank: Bank, text: str, steps: str) -> None:
    told = bank.asks(text)
    assert [steps in told[0], "emergency.secrets" in told[0], "handover.queued" in told[1]] == [True] * 3
    assert "emergency.phone" not in told[0], "none is set"
    assert ["handover.call_urgent" in call for call in bank.told(MODERATOR)] == [True]
    conversation = bank.conversation()
    assert (conversation.state, conversation.urgent) == (ConversationState.QUEUED, True)
    assert bank.due() == []
    assert bank.answering.run_due() == 0


def test_the_banks_phone_is_shown_when_it_is_set(database: Database) -> None:
    bank = Bank(database, policy=replace(POLICY, emergency_phone="+7 800 000-00-00"))
    assert "emergency.phone phone=+7 800 000-00-00" in bank.asks(LOST)[0]


def test_without_any_moderator_the_steps_come_all_the_same(database: Database) -> None:
    told = Bank(database).asks(LOST)
    assert ["emergency.lost_card" in told[0], "handover.nobody" in told[1]] == [True, True]


@pytest.mark.parametrize(("text", "words"), [(PERSON, "handover.queued"), (ANGRY, "handover.distress")])
def test_others_are_queued_in_turn(bank: Bank, text: str, words: str) -> None:
    assert [words in told for told in bank.asks(text)] == [True]
    assert not bank.conversation().urgent
    assert ["handover.call " in call for call in bank.told(MODERATOR)] == [True]


@pytest.mark.parametrize("mode", Mode)
def test_an_emergency_comes_before_what_the_customer_chose(bank: Bank, mode: Mode) -> None:
    bank.register(1)
    with bank.database.unit_of_work() as uow:
        [user] = uow.users.hold([1])
        assert user
        user.mode = mode
    assert "emergency.lost_card" in bank.asks(LOST)[0]


def test_nobody_is_queued_or_called_twice(bank: Bank) -> None:
    bank.asks(LOST)
    queued_at = bank.conversation().queued_at
    for text, words in ((LOST, "handover.noted"), (PERSON, "handover.already_queued"), (ANGRY, "handover.noted")):
        assert [words in told for told in bank.asks(text)] == [True]
    assert bank.conversation().queued_at == queued_at
    assert len(bank.told(MODERATOR)) == 1


def test_who_waits_already_moves_to_the_front_once(bank: Bank) -> None:
    bank.does(AskForPerson())
    told = bank.asks(FRAUD)
    assert ["emergency.fraud" in told[0], "handover.hastened" in told[1]] == [True, True]
    assert ["handover.call_urgent" in call for call in bank.told(MODERATOR)] == [False, True]
    assert [("handover.noted" in text) for text in bank.asks(FRAUD)] == [True]
    assert len(bank.told(MODERATOR)) == 2


def test_with_a_person_on_the_line_there_is_no_trigger(bank: Bank) -> None:
    bank.does(AskForPerson())
    take(bank, 1)
    assert bank.asks(LOST) == []
    assert LOST in bank.told(MODERATOR)[-1]
    assert not bank.conversation().urgent


def test_what_was_said_is_shown_to_the_moderator(bank: Bank) -> None:
    bank.asks(LOST)
    take(bank, 1)
    assert LOST in bank.told(MODERATOR)[-1]


def test_an_answer_under_way_is_dropped(bank: Bank) -> None:
    bank.asks("How much is the card?")
    bank.meanwhile(lambda: bank.asks(LOST))
    bank.answering.run_due()
    bank.run()
    assert bank.answers() == []
    assert bank.outcomes() == ["overtaken"]


def test_urgent_customers_are_first_then_who_waited_longest(bank: Bank) -> None:
    bank.grant(OTHER_MODERATOR, Role.MODERATOR)
    for customer, text in ((1, PERSON), (2, ANGRY), (3, FRAUD), (4, LOST)):
        bank.asks(text, customer)
    order = []
    bank.does(TakeChat(conversation_id=bank.conversation(2).id), OTHER_MODERATOR)
    for _ in range(3):
        with bank.database.reading() as uow:
            [(first, _)] = uow.floor.waiting(1)
        order.append(first.chat_id)
        take(bank, first.chat_id)
        bank.does(End(), MODERATOR)
    assert order == [3, 4, 1]


def test_who_ends_a_chat_is_called_for_the_next_in_the_queue(bank: Bank) -> None:
    bank.asks(PERSON, 1)
    take(bank, 1)
    for customer, text in ((2, PERSON), (3, LOST)):
        bank.asks(text, customer)
    told = bank.does(End(), MODERATOR)
    assert ["end.done_staff" in told[0], "handover.call_urgent" in told[1]] == [True, True]
    assert [button.data for row in bank.outbound(MODERATOR)[-1].buttons for button in row] == [
        f"take:{bank.conversation(3).id}"
    ]


def test_who_wrote_too_much_is_offered_a_person(bank: Bank) -> None:
    bank.does(Refused(reason=Refusal.TOO_FAST, seconds=5))
    assert [[button.data for button in row] for row in bank.outbound()[-1].buttons] == [["person"]]
