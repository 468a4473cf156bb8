"""Waiting for a person and after: place, quick answers, ratings, the way back; on every database."""

import re

import pytest

from tests.e2e.acts import call, meet, name, register, sentinel
from tests.e2e.conftest import Person, make_person
from tests.e2e.own import FACT, QUESTION, SOURCE

pytestmark = pytest.mark.e2e

QUICK = "Пока вы ждёте сотрудника, отвечает программа"
LINK = re.compile(r"https://t\.me/\w+\?start=([A-Za-z0-9_-]{1,64})")


def test_who_waits_knows_the_place_and_gets_answers_meanwhile(customer: Person, moderator: Person) -> None:
    called = call(customer, moderator)
    told = next(text for text in customer.texts() if "Передаём разговор сотруднику" in text)
    assert re.search(r"Вы следующий|Ваше место в очереди: \d+", told)
    assert "Пока ждёте, спрашивайте" in told
    assert "мин." not in told or re.search(r"ждать (до )?\d+", told)
    customer.says(QUESTION)
    customer.sees("Добавили к вашему вопросу")
    answer = customer.sees(QUICK)
    assert FACT in answer["text"]
    assert SOURCE in answer["text"]
    customer.says("/help")
    customer.sees("Сотрудника уже позвали")
    moderator.presses(called)
    moderator.sees("Вы говорите с клиентом", QUESTION, FACT)
    customer.sees("С вами теперь человек", name(moderator))
    customer.says(QUESTION)
    moderator.sees(name(customer), QUESTION)
    sentinel(customer)
    assert sum(QUICK in text for text in customer.texts()) == 1


def test_a_chat_is_rated_and_its_customer_alone_comes_back_by_the_link(customer: Person, moderator: Person) -> None:
    meet(customer, moderator)
    moderator.says("/end")
    asked = customer.sees("Оцените, пожалуйста, разговор")
    found = LINK.search(asked["text"])
    assert found
    customer.presses(asked, 3)
    customer.sees("ваша оценка: 4")
    customer.presses(asked, 4)
    customer.presses(asked, 4)
    customer.presses(customer.sees("ваша оценка: 5"))
    customer.sees("Следующее ваше сообщение станет комментарием")
    customer.says("Очень быстро, спасибо")
    customer.sees("Спасибо, мы это прочтём")
    assert sum("ваша оценка" in text for text in customer.texts()) == 2
    stranger = make_person(customer.system)
    stranger.says(f"/start {found[1]}")
    stranger.sees("Эта ссылка для другого человека")
    stranger.says(f"/start {found[1].swapcase()}")
    stranger.sees("Эта ссылка не от нас или испорчена")
    customer.says(f"/start {found[1]}")
    customer.sees("Возвращаемся к вашему разговору")
    moderator.presses(moderator.sees("Клиент ждёт сотрудника", name(customer)))
    moderator.sees("Вы говорите с клиентом", name(customer))
    shown = customer.system.manage("ratings", "--comments", "50")
    assert "Очень быстро, спасибо" in shown


def test_an_answer_is_found_helpful_or_not(customer: Person) -> None:
    customer.says(QUESTION)
    answer = customer.sees(FACT)
    customer.presses(answer, 1)
    customer.sees("рады, что помогло")
    customer.presses(answer, 1)
    customer.presses(answer, 2)
    customer.presses(customer.sees("Жаль, что не помогло"))
    customer.sees("Передаём разговор сотруднику")
    assert sum("рады, что помогло" in text for text in customer.texts()) == 1


def test_topics_and_campaigns_are_opened_by_links(customer: Person) -> None:
    register(customer)
    topic = LINK.search(customer.system.manage("links", "make", "topic", QUESTION))
    campaign = LINK.search(customer.system.manage("links", "make", "campaign", f"весна {customer.id}", "--days", "2"))
    assert topic
    assert campaign
    customer.says(f"/start {topic[1]}")
    customer.sees(FACT)
    customer.says(f"/start {campaign[1]}")
    customer.sees("Мы уже знакомы")
    assert "1 people  until 20" in customer.system.manage("links", "list")
