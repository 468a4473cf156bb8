"""Customers in the panel: looked up, filtered, page by page and masked; barred, told once, and let in again."""

import json

import pytest

from database.db import Database
from database.models import AuditAct, ConversationState, Tier
from database.queries.audit import Wanted
from services.access import Role
from services.administration.jobs import Administer
from services.audit.export import exported
from services.jobs import AskForPerson, Job, Membership, OpenAdmin, Refusal, Refused, Say, TakeChat
from tests.database.fixtures import another_bot
from tests.database.people import person
from tests.services.bank import ADMIN, MODERATOR, Bank

ANNA, BORIS = 1122, 2233  # so their phones end
SCREEN = 7


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database)
    bank.grant(ADMIN, Role.ADMIN)
    bank.grant(MODERATOR, Role.MODERATOR)
    bank.register(ANNA, BORIS)
    with database.unit_of_work() as uow:
        anna, boris = uow.users.get(ANNA), uow.users.get(BORIS)
        assert anna
        assert boris
        uow.users.set_profile(anna, "Anna Petrova")
        boris.language, boris.tier = "ru", Tier.TYPED
    return bank


def panel(bank: Bank, act: str, *arguments: str) -> str:
    [told] = bank.does(Administer(section="users", act=act, arguments=arguments, message_id=SCREEN), ADMIN)
    return told


def acts(bank: Bank, act: AuditAct) -> list[tuple[int | None, str, object]]:
    return [(e.actor, e.subject, json.loads(e.details)) for e in exported(bank.database, Wanted(act=act))]


@pytest.mark.parametrize("words", ["1122", "+79120001122", "8 (912) 000-11-22", "89120001122"])
def test_somebody_is_found_by_a_number_or_what_is_shown_of_it(bank: Bank, words: str) -> None:
    card = panel(bank, "open", "0", words)
    assert f"id={ANNA}" in card
    assert "name=A••• P•••" in card
    assert "phone=+7 ••• •••-11-22" in card
    assert "9120001122" not in card
    assert "Petrova" not in card


def test_an_account_is_found_by_its_number(bank: Bank) -> None:
    bank.register(70001)
    assert "id=70001" in panel(bank, "open", "0", "70001")


def test_nobody_is_found_in_another_bot(bank: Bank) -> None:
    other = Bank(another_bot(bank.database.engine))
    other.register(4455)
    assert panel(bank, "open", "0", "4455").startswith("en:admin.users.nobody")
    assert panel(bank, "open", "0", "+79120004455").startswith("en:admin.users.nobody")


@pytest.mark.parametrize("words", ["Anna", "12345678901234567890", "@", "@x"])
def test_words_that_mean_nobody_are_explained(bank: Bank, words: str) -> None:
    told = panel(bank, "open", "0", words)
    assert told.startswith(("en:admin.users.how", "en:admin.users.nobody"))
    assert "en:admin.users.list" in told


@pytest.mark.parametrize(
    ("argument", "there"),
    [
        ("", {ANNA, BORIS}),
        ("=typed,*,*", {BORIS}),
        ("=*,en,*", {ANNA}),
        ("=typed,en,*", set()),
        ("=x,y,z", {ANNA, BORIS}),
    ],
)
def test_the_list_is_filtered_by_tier_and_language(bank: Bank, argument: str, there: set[int]) -> None:
    told = panel(bank, "open", "0", argument)
    assert {who for who in (ANNA, BORIS) if f"<code>{who}</code>" in told} == there


def test_the_list_is_turned_page_by_page(bank: Bank) -> None:
    bank.register(*range(3000, 3017))
    seen: list[str] = []
    for page in range(3):
        panel(bank, "open", str(page), "=*,en,*")
        buttons = [button for row in bank.outbound(ADMIN)[-1].buttons for button in row]
        seen += [button.data.rpartition("@")[2] for button in buttons if "@" in button.data]
        turns = {button.data for button in buttons if button.label in {"en:admin.previous", "en:admin.next"}}
        assert turns == {f"admin:users:open:{other}:=*,en,*" for other in (page - 1, page + 1) if 0 <= other <= 2}
    assert sorted(seen) == sorted(map(str, [ADMIN, ANNA, *range(3000, 3017)]))


def test_a_barred_customer_is_told_once_and_gets_nothing_else(bank: Bank) -> None:
    assert "en:admin.users.sure" in panel(bank, "ask", f"@{ANNA}")
    assert panel(bank, "bar", f"@{ANNA}").startswith("en:admin.users.now_barred")
    jobs: list[Job] = [Say(text="Hello"), AskForPerson(), OpenAdmin(), Refused(reason=Refusal.BARRED)]
    assert [bank.does(job, ANNA) for job in jobs] == [["en:refused.barred"], [], [], []]
    bank.run()
    assert bank.answers(ANNA) == []
    bank.does(Membership(blocked=True), ANNA)
    assert bank.user(ANNA).blocked_at
    assert panel(bank, "let", f"@{ANNA}").startswith("en:admin.users.now_let_in")
    assert bank.does(Refused(reason=Refusal.BARRED), ANNA) == ["en:refused.unavailable"]  # the front's copy is older
    bank.asks("How much is the card?", ANNA)
    bank.run()
    assert len(bank.answers(ANNA)) == 1
    change = {"before": False, "after": True}
    assert acts(bank, AuditAct.PERSON_BARRED) == [(ADMIN, f"account:{ANNA}", change)]
    assert acts(bank, AuditAct.PERSON_LET_IN) == [(ADMIN, f"account:{ANNA}", {"before": True, "after": False})]


def test_barring_ends_a_chat_with_a_person_and_asks_for_no_rating(bank: Bank) -> None:
    bank.does(AskForPerson(), ANNA)
    bank.does(TakeChat(conversation_id=bank.conversation(ANNA).id), MODERATOR)
    before = len(bank.told(ANNA))
    panel(bank, "bar", f"@{ANNA}")
    assert bank.conversation(ANNA).state == ConversationState.CLOSED
    assert bank.told(ANNA)[before:] == ["en:refused.barred"]
    assert "en:admin.users.end_barred" in bank.told(MODERATOR)
    assert bank.asks("Hello?", ANNA) == []


@pytest.mark.parametrize(
    ("act", "whom", "told"),
    [
        ("bar", MODERATOR, "en:admin.users.is_staff"),
        ("bar", ADMIN, "en:admin.users.is_staff"),
        ("bar", 99, "en:admin.users.nobody"),
        ("let", ANNA, "en:admin.changed"),
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(bank: Bank, act: str, whom: int, told: str) -> None:
    with bank.database.unit_of_work() as uow:
        person(uow, MODERATOR)
    assert panel(bank, act, f"@{whom}").startswith(told)
    with bank.database.reading() as uow:
        assert uow.people.barred() == {}
    assert acts(bank, AuditAct.PERSON_BARRED) == []


def test_an_old_screen_does_not_bar_twice(bank: Bank) -> None:
    panel(bank, "bar", f"@{ANNA}")
    assert panel(bank, "bar", f"@{ANNA}").startswith("en:admin.changed\n\nen:admin.users.card")
    assert len(acts(bank, AuditAct.PERSON_BARRED)) == 1


def test_an_auditor_sees_people_and_bars_nobody(bank: Bank) -> None:
    bank.grant(904, Role.AUDITOR)
    assert bank.does(Administer(section="users"), 904)[0].startswith("en:admin.users.list")
    told = bank.does(Administer(section="users", act="bar", arguments=(f"@{ANNA}",), message_id=SCREEN), 904)
    assert told[0].startswith("en:admin.not_allowed")
    assert bank.user(ANNA).barred_at is None
