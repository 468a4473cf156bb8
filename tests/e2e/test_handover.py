"""Handover: a customer asks for a person, the first moderator to take the chat gets it, either side ends it."""

import pytest

from tests.e2e.acts import NOT_ALLOWED, PRIVACY, agree, call, free, meet, name, press_by_hand, sentinel
from tests.e2e.conftest import Person, make_person
from tests.e2e.own import FACT, QUESTION
from tests.system import ADMIN

pytestmark = pytest.mark.e2e

ENDED, ENDED_STAFF = "Разговор завершён. Появится новый вопрос — пишите.", "Разговор с клиентом завершён."
AI = "🤖"


@pytest.fixture(autouse=True)
def _free(moderator: Person, second_moderator: Person) -> None:
    """Begin each test with moderators whom the bot knows and who are with nobody."""
    for person in (moderator, second_moderator):
        free(person)


def test_the_first_moderator_to_take_a_chat_gets_it(
    customer: Person, moderator: Person, second_moderator: Person
) -> None:
    called = call(customer, moderator)
    also_called = second_moderator.sees("Клиент ждёт сотрудника", name(customer))
    moderator.presses(called)
    shown = moderator.sees("Вы говорите с клиентом", name(customer))
    assert "— (не подтверждён)" in shown["text"]
    customer.sees("С вами теперь человек", name(moderator))
    second_moderator.presses(also_called)
    second_moderator.sees("Этот разговор уже взял другой сотрудник.")
    sentinel(customer)
    assert sum("С вами теперь человек" in text for text in customer.texts()) == 1


def test_both_moderators_press_at_once(customer: Person, moderator: Person, second_moderator: Person) -> None:
    called = call(customer, moderator)
    also_called = second_moderator.sees("Клиент ждёт сотрудника", name(customer))
    both = (moderator, second_moderator)
    before = [person.moment() for person in both]
    for person, message in zip(both, (called, also_called), strict=True):
        person.presses(message)
    customer.sees("С вами теперь человек")
    for person in both:
        sentinel(person)
    told = ["\n".join(person.texts(start)) for person, start in zip(both, before, strict=True)]
    assert sorted("уже взял другой" in text for text in told) == [False, True]
    assert sorted("Вы говорите с клиентом" in text for text in told) == [False, True]


def test_the_moderator_sees_the_dialog_so_far(customer: Person, moderator: Person) -> None:
    customer.says(QUESTION)
    customer.sees(FACT)
    moderator.presses(call(customer, moderator))
    moderator.sees("Вы говорите с клиентом", f"👤 {QUESTION}\n{AI} Вот что", FACT)


def test_words_go_both_ways_and_the_ai_is_silent(customer: Person, moderator: Person) -> None:
    meet(customer, moderator)
    customer.says(QUESTION)
    moderator.sees(f"👤 {name(customer)}\n{QUESTION}")
    moderator.says("Сейчас <b>посмотрю</b> & отвечу")
    customer.sees(f"👩‍💼 {name(moderator)}\nСейчас <b>посмотрю</b> & отвечу")
    customer.says("/help")
    customer.sees("С вами уже говорит сотрудник")
    sentinel(customer)
    assert not [text for text in customer.texts() if text.startswith(AI)]


def test_a_name_is_shown_as_it_is(customer: Person, moderator: Person) -> None:
    odd = "<b>Ян</b> &amp; {who}"
    customer.system.sandbox.describe(customer.id, first_name=odd)
    customer.says("/help")
    moderator.presses(moderator.sees("Клиент ждёт сотрудника", odd))
    moderator.sees("Вы говорите с клиентом", odd)
    customer.says("Здравствуйте")
    moderator.sees(f"👤 {odd}\nЗдравствуйте")


