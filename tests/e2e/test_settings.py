"""Settings that an administrator changes in the panel: front and worker take them up, and go back to the default."""

from typing import Any

import pytest

from tests.e2e.conftest import Person, make_person
from tests.system import System, wait_until

pytestmark = pytest.mark.e2e

TOO_FAST = "Сообщений слишком много"
GREETING = "Доброго дня с пристани!"
SOON = 40  # seconds that a busy machine may need; two are promised


def go_back(admin: Person, message: dict[str, Any]) -> None:
    labels = [button["text"] for row in message["reply_markup"]["inline_keyboard"] for button in row]
    admin.presses(message, labels.index("Вернуть по умолчанию"))
    admin.sees("Стоит ")


def was_told(system: System, words: str, *said: str) -> bool:
    """Return whether somebody new is told something after all that they say."""
    person = make_person(system)
    for each in said:
        person.says(each)
        person.sees("")
    return any(words in text for text in person.texts())


def test_the_worker_says_the_banks_own_words_until_they_are_taken_back(system: System, admin: Person) -> None:
    admin.says(f"/admin settings start.hello/ru {GREETING}")
    changed = admin.sees("Изменено", GREETING)
    try:
        wait_until(lambda: was_told(system, GREETING, "/start"), SOON, "the bank's own greeting")
    finally:
        go_back(admin, changed)
    wait_until(lambda: not was_told(system, GREETING, "/start"), SOON, "the catalogue's greeting")


def test_the_front_holds_people_to_a_limit_that_was_just_set(system: System, admin: Person) -> None:
    admin.says("/admin settings USER_COMMANDS_PER_MINUTE много")
    admin.sees("Целое число от 1")
    admin.says("/admin settings USER_COMMANDS_PER_MINUTE 1")
    changed = admin.sees("Изменено", "→ 1")
    try:
        wait_until(lambda: was_told(system, TOO_FAST, "/privacy", "/privacy"), SOON, "the limit")
    finally:
        go_back(admin, changed)
    wait_until(lambda: not was_told(system, TOO_FAST, "/privacy", "/privacy"), SOON, "the limit of before")
