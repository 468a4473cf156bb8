"""Words that call a person, questions that find nothing twice, a clean start: as customer and moderator see them."""

import pytest

from tests.e2e.acts import NO_ANSWER, free, name, sentinel
from tests.e2e.conftest import Person

pytestmark = pytest.mark.e2e

STEPS, QUEUED, AI = "Что сделать прямо сейчас", "Передаём разговор сотруднику", "🤖"


def test_a_stolen_card_gets_steps_and_a_person_at_once(customer: Person, moderator: Person) -> None:
    free(moderator)
    customer.says("Здравствуйте, у меня украли карту!! сегодня в метро")
    customer.sees(STEPS, "Заблокируйте карту", "коды из СМС")
    customer.sees(QUEUED)
    called = moderator.sees("🚨", "Клиент ждёт сотрудника", name(customer))
    customer.says("карту украли, ответьте")
    customer.sees("Добавили к вашему вопросу")
    moderator.presses(called)
    moderator.sees("Вы говорите с клиентом", "украли карту!!", "карту украли, ответьте")
    customer.sees("С вами теперь человек")
    customer.says("и с карты украли деньги")
    moderator.sees("и с карты украли деньги")
    sentinel(customer)
    assert sum(STEPS in text for text in customer.texts()) == 1
    said = [text for text in customer.texts() if text.startswith(AI)]  # a quick answer, if one is sure and was faster
    assert all("Пока вы ждёте сотрудника" in text for text in said)


def test_a_question_about_stolen_cards_is_answered(customer: Person) -> None:
    customer.says("Как заблокировать карту, если её украдут?")
    customer.sees(AI, "Источник")


def test_the_second_question_without_an_answer_goes_to_a_person(customer: Person, moderator: Person) -> None:
    free(moderator)
    customer.says("Кто победил на чемпионате мира по хоккею?")
    customer.sees(NO_ANSWER)
    customer.says("Какая завтра погода в Сочи?")
    customer.sees("Второй раз подряд не нахожу ответа")
    moderator.sees("🔔", "Клиент ждёт сотрудника", name(customer))


def test_a_follow_up_goes_on_until_reset(customer: Person) -> None:
    customer.says("Какие условия у кредитной карты «Шлюпка»?")
    customer.sees("Источник")
    customer.says("а как её закрыть?")
    customer.sees("Как закрыть кредитную карту?")
    customer.says("/reset")
    customer.sees("начинаем с чистого листа")
    customer.says("Как закрыть вклад?")
    customer.sees(AI, "вклад")
