"""Registration as a customer meets it: language, consent, phone; and what is kept of it."""

from collections.abc import Iterator

import pytest

from config import load_settings
from database.db import Database
from database.models import User
from services.wiring import make_database
from tests.e2e.acts import CONSENT, LANGUAGE, PHONE, PRIVACY, agree, meet, press_by_hand, register, sentinel
from tests.e2e.conftest import Person, make_person
from tests.system import System

pytestmark = pytest.mark.e2e

GOOD = "8 (912) 345-67-89"


@pytest.fixture
def rows(system: System) -> Iterator[Database]:
    """Look into the installation's database."""
    database = make_database(load_settings(system.environment))
    yield database
    database.engine.dispose()


def _row(rows: Database, person: Person) -> User:
    with rows.reading() as uow:
        user = uow.users.get(person.id)
    assert user is not None
    return user


def test_an_own_contact_confirms_the_phone(customer: Person) -> None:
    customer.says("/start")
    customer.sees("Здравствуйте! Это помощник банка.")
    customer.presses(customer.sees(LANGUAGE))
    customer.sees("Хорошо, дальше по-русски.")
    customer.presses(customer.sees(CONSENT, "Редакция 2026-11"))
    asked = customer.sees(PHONE)
    assert asked["reply_markup"]["keyboard"][0][0]["request_contact"] is True
    customer.does(contact="self")
    customer.sees("Спасибо, номер подтверждён.")
    assert customer.system.sandbox.chat(customer.id)["keyboard"] is None


def test_a_registered_person_starts_again(customer: Person) -> None:
    register(customer)
    customer.says("/start")
    customer.sees("Мы уже знакомы")
    sentinel(customer)
    assert sum(CONSENT in text for text in customer.texts()) == 1


def test_start_goes_on_where_it_stopped(customer: Person) -> None:
    agree(customer)
    customer.says("/start")
    customer.sees(PHONE)
    sentinel(customer)
    assert sum(CONSENT in text for text in customer.texts()) == 1


def test_a_deep_link_starts_too(customer: Person) -> None:
    customer.does(start="from-the-site_1")
    customer.sees(LANGUAGE)


def test_consent_can_be_declined_and_given_later(customer: Person) -> None:
    customer.says("/start")
    customer.presses(customer.sees(LANGUAGE))
    customer.presses(customer.sees(CONSENT), 1)
    customer.sees("номер телефона спрашивать не будем")
    customer.says("/start")
    customer.presses(customer.sees(CONSENT))
    customer.sees(PHONE)


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_a_button_under_an_older_text_shows_the_newer_one(customer: Person, answer: str) -> None:
    customer.says("/start")
    customer.presses(customer.sees(LANGUAGE))
    customer.sees(CONSENT)
    press_by_hand(customer, f"consent:{answer}:2020-01")
    customer.sees(CONSENT, "Редакция 2026-11")
    sentinel(customer)
    assert "Согласия на обработку данных вы пока не давали" in customer.texts()[-1]


def test_consent_is_asked_for_once(customer: Person) -> None:
    agree(customer)
    press_by_hand(customer, "consent:no:2026-11")
    customer.sees("Ваше согласие у нас уже есть")


def test_a_contact_before_consent_is_not_kept(customer: Person, rows: Database) -> None:
    customer.says("/start")
    customer.sees(LANGUAGE)
    customer.does(contact="self")
    customer.sees("сначала нужно ваше согласие")
    customer.sees(LANGUAGE)
    assert _row(rows, customer).phone is None


