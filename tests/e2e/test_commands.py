"""Commands that everybody may use, at any time and in every language."""

import re

import pytest

from tests.e2e.acts import LANGUAGE, NOT_ALLOWED, PRIVACY, STALE, agree, free, press_by_hand, register, sentinel
from tests.e2e.conftest import Person, make_person
from tests.e2e.own import FACT, QUESTION
from tests.system import System, wait_until

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("code", "hello", "framed"),
    [
        ("kk", "Сәлеметсіз бе!", "Банктің анықтамалығында"),
        ("uz", "Assalomu alaykum!", "Bankning maʼlumotnomasida"),
        ("de", "Здравствуйте!", "Вот что об этом сказано"),
    ],
)
def test_a_language_without_knowledge_answers_from_the_russian_one(
    system: System, code: str, hello: str, framed: str
) -> None:
    person = make_person(system, language=code)
    person.says("/start")
    person.sees(hello)
    person.says(QUESTION)
    person.sees(framed, FACT)


def test_an_english_speaker_gets_english_texts_and_knowledge(system: System) -> None:
    person = make_person(system, language="en-GB")
    person.says("How much does the Lighthouse card cost?")
    person.sees("reference texts say", "99 ₽ a month", "Source")
    person.says("/help")
    person.sees("passing the conversation to a person")
    person.says("/end")
    person.sees("ended")


def test_the_language_is_changed_by_a_button_and_by_a_word(customer: Person) -> None:
    register(customer)
    customer.says("/lang")
    asked = customer.sees(LANGUAGE)
    names = [row[0]["text"] for row in asked["reply_markup"]["inline_keyboard"]]
    assert sorted(names) == ["English", "Oʻzbekcha", "Русский", "Қазақша"]
    customer.presses(asked, names.index("English"))
    customer.sees("Fine, we go on in English.")
    customer.says("/lang KK")
    customer.sees("енді қазақша сөйлесеміз")
    customer.says("/lang ru")
    customer.sees("Хорошо, дальше по-русски.")


@pytest.mark.parametrize("said", ["/lang tlh", "/LANG", "/lang@bank_bot"])
def test_any_other_language_brings_the_list(customer: Person, said: str) -> None:
    customer.says(said)
    customer.sees(LANGUAGE)


def test_an_argument_may_stand_on_the_next_line(customer: Person) -> None:
    customer.says("/lang\nen")
    customer.sees("Fine, we go on in English.")


def test_a_mode_is_kept_and_honoured(customer: Person, moderator: Person) -> None:
    free(moderator)
    customer.says("/mode")
    asked = customer.sees("Сейчас выбрано: 🔄 Как настроил банк.")
    customer.presses(asked, 2)
    customer.sees("запомнили: 👩‍💼 Сразу сотрудник")
    customer.says(QUESTION)
    customer.sees("Вы просили, чтобы отвечали люди")
    moderator.sees("Клиент ждёт сотрудника", f"Имя{customer.id}")
    customer.says("/end")
    customer.sees("Разговор завершён.")
    customer.says("/mode ai")
    customer.sees("запомнили: 🤖 Автоматический помощник")
    customer.says(QUESTION)
    customer.sees(FACT)
    assert sum(FACT in text for text in customer.texts()) == 1


def test_any_other_mode_brings_the_choice(customer: Person) -> None:
    customer.says("/mode robot")
    customer.sees("Кто должен отвечать вам первым?")


def test_privacy_before_and_after_registration(customer: Person) -> None:
    customer.says("/privacy")
    before = customer.sees(PRIVACY)["text"]
    assert "телефон: не указан (не подтверждён)" in before
    assert "Согласия на обработку данных вы пока не давали" in before
    register(customer)
    customer.says("/privacy")
    after = customer.sees(PRIVACY)["text"]
    assert f"телефон: +7 ••• •••-{customer.id % 10_000 // 100:02d}-{customer.id % 100:02d} (подтверждён" in after
    assert re.search(r"Согласие на обработку данных: редакция 2026-11, дано \d{4}-\d\d-\d\d \d\d:\d\d UTC", after)


def test_a_conversation_ends_once(customer: Person) -> None:
    customer.says("/end")
    customer.sees("Сейчас заканчивать нечего.")
    customer.says(QUESTION)
    customer.sees(FACT)
    customer.says("/end")
    customer.sees("Разговор завершён.")
    customer.says("/end")
    customer.sees("Сейчас заканчивать нечего.")


def test_commands_work_in_the_middle_of_registration(customer: Person, moderator: Person) -> None:
    free(moderator)
    agree(customer)
    customer.says("/help")
    customer.sees("Передаём разговор сотруднику")
    moderator.sees("Клиент ждёт сотрудника", f"Имя{customer.id}")
    customer.says("/lang ru")
    customer.sees("Хорошо, дальше по-русски.")
    customer.says("/end")
    customer.sees("Разговор завершён.")


@pytest.mark.parametrize("said", ["/broadcast Всем привет", "/admin"])
def test_a_command_of_the_staff_is_refused_with_the_reason(customer: Person, said: str) -> None:
    customer.says(said)
    customer.sees(NOT_ALLOWED)


@pytest.mark.parametrize(
    "data",
    ["take:not-a-uuid", "take:00000000-0000-4000-8000-000000000000", "ai:off", "broadcast:send:1"],
)
def test_a_button_of_the_staff_is_refused_with_the_reason(customer: Person, data: str) -> None:
    sentinel(customer)
    press_by_hand(customer, data)
    customer.sees(NOT_ALLOWED)


@pytest.mark.parametrize(
    "data", ["consent:maybe:1", "unknown:x", "phone:perhaps", "phone:yes", "lang", "person:1:2", ":", "mode"]
)
def test_a_button_of_another_time_is_answered(customer: Person, data: str) -> None:
    sentinel(customer)
    press_by_hand(customer, data)
    if data != "person:1:2":
        customer.sees(STALE)
    sentinel(customer)


@pytest.mark.parametrize("data", ["take:not-a-uuid", "broadcast:send:not-a-uuid", "broadcast:perhaps:1", "take"])
def test_a_button_of_another_time_is_answered_to_the_staff_too(moderator: Person, data: str) -> None:
    sentinel(moderator)
    press_by_hand(moderator, data)
    moderator.sees(STALE)


def test_a_press_is_acknowledged_even_if_its_button_is_stale(customer: Person) -> None:
    sentinel(customer)
    press_by_hand(customer, "unknown:x")
    customer.sees(STALE)
    sentinel(customer)
    journal = customer.system.sandbox.journal
    asked = {e["update"]["callback_query"]["id"] for e in journal() if _presses(e, customer)}
    assert asked

    def answered() -> set[str]:
        return {e["params"]["callback_query_id"] for e in journal() if e.get("method") == "answerCallbackQuery"}

    wait_until(lambda: asked <= answered(), what="each press to be acknowledged")  # which nothing waits for


def _presses(entry: dict[str, object], person: Person) -> bool:
    return entry["kind"] == "update" and entry.get("chat_id") == person.id and "callback_query" in str(entry["update"])
