"""Call-backs: asked for once, announced to who is there, made by the first who takes it, and never lost with them."""

import pytest

from database.db import Database
from database.models import AuditEvent, CallbackState, Tier
from services.access import Role
from services.desk import pins
from services.desk.desk import Desk
from services.desk.jobs import AtDesk, DeskVerb
from services.jobs import Job, ShareContact
from services.waiting.jobs import AskCallback, ConfirmCallback, FinishCallback, TakeCallback
from tests.services.bank import MODERATOR, OTHER_MODERATOR, Bank
from tests.services.lobby import OPEN, OPENS, buttons, closed_bank, rounds
from utils.i18n import moment_text

OPENING = moment_text("en", OPENS)


@pytest.fixture
def bank(database: Database) -> Bank:
    return closed_bank(database)


def mark(bank: Bank, customer: int = 1) -> str:
    with bank.database.reading() as uow:
        user = uow.users.get(customer)
        assert user
        return uow.users.phone_mark(uow.users.phone(user) or "")


def states(bank: Bank) -> list[str]:
    with bank.database.reading() as uow:
        return [call.state for call in uow.callbacks.undone(9)]


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
