"""Whoever wants to be erased is asked twice, is told what holds it up, and begins anew after it."""

import json
from pathlib import Path

import pytest

from database.db import Database
from database.models import ErasureState
from database.queries.audit import Wanted
from services.access import Role
from services.jobs import ShowPrivacy, Start
from services.privacy_rights.jobs import Right
from services.retention import hold as holds
from tests.services.bank import MODERATOR
from tests.services.forgetting import COMMENT, CUSTOMER, FILE, TOLD, WORD, Forgetting
from tests.services.traces import MAY_NAME, certificate_of, everything, stored, traces


@pytest.fixture
def bank(database: Database, tmp_path: Path) -> Forgetting:
    return Forgetting(database, tmp_path / "objects")


def test_whoever_was_erased_begins_anew(bank: Forgetting) -> None:
    bank.lives()
    bank.is_sure()
    bank.forget()
    assert bank.bank.does(Start(), CUSTOMER)[0] == "en:start.hello"
    assert not bank.bank.user(CUSTOMER).registered
    assert "conversations=0 " in bank.bank.does(ShowPrivacy(), CUSTOMER)[0]
    assert bank.is_sure() == ["en:privacy.erase_begun"], "and may be erased again"
    bank.forget()
    assert bank.is_done()


def test_while_it_is_under_way_nothing_new_is_kept(bank: Forgetting) -> None:
    bank.is_sure()
    assert bank.bank.asks("One more thing", CUSTOMER) == ["en:privacy.erasing"]
    bank.forget()
    assert "privacy.erasing" not in "".join(bank.bank.asks("How much?", CUSTOMER))


def test_a_legal_hold_wins_and_the_customer_is_told_until_it_ends(bank: Forgetting) -> None:
    bank.lives()
    with bank.database.unit_of_work() as uow:
        hold = holds.place(uow, CUSTOMER, "case 17", actor=None)
    bank.is_sure()
    given = bank.forget()
    assert [m.html for chat, m in given if chat == CUSTOMER][-1] == "en:privacy.held"
    assert bank.erasure().state == ErasureState.HELD
    assert any(TOLD in value for _, value in everything(bank.database))
    assert stored(bank)
    assert bank.bank.asks("How much?", CUSTOMER) == [], "life goes on meanwhile"
    bank.bank.run()
    assert bank.is_sure() == ["en:privacy.erase_known"]
    with bank.database.unit_of_work() as uow:
        holds.lift(uow, hold.id, "settled", actor=None)
    bank.bank.run()
    certificate_of(bank.forget())
    assert bank.is_done()
    assert traces(bank) <= MAY_NAME


def test_the_acts_are_in_the_audit_log(bank: Forgetting) -> None:
    bank.lives()
    bank.is_sure()
    bank.forget()
    with bank.database.reading() as uow:
        found = uow.audit.find(Wanted(subject=f"erasure:{bank.erasure().id}"), 10)
    assert [(event.act, event.actor) for event in reversed(found)] == [
        ("erasure_wanted", CUSTOMER),
        ("erased", CUSTOMER),
    ]
    assert json.loads(found[0].details)["rows"] > 10


def test_the_staff_are_not_erased_from_here(bank: Forgetting) -> None:
    assert bank.wants(Right.ERASE, customer=MODERATOR) == ["en:privacy.erase_staff"]
    assert bank.wants(Right.SURE, customer=MODERATOR) == ["en:privacy.erase_staff"]
    assert bank.bank.user(MODERATOR).erase_until is None


def test_who_joins_the_staff_before_the_word_is_not_erased_either(bank: Forgetting) -> None:
    bank.wants(Right.ERASE, Right.SURE)
    bank.bank.grant(CUSTOMER, Role.MODERATOR)
    assert bank.bank.asks(WORD, CUSTOMER) == ["en:privacy.erase_staff"]
    bank.forget()
    assert bank.bank.user(CUSTOMER)


@pytest.mark.parametrize("said", ["", "no", "erase nothing", f"{COMMENT} {FILE}"])
def test_another_word_erases_nothing_and_ends_the_waiting(bank: Forgetting, said: str) -> None:
    bank.wants(Right.ERASE, Right.SURE)
    assert bank.bank.asks(said, CUSTOMER) == ["en:privacy.erase_wrong"]
    bank.bank.asks("en:privacy.word", CUSTOMER)
    bank.forget()
    with bank.database.reading() as uow:
        assert uow.erasures.all(1) == []
    assert bank.bank.user(CUSTOMER).registered
