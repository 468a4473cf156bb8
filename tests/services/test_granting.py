"""Roles: what one administrator gives, what takes two of them, that one is always left, and what a revocation ends."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from database.db import Database
from database.models import AuditAct, RoleRequest
from services.access import Role
from services.administration import granting
from services.administration.counter import Counter
from services.errors import OfficeRefusal
from services.jobs import OpenAdmin
from tests.database.people import person
from tests.database.threads import together
from tests.services.bank import ADMIN, Bank
from tests.services.granting import NEW, SECOND, THIRD, acts, buttons, changes, does, office, requested, roles, seen


@pytest.fixture
def bank(database: Database) -> Bank:
    return office(database)


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.EDITOR])
def test_one_administrator_gives_the_small_roles(bank: Bank, role: Role) -> None:
    assert does(bank, "sure", f"@{NEW}", "give", role, seen(bank, NEW)).startswith("en:admin.staff.sure_give")
    assert roles(bank, NEW) == set()
    assert changes(bank, role) == "en:admin.staff.given"
    assert roles(bank, NEW) == {role}
    assert acts(bank, AuditAct.ROLE_GRANTED) == [(ADMIN, {"role": role, "before": "", "after": role})]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.AUDITOR, Role.ADMIN])
def test_the_great_roles_take_a_second_administrator(bank: Bank, role: Role) -> None:
    bank.asks("Hello", NEW)
    request = requested(bank, role)
    assert roles(bank, NEW) == set()
    assert [button.data for button in buttons(bank, SECOND)] == [
        f"admin:staff:{act}:{request}" for act in ("yes", "no")
    ]
    assert does(bank, "yes", request, by=SECOND) == "en:admin.staff.approved"
    assert roles(bank, NEW) == {role}
    assert bank.told(ADMIN)[-1].startswith("en:admin.staff.was_approved")
    assert bank.told(NEW)[-1].startswith("en:admin.staff.you_are")
    [(asker, asked)] = acts(bank, AuditAct.ROLE_ASKED_FOR)
    [(approver, given)] = acts(bank, AuditAct.ROLE_GRANTED)
    assert (asker, approver, given["asked_by"], given["before"], given["after"]) == (ADMIN, SECOND, ADMIN, "", role)
    assert asked["request"] == given["request"]


def test_a_second_administrator_may_decline(bank: Bank) -> None:
    request = requested(bank)
    assert does(bank, "no", request, by=SECOND) == "en:admin.staff.declined"
    assert does(bank, "yes", request, by=SECOND).startswith("en:admin.staff.decided")
    assert roles(bank, NEW) == set()
    assert bank.told(ADMIN)[-1].startswith("en:admin.staff.was_declined")
    assert [actor for actor, _ in acts(bank, AuditAct.ROLE_DECLINED)] == [SECOND]


def test_nobody_approves_their_own_request_but_may_take_it_back(bank: Bank) -> None:
    request = requested(bank)
    assert does(bank, "yes", request).startswith("en:admin.staff.own_request")
    assert roles(bank, NEW) == set()
    assert does(bank, "no", request) == "en:admin.staff.declined"


def test_nobody_approves_a_role_for_themselves(bank: Bank) -> None:
    bank.grant(THIRD, Role.ADMIN)
    request = requested(bank, Role.SUPERVISOR, SECOND)
    assert bank.told(SECOND) == []
    assert does(bank, "yes", request, by=SECOND).startswith("en:admin.staff.about_you")
    assert does(bank, "yes", request, by=THIRD) == "en:admin.staff.approved"


def test_even_a_small_role_for_oneself_takes_two(bank: Bank) -> None:
    request = requested(bank, Role.MODERATOR, ADMIN)
    assert does(bank, "yes", request).startswith("en:admin.staff.own_request")
    assert does(bank, "yes", request, by=SECOND) == "en:admin.staff.approved"


def test_the_only_administrator_is_told_how_the_server_gives_a_role(bank: Bank) -> None:
    with bank.database.unit_of_work() as uow:
        uow.roles.revoke(SECOND, Role.ADMIN)
    assert changes(bank, Role.ADMIN).startswith("en:admin.staff.nobody_to_ask role=admin id=955")
    assert acts(bank, AuditAct.ROLE_ASKED_FOR) == []


def test_the_same_is_not_asked_twice(bank: Bank) -> None:
    requested(bank)
    assert changes(bank, Role.SUPERVISOR).startswith("en:admin.staff.asked_already")


def test_a_request_of_somebody_demoted_does_not_hold(bank: Bank) -> None:
    bank.grant(THIRD, Role.ADMIN)
    request = requested(bank)
    assert changes(bank, Role.ADMIN, ADMIN, act="take", by=SECOND) == "en:admin.staff.taken"
    assert does(bank, "yes", request, by=THIRD).startswith("en:admin.staff.asker_gone")
    assert roles(bank, NEW) == set()


def test_an_old_request_does_not_hold_and_is_asked_for_again(bank: Bank) -> None:
    request = requested(bank)
    with bank.database.unit_of_work() as uow:
        ago = uow.now() - granting.GOOD_FOR - timedelta(minutes=1)
        uow.session.execute(update(RoleRequest).values(created_at=ago))
    assert does(bank, "yes", request, by=SECOND).startswith("en:admin.staff.too_old")
    assert roles(bank, NEW) == set()
    assert requested(bank) != request


def test_the_last_administrator_stays(bank: Bank) -> None:
    assert changes(bank, Role.ADMIN, SECOND, act="take") == "en:admin.staff.taken"
    assert changes(bank, Role.ADMIN, ADMIN, act="take").startswith("en:admin.staff.last_admin")
    assert roles(bank, ADMIN) == {Role.ADMIN}
    assert acts(bank, AuditAct.ROLE_REVOKED) == [(ADMIN, {"role": "admin", "before": "admin", "after": ""})]


def test_two_administrators_who_remove_each_other_at_once_leave_one(bank: Bank) -> None:
    counter, pairs = Counter(bank.database, bank.tools), ((ADMIN, SECOND), (SECOND, ADMIN))

    def remove(number: int) -> bool:
        actor, whom = pairs[number]
        try:
            counter.do(actor, lambda office: granting.revoke(office, whom, Role.ADMIN))
        except OfficeRefusal:
            return False
        return True

    assert sorted(together(remove, 2)) == [False, True]
    assert sorted([roles(bank, ADMIN), roles(bank, SECOND)], key=len) == [set(), {Role.ADMIN}]


def test_who_gives_up_being_administrator_is_shown_nothing_more(bank: Bank) -> None:
    assert changes(bank, Role.ADMIN, ADMIN, act="take") == "en:admin.staff.not_yours"
    assert bank.does(OpenAdmin(), ADMIN) == ["en:refused.not_allowed"]


@pytest.mark.parametrize(
    ("act", "arguments", "told"),
    [
        ("give", ("@0", "moderator"), "en:admin.staff.unknown"),
        ("give", ("@955", "boss"), "en:admin.staff.unknown"),
        ("give", ("@955", "customer"), "en:admin.staff.unknown"),
        ("give", ("@901", "moderator"), "en:admin.staff.has_it"),
        ("take", ("@901", "auditor"), "en:admin.changed"),
        ("pin", ("@955", ""), "en:admin.staff.no_chats"),
        ("yes", ("#99",), "en:admin.staff.decided"),
        ("no", ("#x",), "en:admin.staff.decided"),
        ("open", ("0", "@x"), "en:admin.staff.unknown"),
        ("open", ("0", "#99"), "en:admin.staff.decided"),
    ],
)
def test_what_cannot_be_done_is_told(bank: Bank, act: str, arguments: tuple[str, ...], told: str) -> None:
    whom = arguments[0].removeprefix("@")
    more = (seen(bank, int(whom)),) if act in {"give", "take", "pin"} else ()
    assert does(bank, act, *arguments, *more).startswith(told)


def test_a_button_of_a_screen_that_is_not_true_any_more_does_nothing(bank: Bank) -> None:
    before = seen(bank, NEW)
    changes(bank, Role.EDITOR)
    for act in ("give", "take", "pin"):
        assert does(bank, act, f"@{NEW}", Role.EDITOR, before).startswith("en:admin.changed")
    assert does(bank, "sure", f"@{NEW}", "take", Role.EDITOR, before).startswith("en:admin.changed")
    assert roles(bank, NEW) == {Role.EDITOR}


def test_a_barred_customer_becomes_no_staff(bank: Bank) -> None:
    with bank.database.unit_of_work() as uow:
        uow.users.bar(person(uow, NEW), barred=True)
    assert changes(bank, Role.MODERATOR).startswith("en:admin.staff.is_barred")


def test_somebody_demoted_presses_old_buttons_in_vain(bank: Bank) -> None:
    request = requested(bank)
    changes(bank, Role.ADMIN, SECOND, act="take")
    assert does(bank, "yes", request, by=SECOND) == "en:refused.not_allowed"
    assert does(bank, "give", f"@{NEW}", "editor", seen(bank, NEW), by=SECOND) == "en:refused.not_allowed"
    assert roles(bank, NEW) == set()
