"""Consent has a version; a new text asks again, and what was asked meanwhile is answered after it."""

import json
from dataclasses import replace

import pytest

from database.db import Database
from database.models import AuditAct, Step, User
from database.queries.audit import Wanted
from database.sealed import BlindIndexed
from services.access import Role
from services.jobs import AskForPerson, Consent, ShowPrivacy
from services.privacy_rights.jobs import Exercise, Right
from services.wiring import LOCALES
from tests.services.bank import MODERATOR, POLICY, Bank
from utils.i18n import Catalogues

NEW = "2027-01"
ASKED = "How much is the card?"


@pytest.fixture
def bank(database: Database) -> Bank:
    """Return a bank whose customer agreed to the text of before."""
    old = Bank(database)
    old.register(1)
    old.grant(MODERATOR, Role.MODERATOR)
    return Bank(database, policy=replace(POLICY, consent_version=NEW))


def agrees(bank: Bank, version: str = NEW, *, given: bool = True) -> list[str]:
    return bank.does(Consent(version=version, given=given))


def acts(bank: Bank, act: AuditAct) -> list[str]:
    with bank.database.reading() as uow:
        return [json.loads(event.details)["version"] for event in uow.audit.find(Wanted(act=act), 10)]


def test_the_version_stands_beside_the_text_and_is_one_in_all_languages() -> None:
    words = Catalogues.load(LOCALES)
    [version] = {words.text(language, "consent.version") for language in words.languages}
    assert version == POLICY.consent_version


def test_a_new_text_asks_again_and_the_question_is_answered_after_it(bank: Bank) -> None:
    assert bank.asks(ASKED) == ["en:consent.changed", f"en:consent.ask version={NEW}"]
    bank.run()
    assert bank.answers() == []
    assert bank.asks("And abroad?") == ["en:consent.changed", f"en:consent.ask version={NEW}"]
    assert agrees(bank) == ["en:consent.renewed"]
    bank.run()
    assert bank.library.asked == [f"{ASKED}\nAnd abroad?"]
    assert len(bank.answers()) == 1
    assert bank.user().registered
    assert acts(bank, AuditAct.CONSENT_GIVEN) == [NEW]
    bank.asks(ASKED)
    bank.run()
    assert len(bank.answers()) == 2, "asked once"


def test_the_old_consents_stay_as_a_record_and_are_shown(bank: Bank) -> None:
    bank.asks(ASKED)
    agrees(bank)
    bank.run()
    [shown] = bank.does(ShowPrivacy())
    assert shown.index(f"version={NEW}") < shown.index(f"version={POLICY.consent_version}")
    assert agrees(bank) == ["en:consent.known"]


def test_the_button_of_an_older_text_shows_the_new_one(bank: Bank) -> None:
    bank.asks(ASKED)
    assert agrees(bank, POLICY.consent_version) == [f"en:consent.ask version={NEW}"]
    assert acts(bank, AuditAct.CONSENT_GIVEN) == []


def test_who_declines_the_new_text_takes_the_old_consent_back_and_is_answered_all_the_same(bank: Bank) -> None:
    bank.asks(ASKED)
    assert agrees(bank, given=False) == ["en:consent.declined"]
    bank.run()
    assert len(bank.answers()) == 1
    user = bank.user()
    assert (user.step, user.phone, user.phone_index, user.consent_version) == (Step.CONSENT, None, None, None)
    assert acts(bank, AuditAct.CONSENT_WITHDRAWN) == [POLICY.consent_version]
    bank.asks(ASKED)
    bank.run()
    assert len(bank.answers()) == 2, "nobody is asked again and again"


def test_where_only_customers_are_answered_who_declines_is_not(bank: Bank) -> None:
    strict = Bank(bank.database, policy=replace(bank.policy, answer_unregistered=False))
    strict._numbers = bank._numbers
    strict.asks(ASKED)
    agrees(strict, given=False)
    strict.run()
    assert strict.answers() == []
    assert strict.asks(ASKED)[0] == "en:question.register_first"


def test_what_is_urgent_does_not_wait_for_a_consent(bank: Bank) -> None:
    told = bank.asks("My card was stolen!")
    assert "emergency" in told[0]
    assert "consent" not in "".join(told)


def test_whom_a_person_serves_is_not_interrupted(bank: Bank) -> None:
    bank.does(AskForPerson())
    assert "consent" not in "".join(bank.asks("Hello?"))


def test_a_consent_is_taken_back_by_the_button(bank: Bank) -> None:
    bank.asks(ASKED)
    agrees(bank)
    bank.run()
    assert bank.does(Exercise(right=Right.WITHDRAW)) == ["en:privacy.withdrawn"]
    assert bank.user().phone is None
    indexes = [column.name for column in User.__table__.columns if isinstance(column.type, BlindIndexed)]
    assert not [name for name in indexes if getattr(bank.user(), name)], "nor what the phone was found by"
    assert not bank.user().registered
    assert bank.does(Exercise(right=Right.WITHDRAW)) == ["en:privacy.no_consent"]
    [shown] = bank.does(ShowPrivacy())
    assert shown.count("privacy.consent_withdrawn") == 2
    with bank.database.reading() as uow:
        assert [c.withdrawn_at is not None for c in uow.users.consents(bank.user())] == [True, True]
