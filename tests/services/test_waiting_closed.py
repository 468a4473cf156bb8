"""Outside opening hours: one message says so and offers a message, a call or the AI; the opening desk hears of it."""

from dataclasses import replace

import pytest

from database.db import Database
from database.models import AuditEvent, CallbackState, ConversationState, Mode, Tier
from services.access import Role
from services.desk import pins
from services.desk.desk import Desk
from services.desk.jobs import AtDesk, DeskVerb
from services.jobs import AskForPerson, ChooseMode, Job, ShareContact, TakeChat
from services.waiting.jobs import AskCallback, ConfirmCallback, FinishCallback, KeepAsking, LeaveMessage, TakeCallback
from services.waiting.rules import First, WaitingRules
from tests.services.bank import MODERATOR, OTHER_MODERATOR, POLICY, Bank
from tests.services.lobby import CLOSED, OPENS, rounds, served
from utils.i18n import moment_text

OPENING = moment_text("en", OPENS)
OPEN = WaitingRules()


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database, policy=CLOSED)
    bank.grant(MODERATOR, Role.MODERATOR)
    bank.grant(OTHER_MODERATOR, Role.MODERATOR)
    bank.register(1)
    return bank


def buttons(bank: Bank, telegram_id: int = 1) -> list[str]:
    return [button.data for row in bank.outbound(telegram_id)[-1].buttons for button in row]


def mark(bank: Bank, customer: int = 1) -> str:
    with bank.database.reading() as uow:
        user = uow.users.get(customer)
        assert user
        return uow.users.phone_mark(uow.users.phone(user) or "")


def states(bank: Bank) -> list[str]:
    with bank.database.reading() as uow:
        return [call.state for call in uow.callbacks.undone(9)]


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


def test_a_call_is_asked_for_once_and_announced_when_the_desk_opens(bank: Bank) -> None:
    [confirm] = bank.does(AskCallback())
    assert ["callback.confirm" in confirm, "+7912" in confirm] == [True, False]
    job = ConfirmCallback(mark=mark(bank))
    assert bank.does(job) == [f"en:callback.noted_until opens={OPENING}"]
    assert bank.does(job) == ["en:callback.known"]
    rounds(bank).run()
    assert bank.told(MODERATOR) == []
    for _ in range(2):
        rounds(bank, OPEN).run()
    assert [bank.told(who) for who in (MODERATOR, OTHER_MODERATOR)] == [["en:callback.call n=1"]] * 2


def test_a_call_waits_for_somebody_who_is_there(bank: Bank) -> None:
    for moderator in (MODERATOR, OTHER_MODERATOR):
        bank.does(AtDesk(act=DeskVerb.LOGOUT), moderator)
    bank.does(ConfirmCallback(mark=mark(bank)))
    rounds(bank, OPEN).run()
    assert [text for text in bank.told(MODERATOR) if "callback.call" in text] == []
    bank.does(AtDesk(act=DeskVerb.ONLINE), MODERATOR)
    rounds(bank, OPEN).run()
    assert bank.told(MODERATOR)[-1] == "en:callback.call n=1"
    assert not [text for text in bank.told(OTHER_MODERATOR) if "callback.call" in text], "who is not there"


def test_an_open_desk_is_told_at_once(database: Database) -> None:
    bank = Bank(database)
    bank.grant(MODERATOR, Role.MODERATOR)
    bank.register(1)
    assert bank.does(ConfirmCallback(mark=mark(bank))) == ["en:callback.noted"]
    assert bank.told(MODERATOR) == ["en:callback.call n=1"]
    assert buttons(bank, MODERATOR)[0].startswith("called:take:")


def test_the_first_to_take_a_call_sees_the_number_and_closes_it(bank: Bank) -> None:
    bank.does(ConfirmCallback(mark=mark(bank)))
    rounds(bank, OPEN).run()
    number = int(buttons(bank, MODERATOR)[0].rpartition(":")[2])
    assert "phone=+79120000001" in bank.does(TakeCallback(callback_id=number), MODERATOR)[0]
    for job in (TakeCallback(callback_id=number), FinishCallback(callback_id=number)):
        assert bank.does(job, OTHER_MODERATOR) == ["en:callback.taken"]
    assert states(bank) == [CallbackState.TAKEN]
    assert bank.does(FinishCallback(callback_id=number), MODERATOR) == ["en:callback.finished"]
    assert states(bank) == []
    with bank.database.reading() as uow:
        acts = [event.act for event in uow.session.query(AuditEvent).filter_by(bot_id=bank.database.bot_id)]
    assert sorted(acts)[:2] == ["callback_done", "callback_taken"]
    assert bank.does(ConfirmCallback(mark=mark(bank)))[0].startswith("en:callback.noted")


@pytest.mark.parametrize("by", ["a command", "the desk"])
def test_a_call_of_who_was_revoked_goes_to_somebody_else(bank: Bank, by: str) -> None:
    bank.does(ConfirmCallback(mark=mark(bank)))
    rounds(bank, OPEN).run()
    number = int(buttons(bank, MODERATOR)[0].rpartition(":")[2])
    bank.does(TakeCallback(callback_id=number), MODERATOR)
    rounds(bank, OPEN).run()
    assert states(bank) == [CallbackState.TAKEN]
    with bank.database.unit_of_work() as uow:
        if by == "the desk":
            pins.revoke(Desk(uow, bank.tools), MODERATOR)
        else:
            uow.roles.revoke(MODERATOR, Role.MODERATOR)
    rounds(bank, OPEN).run()
    assert bank.told(OTHER_MODERATOR) == ["en:callback.call n=1"] * 2
    assert len(bank.told(MODERATOR)) == 2, "who was revoked is not told of it again"
    assert "phone=+79120000001" in bank.does(TakeCallback(callback_id=number), OTHER_MODERATOR)[0]


def test_a_call_is_not_for_whom_a_pin_keeps_out(bank: Bank) -> None:
    with bank.database.unit_of_work() as uow:
        uow.operators.ensure(MODERATOR).pin_hash = "issued"
    bank.does(ConfirmCallback(mark=mark(bank)))
    rounds(bank, OPEN).run()
    assert bank.told(MODERATOR) == []
    number = int(buttons(bank, OTHER_MODERATOR)[0].rpartition(":")[2])
    assert bank.does(TakeCallback(callback_id=number), MODERATOR) == ["en:refused.not_allowed"]
    assert states(bank) == [CallbackState.OPEN]


@pytest.mark.parametrize("job", [TakeCallback(callback_id=1), FinishCallback(callback_id=1)])
def test_customers_take_no_calls_and_strange_numbers_are_stale(bank: Bank, job: Job) -> None:
    assert bank.does(job) == ["en:refused.not_allowed"]
    assert bank.does(job.model_copy(update={"callback_id": 10**9}), MODERATOR) == ["en:button.stale"]


def test_without_a_number_it_is_asked_for_and_without_consent_that(bank: Bank) -> None:
    assert "callback.consent_first" in bank.does(AskCallback(), 2)[0]
    assert ["phone.ask" in told for told in bank.does(AskCallback(other=True))] == [True, False]
    bank.does(ShareContact(phone="+79990001122", owner_id=1))
    assert bank.user().tier == Tier.CONFIRMED
    assert bank.does(ConfirmCallback(mark="0a1b")) == ["en:button.stale"]


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
