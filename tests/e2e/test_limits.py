"""Rate limits: a person who is too fast is told once per window; others never notice."""

import re
import time
from collections.abc import Iterator

import pytest

from tests.e2e.acts import PRIVACY
from tests.e2e.own import FACT, QUESTION, Place, own_place

pytestmark = pytest.mark.e2e

TOO_FAST = "Сообщений слишком много"
MESSAGES, COMMANDS = 5, 2


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Run an installation with narrow limits."""
    settings = {"USER_MESSAGES_PER_MINUTE": str(MESSAGES), "USER_COMMANDS_PER_MINUTE": str(COMMANDS)}
    with own_place(tmp_path_factory.mktemp("limits"), "sqlite", settings) as running:
        yield running


def test_one_who_is_too_fast_is_told_once_and_served_again_in_time(place: Place) -> None:
    hasty, calm = place.person(), place.person()
    for number in range(MESSAGES + 4):
        hasty.does(sticker="🙂" * (number + 1))
    told = hasty.sees(TOO_FAST)
    calm.says(QUESTION)
    calm.sees(FACT)
    match = re.search(r"через (\d+) сек", told["text"])
    assert match
    seconds = int(match[1])
    assert 0 < seconds <= 60 / MESSAGES
    time.sleep(seconds)  # what the bot itself asked for
    hasty.says(QUESTION)
    hasty.sees(FACT)
    stickers = ["Стикер дошёл" in text for text in hasty.texts()]
    assert stickers == [True] * MESSAGES + [False] * 2
    assert [TOO_FAST in text for text in hasty.texts()] == [False] * MESSAGES + [True, False]
    assert not [text for text in calm.texts() if TOO_FAST in text]


def test_each_command_has_a_limit_of_its_own(place: Place) -> None:
    person = place.person()
    for _ in range(COMMANDS + 1):
        person.says("/privacy")
    for _ in range(COMMANDS):
        person.sees(PRIVACY)
    person.sees(TOO_FAST)
    person.says("/lang")
    person.sees("На каком языке")
    person.says(QUESTION)
    person.sees(FACT)
