"""Registration: a number that was read back is confirmed by its own button."""

import pytest

from database.db import Database
from database.models import Step
from services.jobs import ConfirmPhone, Consent
from tests.services.bank import POLICY, Bank

FIRST, SECOND = "+7 912 000-00-01", "+7 912 000-00-02"


@pytest.fixture
def bank(database: Database) -> Bank:
    """Return a bank whose customer is asked for a phone."""
    bank = Bank(database)
    bank.does(Consent(version=POLICY.consent_version, given=True))
    return bank


def mark(bank: Bank) -> str:
    """Return what the buttons of the newest number that was read back carry."""
    [[yes, no]] = [message for message in bank.outbound() if message.buttons][-1].buttons
    assert yes.data.removeprefix("phone:yes:") == no.data.removeprefix("phone:no:")
    return yes.data.rpartition(":")[2]


@pytest.mark.parametrize("right", [True, False])
def test_a_button_under_an_earlier_number_says_nothing_of_the_later_one(bank: Bank, *, right: bool) -> None:
    bank.asks(FIRST)
    of_first = mark(bank)
    bank.asks(SECOND)
    assert bank.does(ConfirmPhone(right=right, mark=of_first)) == ["en:button.stale"]
    assert bank.user().step == Step.CONFIRM_PHONE
    bank.does(ConfirmPhone(right=True, mark=mark(bank)))
    assert bank.user().step == Step.DONE
    with bank.database.reading() as uow:
        assert uow.users.phone(bank.user()) == "+79120000002"


def test_the_mark_does_not_tell_the_number(bank: Bank) -> None:
    bank.asks(FIRST)
    assert "9120000001" not in mark(bank)
