"""A tester speaks with the AI alone: answers are marked, nobody is called, nothing counts, and only testers may."""

from dataclasses import replace

import pytest
from prometheus_client import REGISTRY

from database.db import Database
from database.models import AuditEvent, ConversationState, Mode
from services.access import Role
from services.jobs import AskForPerson, End, Say, SwitchTest
from services.outbound import Outbound
from services.waiting.jobs import LeaveMessage
from services.waiting.rules import First, WaitingRules
from tests.services.bank import MODERATOR, POLICY, Bank
from tests.services.lobby import CLOSED

TESTER = 71


@pytest.fixture
def bank(database: Database) -> Bank:
    """Give a bank where people come first, with a tester and somebody who would be called."""
    bank = Bank(database, policy=replace(POLICY, waiting=WaitingRules(first=First.OPERATORS)))
    bank.grant(TESTER, Role.TESTER)
    bank.grant(MODERATOR, Role.MODERATOR)
    bank.register(TESTER, MODERATOR, 1)
    return bank


def asks(bank: Bank, question: str = "How much is the card?") -> list[str]:
    """Let the tester ask, and return what they are told."""
    before = len(bank.told(TESTER))
    bank.does(Say(text=question), TESTER)
    bank.answering.run_due()
    return bank.told(TESTER)[before:]


def counted(bank: Bank) -> tuple[float, dict[str, int], dict[str, int]]:
    answered = sum(
        sample.value for metric in REGISTRY.collect() if metric.name == "bot_answers" for sample in metric.samples
    )
    with bank.database.reading() as uow:
        return answered, uow.answers.counts(), uow.conversations.counts()


def test_a_tester_reaches_the_ai_though_people_come_first(bank: Bank) -> None:
    assert "handover.queued" in " ".join(bank.does(Say(text="How much is the card?"), 1))
    before = counted(bank)
    assert "test.begun" in bank.does(SwitchTest(), TESTER)[-1]
    [answer] = asks(bank)
    assert answer.startswith("en:test.mark\n")
    assert "The card is free." in answer
    with bank.database.reading() as uow:
        said = Outbound.model_validate_json(uow.messages.opened(bank.messages(TESTER)[-1]))
    assert [[button.data for button in row] for row in said.buttons] == [["person"]]
    assert counted(bank) == before
    with bank.database.reading() as uow:
        acts = uow.session.query(AuditEvent).filter_by(bot_id=uow.scope.bot_id, act="test_begun").all()
        assert [act.actor for act in acts] == [TESTER]


def test_in_a_test_nobody_is_called(bank: Bank) -> None:
    bank.does(SwitchTest(), TESTER)
    called = len(bank.told(MODERATOR))
    assert "test.no_person" in bank.does(AskForPerson(), TESTER)[-1]
    assert "test.mark" in asks(bank, "my card was stolen! how much is the card?")[-1]
    assert bank.conversation(TESTER).state == ConversationState.AI
    assert len(bank.told(MODERATOR)) == called


def test_the_same_again_or_the_end_ends_it(bank: Bank) -> None:
    for ending in (SwitchTest(), End()):
        bank.does(SwitchTest(), TESTER)
        bank.does(ending, TESTER)
        with bank.database.unit_of_work() as uow:
            assert uow.conversations.open_for(TESTER) is None
            uow.users.get(TESTER).mode = Mode.AI  # type: ignore[union-attr]  # registered above
        assert "test.mark" not in asks(bank)[-1]


def test_whoever_waits_for_a_person_does_not_leave_them_for_a_test(bank: Bank) -> None:
    bank.does(AskForPerson(), TESTER)
    assert "test.busy" in bank.does(SwitchTest(), TESTER)[-1]
    assert bank.conversation(TESTER).state == ConversationState.QUEUED


def test_only_testers_may_and_only_as_long(bank: Bank) -> None:
    assert "refused.not_allowed" in bank.does(SwitchTest(), 1)[-1]
    bank.does(SwitchTest(), TESTER)
    with bank.database.unit_of_work() as uow:
        uow.roles.revoke(TESTER, Role.TESTER)
    told = " ".join(asks(bank))
    assert "test.ended" in told
    assert "test.mark" not in told
    assert not bank.conversation(TESTER).test


def test_who_may_test_no_more_reaches_a_person(bank: Bank) -> None:
    bank.does(SwitchTest(), TESTER)
    with bank.database.unit_of_work() as uow:
        uow.roles.revoke(TESTER, Role.TESTER)
    told = bank.does(AskForPerson(), TESTER)
    assert "test.ended" in told[0]
    assert "handover.queued" in " ".join(told)
    assert [bank.conversation(TESTER).state, bank.conversation(TESTER).test] == [ConversationState.QUEUED, False]


def test_a_message_is_not_left_with_the_desk_by_a_test(database: Database) -> None:
    bank = Bank(database, policy=CLOSED)
    bank.grant(TESTER, Role.TESTER)
    bank.register(TESTER)
    bank.does(AskForPerson(), TESTER)  # gives the button that is pressed below
    bank.does(SwitchTest(), TESTER)
    assert "test.no_person" in bank.does(LeaveMessage(), TESTER)[-1]
    assert bank.conversation(TESTER).state == ConversationState.AI
