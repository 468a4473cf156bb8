"""What many tests do: register, meet a moderator, press a button meant for somebody else, survive a kill."""

from typing import Any

from config import load_settings
from services.wiring import make_database
from tests.e2e.conftest import Person, make_person
from tests.e2e.own import FACT, QUESTION, Model, Place
from tests.system import System, wait_until

LANGUAGE = "На каком языке вам удобнее?"
CONSENT = "Вы согласны?"
PHONE = "Оставьте, пожалуйста, ваш номер"
PRIVACY = "Что мы о вас храним"
NOT_ALLOWED = "Эта команда только для сотрудников банка."
STALE = "Эта кнопка уже не действует"
TOO_LONG = "Сообщение слишком длинное"
NO_ANSWER = "В справочнике банка ответа на это нет"


def agree(person: Person) -> None:
    """Start, choose the first language offered and give consent."""
    person.says("/start")
    person.presses(person.sees(LANGUAGE))
    person.presses(person.sees(CONSENT))
    person.sees(PHONE)


def register(person: Person) -> None:
    """Go all the way, with the person's own card."""
    agree(person)
    person.does(contact="self")
    person.sees("номер подтверждён")


def sentinel(person: Person) -> None:
    """Wait until everything that the person did before was worked on, and its replies are in the chat.

    Whatever stood in the chat before is then written down too, with the number that a reply to it names: what is said
    in a chat waits for that.
    """
    person.says("/privacy")
    person.sees(PRIVACY)


def free(moderator: Person) -> None:
    """Let a moderator be known to the bot, and be with nobody, whatever an earlier test left behind."""
    moderator.says("/end")
    sentinel(moderator)


def name(person: Person) -> str:
    """Return the name that others see."""
    return f"Имя{person.id}"


def call(customer: Person, moderator: Person) -> dict[str, Any]:
    """Let a customer ask for a person; returns the moderator's message with the button."""
    free(moderator)
    customer.says("/help")
    customer.sees("Передаём разговор сотруднику")
    return moderator.sees("Клиент ждёт сотрудника", name(customer))


def meet(customer: Person, moderator: Person) -> None:
    """Let a customer ask for a person, and a moderator take the chat."""
    moderator.presses(call(customer, moderator))
    moderator.sees("Вы говорите с клиентом", name(customer))
    customer.sees("С вами теперь человек", name(moderator))


def press_by_hand(person: Person, data: str) -> None:
    """Press a button that the bot never gave this person; they have written before."""
    keyboard = {"inline_keyboard": [[{"text": "…", "callback_data": data}]]}
    message_id = person.system.sandbox.write(person.id, "Кнопка", reply_markup=keyboard)
    person.does(button={"message_id": message_id, "data": data})


def may_broadcast(person: Person) -> bool:
    """Ask to write a broadcast; returns whether the person's role is known and allows that."""
    person.says("/broadcast")
    return "Пришлите сообщение таким" in person.sees()["text"]


def let_everybody_go(system: System) -> None:
    """Let those leave who still wait for a person from earlier tests; they would be offered to the next operator."""
    database = make_database(load_settings(system.environment))

    def waiting() -> list[int]:
        with database.reading() as uow:
            return [conversation.chat_id for conversation, _ in uow.floor.waiting()]

    try:
        for chat_id in waiting():
            make_person(system, chat_id).says("/end")
        wait_until(lambda: not waiting(), what="nobody to wait for a person")
    finally:
        database.engine.dispose()


def answered_unswept(place: Place, person: Person) -> bool:
    """Let a person ask; returns whether wake-ups alone brought the answer.

    Without wake-ups the sweep brings every answer. With them it brings one that a busy machine takes seconds over.
    """
    swept = place.metric("bot_swept_total")
    person.says(QUESTION)
    person.sees(FACT)
    return place.metric("bot_swept_total") == swept


def answered_once_after_a_kill(place: Place, model: Model) -> None:
    """Kill the worker while the model thinks about a question: the next worker answers it, once."""
    customer = place.person()
    question = f"{QUESTION} Это спрашивает {customer.id}."
    model.plan(latency=3)
    customer.says(question)
    model.wait_asked(question)
    place.system.kill("worker")
    model.plan()
    place.system.start("worker")
    customer.sees(FACT)
    place.wait_quiet()
    assert len(customer.texts()) == 1
