"""The staff: a PIN that is shown once, what a revocation takes away, and the review of who holds what."""

import pytest

from database.db import Database
from database.models import AuditAct, ConversationState
from services.access import Role
from services.administration.jobs import Administer
from services.administration.roster import roster
from services.desk.jobs import AtDesk, DeskVerb, SignInOperator
from services.jobs import AskForPerson, Say, TakeChat
from tests.services.bank import ADMIN, MODERATOR, Bank
from tests.services.granting import (
    NEW,
    SCREEN,
    SECOND,
    acts,
    changes,
    does,
    office,
    requested,
    roles,
    seen,
)


@pytest.fixture
def bank(database: Database) -> Bank:
    return office(database)


def test_a_demoted_operator_loses_chats_pin_and_sessions(bank: Bank) -> None:
    bank.register(1)
    does(bank, "pin", f"@{MODERATOR}", "", seen(bank, MODERATOR))
    [pin_message] = [told for told in bank.told(ADMIN) if "admin.staff.new_pin" in told]
    pin = pin_message.partition("pin=")[2].split()[0]
    bank.does(SignInOperator(pin=pin, message_id=3), MODERATOR)
    bank.does(AtDesk(act=DeskVerb.ONLINE), MODERATOR)
    bank.does(AskForPerson(), 1)
    bank.does(TakeChat(conversation_id=bank.conversation().id), MODERATOR)
    assert bank.conversation().state == ConversationState.WITH_OPERATOR
    assert changes(bank, Role.MODERATOR, MODERATOR, act="take") == "en:admin.staff.taken"
    assert bank.conversation().state == ConversationState.QUEUED
    assert bank.does(TakeChat(conversation_id=bank.conversation().id), MODERATOR) == ["en:refused.not_allowed"]
    with bank.database.reading() as uow:
        assert uow.operators.signatures()[MODERATOR] == (False, False)


def test_a_pin_is_shown_for_a_minute_and_kept_as_a_hash(bank: Bank) -> None:
    told = bank.does(
        Administer(
            section="staff", act="pin", arguments=(f"@{MODERATOR}", "", seen(bank, MODERATOR)), message_id=SCREEN
        ),
        ADMIN,
    )
    shown, removal, card = bank.outbound(ADMIN)[-3:]
    assert shown.html.startswith("en:admin.staff.new_pin")
    assert (shown.replaces, shown.buttons, card.replaces, removal.removes) == (SCREEN, (), None, SCREEN)
    assert told[2].startswith("en:admin.staff.card")
    _, held, after = bank.messages(ADMIN)[-3:]
    assert held.not_before
    assert 55 <= (held.not_before - held.created_at).total_seconds() <= 65
    assert held.priority > after.priority
    assert [actor for actor, _ in acts(bank, AuditAct.PIN_ISSUED)] == [ADMIN]
    assert "pin" not in acts(bank, AuditAct.PIN_ISSUED)[0][1]


def test_the_roster_says_who_holds_what_and_that_it_was_gone_through(bank: Bank) -> None:
    does(bank, "yes", requested(bank), by=SECOND)
    bank.does(Say(text="Hello"), NEW)
    [told] = bank.does(Administer(section="staff", act="review", message_id=SCREEN), ADMIN)
    lines = [line for line in told.splitlines() if line.startswith("<code>")]
    assert [line.partition("</code>")[0].removeprefix("<code>") for line in lines] == ["901", "903", "913", "955"]
    assert f"by={ADMIN}, en:admin.staff.approved_by who={SECOND}" in lines[-1]
    assert acts(bank, AuditAct.STAFF_REVIEWED) == [(ADMIN, {"roles": 4})]
    assert "en:admin.staff.hint reviewed=2" in bank.does(Administer(section="staff"), ADMIN)[0]


def test_an_approval_counts_for_the_role_that_it_gave_and_for_no_later_one(bank: Bank) -> None:
    does(bank, "yes", requested(bank, Role.EDITOR, ADMIN), by=SECOND)
    assert approvers(bank) == {(ADMIN, Role.EDITOR): SECOND}
    changes(bank, Role.EDITOR, ADMIN, act="take", by=SECOND)
    changes(bank, Role.EDITOR, ADMIN, by=SECOND)
    assert Role.EDITOR in roles(bank, ADMIN)
    assert approvers(bank) == {}


def approvers(bank: Bank) -> dict[tuple[int, str], int]:
    with bank.database.reading() as uow:
        return {(held.telegram_id, held.role): held.approved_by for held in roster(uow) if held.approved_by}
