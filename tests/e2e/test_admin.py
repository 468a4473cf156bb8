"""The administrator: figures, the AI's kill switch, and roles that work within seconds."""

import re
from collections.abc import Iterator

import pytest

from tests.e2e.acts import NO_ANSWER, NOT_ALLOWED, press_by_hand, register, sentinel
from tests.e2e.conftest import Person, make_person
from tests.e2e.own import FACT, QUESTION
from tests.system import System, wait_until

pytestmark = pytest.mark.e2e

SOON = 40  # seconds that a busy machine may need; two are promised


def _figures(admin: Person) -> dict[str, int]:
    sentinel(admin)  # a panel that somebody asked for before may be on its way
    admin.says("/admin")
    panel = admin.sees("Состояние бота")["text"]
    return {name: int(number) for name, number in re.findall(r"^(.+): (\d+)$", panel, re.MULTILINE)}


@pytest.fixture
def _ai_on(admin: Person) -> Iterator[None]:
    """Leave the AI on, however the test ended."""
    yield
    sentinel(admin)
    press_by_hand(admin, "ai:on")
    admin.sees("Помощник включён")


def test_the_figures_follow_what_happens(system: System, admin: Person, moderator: Person) -> None:
    sentinel(moderator)
    before = _figures(admin)
    asking, waiting = make_person(system), make_person(system)
    register(asking)
    asking.says(QUESTION)
    asking.sees(FACT)
    asking.says("Как вывести пятно от вишни со скатерти?")
    asking.sees(NO_ANSWER)
    waiting.says("/help")
    waiting.sees("Передаём разговор сотруднику")
    after = _figures(admin)
    expected = {
        "Всего": 2,
        "Зарегистрированы": 1,
        "С помощником": 1,
        "Ждут сотрудника": 1,
        "Ответов": 1,
        "Ответ не найден": 1,
    }
    assert {name: after[name] - before[name] for name in expected} == expected
    assert after["Приём сообщений"] >= 1
    assert after["Обработчики"] >= 1
    waiting.says("/end")
    waiting.sees("Разговор завершён.")


@pytest.mark.usefixtures("_ai_on")
def test_the_ai_is_switched_off_and_on(customer: Person, admin: Person, moderator: Person) -> None:
    sentinel(moderator)
    admin.says("/admin")
    panel = admin.sees("Помощник: включён")
    [[switch], *_sections] = panel["reply_markup"]["inline_keyboard"]
    assert switch["text"] == "⏹ Выключить помощника"
    admin.presses(panel)
    admin.sees("Помощник выключен. Новые вопросы уходят сотрудникам.")
    customer.says(QUESTION)
    customer.sees("Автоматический помощник сейчас отключён")
    moderator.sees("Клиент ждёт сотрудника", f"Имя{customer.id}")
    customer.says("/end")
    customer.sees("Разговор завершён.")
    admin.says("/admin")
    panel = admin.sees("Помощник: выключен")
    admin.presses(panel)
    admin.sees("Помощник включён и снова отвечает клиентам.")
    customer.says(QUESTION)
    customer.sees(FACT)
    assert sum(FACT in text for text in customer.texts()) == 1


@pytest.mark.parametrize("act", ["/admin", "ai:off", "ai:on"])
def test_others_are_refused_with_the_reason(customer: Person, moderator: Person, admin: Person, act: str) -> None:
    for person in (customer, moderator):
        sentinel(person)
        if act.startswith("/"):
            person.says(act)
        else:
            press_by_hand(person, act)
        person.sees(NOT_ALLOWED)
    admin.says("/admin")
    admin.sees("Помощник: включён")


def test_a_customer_is_blocked_told_once_and_let_in_again(customer: Person, admin: Person) -> None:
    sentinel(customer)
    admin.says(f"/admin users {customer.id}")
    card = admin.sees(f"Аккаунт: {customer.id}", "По состоянию на")
    admin.presses(card)
    admin.presses(admin.sees("Заблокировать клиента"))
    unblock = admin.sees("Клиент заблокирован.", "Заблокирован банком")
    customer.says("Почему?")
    customer.sees("Банк больше не отвечает в этом чате.")
    for words in ("Ответьте!", "/help", "/start"):
        customer.says(words)
    admin.presses(unblock)
    admin.sees("Клиент снова может писать боту.")
    wait_until(lambda: _answers(customer), SOON, "an answer")
    assert sum("Банк больше не отвечает" in text for text in customer.texts()) == 1


def _answers(customer: Person) -> bool:
    """Say something, and tell whether the bot answered it."""
    customer.says("/privacy")
    try:
        return "Что мы о вас храним" in customer.sees(wait=1.5)["text"]
    except AssertionError:
        return False


def test_a_granted_role_works_within_seconds_and_a_revoked_one_no_more(customer: Person) -> None:
    def may() -> bool:
        customer.says("/admin")
        return "Состояние бота" in customer.sees()["text"]

    assert not may()
    assert f"{customer.id} is admin" in customer.system.manage("grant", "admin", str(customer.id))
    wait_until(may, SOON, "the role to work")
    customer.system.manage("revoke", "admin", str(customer.id))
    wait_until(lambda: not may(), SOON, "the role to work no more")
    for data in ("admin:staff", f"admin:users:bar:@{customer.id}", "ai:off"):  # of screens that are still open
        press_by_hand(customer, data)
        customer.sees(NOT_ALLOWED)