@pytest.mark.parametrize("owner", [{"user_id": 5}, {}], ids=["another account", "no account"])
def test_the_card_of_somebody_else_is_refused(customer: Person, rows: Database, owner: dict[str, int]) -> None:
    agree(customer)
    customer.does(contact={"phone_number": "+79123456789", **owner})
    refused = customer.sees("карточка другого человека")
    assert refused["reply_markup"]["keyboard"][0][0]["request_contact"] is True
    assert _row(rows, customer).phone is None
    customer.does(contact="self")
    customer.sees("номер подтверждён")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("8 (495) 123-45-67", "Это не мобильный номер"),
        ("8 912 345", "В номере не хватает цифр"),
        ("+7 912 345 67 89 01", "В номере лишние цифры"),
        ("+7 999 999-99-99", "Такого номера не бывает"),
        ("89123456789, 89123456780", "Здесь несколько номеров"),
        ("12", "Не вижу здесь номера телефона"),
    ],
    ids=["landline", "short", "long", "fake", "several", "none"],
)
def test_a_number_that_cannot_be_used_has_its_answer(customer: Person, typed: str, answer: str) -> None:
    agree(customer)
    customer.says(typed)
    customer.sees(answer)
    customer.says(GOOD)
    customer.sees("+7 912 345-67-89")


@pytest.mark.parametrize("typed", [GOOD, "+٧٩١٢٣٤٥٦٧٨٩", "９１２ ３４５ ６７ ８９", "мой номер 9123456789"])
def test_a_typed_number_is_read_back(customer: Person, typed: str) -> None:
    agree(customer)
    customer.says(typed)
    customer.sees("Ваш номер +7 912 345-67-89, всё верно?")


def test_a_typed_number_is_corrected_and_then_kept(customer: Person, rows: Database) -> None:
    agree(customer)
    customer.says("8 912 345-67-80")
    customer.presses(customer.sees("+7 912 345-67-80"), 1)
    customer.sees(PHONE)
    customer.says(GOOD)
    read_back = customer.sees("+7 912 345-67-89")
    assert _row(rows, customer).tier == "none"
    customer.presses(read_back)
    customer.sees("номер записан с ваших слов")
    assert _row(rows, customer).tier == "typed"
    customer.presses(read_back)
    customer.sees("Эта кнопка уже не действует")


def test_another_number_may_be_typed_before_the_first_is_confirmed(customer: Person) -> None:
    agree(customer)
    customer.says("8 912 345-67-80")
    customer.sees("+7 912 345-67-80")
    customer.says("8 912 345-67-81")
    customer.presses(customer.sees("+7 912 345-67-81"))
    customer.sees("номер записан с ваших слов")
    customer.says("/privacy")
    customer.sees(PRIVACY, "67-81")


def test_a_phone_of_two_accounts_is_flagged_and_not_merged(customer: Person, moderator: Person, rows: Database) -> None:
    phone = f"+7911{customer.id:07d}"
    customer.system.sandbox.describe(customer.id, phone_number=phone)
    register(customer)
    assert _row(rows, customer).phone_shared is False
    other = make_person(customer.system)
    agree(other)
    other.says(phone)
    other.presses(other.sees("всё верно?"))
    other.sees("номер записан с ваших слов")
    first, second = _row(rows, customer), _row(rows, other)
    assert (first.phone_shared, second.phone_shared) == (True, True)
    assert (first.tier, second.tier) == ("confirmed", "typed")
    meet(other, moderator)
    assert "⚠️" in next(text for text in reversed(moderator.texts()) if "Вы говорите с клиентом" in text)
    moderator.says("/end")
    moderator.sees("Разговор с клиентом завершён.")


def test_a_phone_of_one_account_is_not_flagged(customer: Person, moderator: Person) -> None:
    register(customer)
    meet(customer, moderator)
    assert "⚠️" not in next(text for text in reversed(moderator.texts()) if "Вы говорите с клиентом" in text)
    moderator.says("/end")
    moderator.sees("Разговор с клиентом завершён.")


def test_a_number_that_no_plan_knows_is_taken_on_telegrams_word(customer: Person) -> None:
    customer.system.sandbox.describe(customer.id, phone_number="+99912345678")
    register(customer)
    customer.says("/privacy")
    customer.sees(PRIVACY, "подтверждён через Telegram")