@pytest.mark.parametrize("text", ["длинно " * 580, "🐧" * 2040, "<&>" * 1300], ids=["words", "emoji", "mark-up"])
def test_a_long_text_arrives_whole(customer: Person, moderator: Person, text: str) -> None:
    text = text.strip()
    customer.system.sandbox.describe(customer.id, last_name="🐧" * 64)
    meet(customer, moderator)
    for speaker, listener in ((customer, moderator), (moderator, customer)):
        before = listener.moment()
        speaker.says(text)
        sentinel(speaker)
        sentinel(listener)
        told = [part for part in listener.texts(before) if PRIVACY not in part]
        said = [part for part in told if not part.startswith("📌")]  # whose chat it is
        head = next(part for part in said if name(speaker) in part).split("\n", 1)[0]
        assert "".join(part.removeprefix(f"{head}\n") for part in said) == text


def test_numbers_go_to_the_person_even_where_a_phone_is_awaited(customer: Person, moderator: Person) -> None:
    agree(customer)
    call_message = call(customer, moderator)
    customer.says("Договор 12345678")
    customer.sees("Добавили к вашему вопросу")
    moderator.presses(call_message)
    moderator.sees("Вы говорите с клиентом", "Договор 12345678")
    customer.says("Счёт 40817810")
    moderator.sees(name(customer), "Счёт 40817810")


def test_the_ai_itself_does_not_speak_in_the_queue(customer: Person, moderator: Person) -> None:
    called = call(customer, moderator)
    customer.says(QUESTION)
    customer.sees("Добавили к вашему вопросу, сотрудник это прочтёт.")
    customer.says("/help")
    customer.sees("Сотрудника уже позвали")
    moderator.presses(called)
    moderator.sees("Вы говорите с клиентом", QUESTION)
    sentinel(customer)
    said = [text for text in customer.texts() if text.startswith(AI)]  # a quick answer, if it was faster
    assert all("Пока вы ждёте сотрудника" in text for text in said)


def test_a_question_under_way_is_dropped_when_a_person_is_called(customer: Person, moderator: Person) -> None:
    customer.says(QUESTION)
    customer.says("/help")
    moderator.sees("Клиент ждёт сотрудника", name(customer))
    sentinel(customer)
    told = customer.texts()
    queued = next(place for place, text in enumerate(told) if "Передаём разговор сотруднику" in text)
    assert not [text for text in told[queued:] if FACT in text]


@pytest.mark.parametrize("customer_ends", [True, False], ids=["by the customer", "by the moderator"])
def test_either_side_ends_it_and_both_are_told_once(
    customer: Person,
    moderator: Person,
    customer_ends: bool,  # noqa: FBT001 - a test's parameter
) -> None:
    meet(customer, moderator)
    before = moderator.moment()
    (customer if customer_ends else moderator).says("/end")
    customer.sees(ENDED)
    moderator.sees(ENDED_STAFF)
    moderator.says("Вы ещё здесь?")  # nobody is there to hear it: an ordinary question to the bot
    moderator.sees(AI)
    customer.says(QUESTION)
    customer.sees(FACT)
    for person in (customer, moderator):
        sentinel(person)
    assert customer.texts().count(ENDED) == 1
    assert not [text for text in customer.texts() if "Вы ещё здесь?" in text]
    assert moderator.texts(before).count(ENDED_STAFF) == 1
    told = [text for text in moderator.texts(before) if not text.startswith("📌")]  # a heading on its way goes again
    assert not [text for text in told if name(customer) in text]


def test_a_customer_leaves_the_queue(customer: Person, moderator: Person) -> None:
    called = call(customer, moderator)
    customer.says("/end")
    customer.sees(ENDED)
    moderator.presses(called)
    moderator.sees("Этот разговор уже завершён.")
    customer.says(QUESTION)
    customer.sees(FACT)


def test_a_customer_cannot_take_a_chat_by_hand(customer: Person, moderator: Person) -> None:
    called = call(customer, moderator)
    data = called["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    stranger = make_person(customer.system)
    for person in (stranger, make_person(customer.system, ADMIN)):
        sentinel(person)
        press_by_hand(person, data)
        person.sees(NOT_ALLOWED)
    moderator.presses(called)
    moderator.sees("Вы говорите с клиентом", name(customer))
    sentinel(customer)
    assert sum("С вами теперь человек" in text for text in customer.texts()) == 1
