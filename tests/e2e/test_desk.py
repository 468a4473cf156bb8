"""The operators' desk through Telegram: a shift from the PIN to the end of it, with everything that goes between."""

from collections.abc import Iterator

import pytest

from tests.e2e.acts import let_everybody_go, name, register, sentinel
from tests.e2e.conftest import Person, make_person
from tests.e2e.own import FACT, QUESTION
from tests.system import System, wait_until

pytestmark = pytest.mark.e2e


@pytest.fixture
def operator(system: System) -> Iterator[Person]:
    """Return an operator of this test alone, with a PIN, and take them from the desk afterwards."""
    let_everybody_go(system)
    person = make_person(system)
    system.manage("operators", "add", str(person.id), "--name", f"Вера {person.id}")
    yield person
    system.manage("operators", "revoke", str(person.id))


def pin_of(person: Person) -> str:
    """Issue a new PIN."""
    return person.system.manage("operators", "pin", str(person.id)).partition("PIN ")[2][:8]


def menu(person: Person) -> list[str]:
    """Return the commands that the person's own menu offers."""
    scope = {"type": "chat", "chat_id": person.id}
    return [command["command"] for command in person.system.sandbox.result("getMyCommands", scope=scope)]


def sign_in(person: Person) -> None:
    """Sign in, and be at the desk."""
    person.says("/start")
    person.says(f"/operator {pin_of(person)}")
    person.sees("Вы вошли как", f"Вера {person.id}")
    wait_until(lambda: _went_online(person), 40, "the role to work")


def _went_online(person: Person) -> bool:
    person.says("/online")
    return "Вы на линии" in person.sees()["text"]


def chat_id(text: str) -> str:
    """Return the digits behind the # sign."""
    return text.partition("#")[2][:6]


def test_a_shift(operator: Person, customer: Person) -> None:
    register(customer)
    sign_in(operator)
    wait_until(lambda: "next" in menu(operator), 40, "the menu of an operator")
    customer.says(QUESTION)
    customer.sees(FACT)
    customer.says("/help")
    customer.sees("Передаём разговор сотруднику")
    offered = operator.sees("Клиент для вас", name(customer), "Попросил сотрудника")
    operator.presses(offered)
    shown = operator.sees("Вы говорите с клиентом", name(customer), "подтверждён через Telegram", QUESTION)
    customer.sees("С вами теперь человек", f"Вера {operator.id}")
    suggested = operator.sees("💡 Можно ответить так", FACT)
    operator.presses(suggested)
    customer.sees(f"👩‍💼 Вера {operator.id}", FACT)
    number = chat_id(shown["text"])
    operator.says("/note клиент из Казани")
    operator.sees("Заметка к разговору")
    operator.says(f"/history {number} 3")
    operator.sees("История клиента", FACT)

    operator.says("/done")
    customer.sees("Разговор завершён.")
    operator.presses(operator.sees("Чем закончился разговор", number))
    operator.sees("Решено")
    customer.says("Ещё одно забыл спросить")
    operator.sees("Ещё одно забыл спросить")
    operator.says("/logout")
    operator.sees("Вы вышли", "1")
    wait_until(lambda: "next" not in menu(operator), 40, "the menu of somebody who is signed out")
    operator.says("Кто-нибудь слышит?")
    sentinel(operator)
    assert not [text for text in customer.texts() if "слышит" in text]
    customer.says("/end")


def test_two_customers_at_once(operator: Person, customer: Person) -> None:
    sign_in(operator)
    numbers = []
    second = make_person(customer.system)
    for person in (customer, second):
        person.says("/help")
        operator.presses(operator.sees("Клиент для вас", name(person)))
        numbers.append(chat_id(operator.sees("Вы говорите с клиентом", name(person))["text"]))
    customer.says("А можно доставкой?")
    heard = operator.sees(f"👤 {name(customer)} · #{numbers[0]}", "А можно доставкой?")
    sentinel(operator)
    operator.does(text="Можно, за два дня", reply_to=heard["message_id"])
    customer.sees("Можно, за два дня")
    operator.says("Чем помочь?")
    second.sees("Чем помочь?")
    operator.presses(heard)
    operator.sees("Теперь вы пишете", name(customer), numbers[0])
    operator.says("Готово")
    customer.sees("Готово")
    assert not [text for text in second.texts() if "Готово" in text or "за два дня" in text]
    for person in (customer, second):
        person.says("/end")
        person.sees("Разговор завершён.")


def test_the_pin_leaves_the_chat_and_guessing_locks(operator: Person) -> None:
    operator.says("/start")
    pin = pin_of(operator)
    for _ in range(5):
        operator.says("/operator 00000000")
        operator.sees("ПИН не подошёл.")
    operator.says(f"/operator {pin}")
    operator.sees("Слишком много неверных попыток")

    def typed() -> list[str]:
        messages = operator.system.sandbox.chat(operator.id)["messages"]
        return [m["text"] for m in messages if "/operator" in (m["text"] or "") and not m["deleted"]]

    wait_until(lambda: not typed(), 40, "the messages with PINs to be deleted")


def test_a_revoked_operator_is_out_at_once(operator: Person, customer: Person) -> None:
    sign_in(operator)
    customer.says("/help")
    operator.presses(operator.sees("Клиент для вас", name(customer)))
    customer.sees("С вами теперь человек")
    customer.system.manage("operators", "revoke", str(operator.id))
    operator.sees("Ваш вход закончился или отозван.")
    operator.says("Назовите код из СМС")
    customer.sees("Передаём разговор сотруднику")
    wait_until(lambda: "operator" not in menu(operator) and "next" not in menu(operator), 40, "the menu to go")
    assert not [text for text in customer.texts() if "Назовите код" in text]
    customer.says("/end")
