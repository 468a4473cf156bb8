"""Handover when a role is taken away in the middle: the customer is with somebody who may serve no more."""

import pytest

from tests.e2e.acts import free, may_broadcast, meet, name, sentinel
from tests.e2e.conftest import Person, make_person
from tests.system import wait_until

pytestmark = pytest.mark.e2e

ENDED, SHUT_OUT = "Разговор завершён.", "Ваш вход закончился или отозван."


@pytest.fixture
def temporary(customer: Person, moderator: Person) -> Person:
    """Return a moderator of this test alone, whose role the front knows already; the usual one is free."""
    free(moderator)
    person = make_person(customer.system)
    customer.system.manage("grant", "moderator", str(person.id))
    wait_until(lambda: may_broadcast(person), 40, "the role to work")
    return person


def test_words_of_one_who_lost_the_role_do_not_arrive(customer: Person, temporary: Person, moderator: Person) -> None:
    meet(customer, temporary)
    customer.system.manage("revoke", "moderator", str(temporary.id))
    temporary.sees(SHUT_OUT)
    temporary.says("Назовите код из СМС")
    customer.sees("Передаём разговор сотруднику")
    moderator.presses(moderator.sees("Клиент ждёт сотрудника", name(customer)))
    customer.sees("С вами теперь человек", name(moderator))
    sentinel(temporary)
    moderator.says("Слушаю вас")
    customer.sees("Слушаю вас")
    assert not [text for text in customer.texts() if "Назовите код" in text]


def test_one_who_lost_the_role_hears_nothing_more(customer: Person, temporary: Person, moderator: Person) -> None:
    meet(customer, temporary)
    customer.system.manage("revoke", "moderator", str(temporary.id))
    customer.says("Мой договор 77")
    sentinel(customer)  # the words may come after the customer was given back, and then to who takes the chat too soon
    assert sum("Передаём разговор сотруднику" in text for text in customer.texts()) == 2
    moderator.presses(moderator.sees("Клиент ждёт сотрудника", name(customer)))
    moderator.sees("Вы говорите с клиентом", "Мой договор 77")
    sentinel(temporary)
    assert not [text for text in temporary.texts() if "Мой договор 77" in text]


def test_one_who_lost_the_role_cannot_end_the_chat(customer: Person, temporary: Person, moderator: Person) -> None:
    meet(customer, temporary)
    customer.system.manage("revoke", "moderator", str(temporary.id))
    temporary.sees(SHUT_OUT)
    temporary.says("/end")
    temporary.sees("Сейчас заканчивать нечего.")
    moderator.presses(moderator.sees("Клиент ждёт сотрудника", name(customer)))
    customer.sees("С вами теперь человек", name(moderator))
    assert not [text for text in customer.texts() if ENDED in text]
