"""The panel and what no button of its own sends: forged, mistyped, or more than somebody may do."""

import pytest

from database.db import Database
from database.models import AuditAct
from database.queries.audit import Wanted
from services.access import Role
from services.administration.jobs import Administer
from tests.database.people import person
from tests.services.bank import ADMIN, Bank
from tests.services.settling import AUDITOR, Settling

SCREEN = 7  # the messenger's number of what a button stands under


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database, sheet=Settling(database, {}).sheet)
    bank.grant(ADMIN, Role.ADMIN)
    return bank


def does(bank: Bank, by: int, section: str, act: str, *arguments: str) -> str:
    [said] = bank.does(Administer(section=section, act=act, arguments=arguments, message_id=SCREEN), by)
    return said


@pytest.mark.parametrize(
    ("section", "act", "arguments"),
    [
        ("system", "all", ("dead",)),
        ("system", "replay", ("message-1",)),
        ("system", "drop", ("message-1", "answered")),
        ("settings", "ai", ("assistant", "off")),
        ("settings", "put", ("OPERATOR_CHATS", "0", "4")),
        ("settings", "open", ("0", "OPERATOR_CHATS 4")),
    ],
)
def test_what_an_auditor_may_not_do_is_refused_and_written_down_once(
    bank: Bank, section: str, act: str, arguments: tuple[str, ...]
) -> None:
    assert does(bank, AUDITOR, section, act, *arguments).startswith("en:admin.not_allowed")
    with bank.database.reading() as uow:
        counted = [event for event in uow.audit.find(Wanted(act=AuditAct.REFUSED), 9) if event.actor == AUDITOR]
    assert len(counted) == 1


@pytest.mark.parametrize("kind", ["update", "question", "message"])
@pytest.mark.parametrize("digits", [18, 19, 30])
def test_a_number_that_no_dead_letter_can_have_is_none(bank: Bank, kind: str, digits: int) -> None:
    name = f"{kind}-{'9' * digits}"
    for act, more in (("replay", ()), ("drop", ("answered",)), ("open", ())):
        arguments = ("0", name) if act == "open" else (name, *more)
        assert does(bank, ADMIN, "system", act, *arguments).startswith(("en:system.gone", "en:admin.changed"))


def test_a_filter_that_is_longer_than_a_button_means_everybody(bank: Bank) -> None:
    with bank.database.unit_of_work() as uow:
        for account in range(100, 110):
            person(uow, account)
    assert "en:admin.users.list" in does(bank, ADMIN, "users", "open", "0", "=" + "x" * 100)
