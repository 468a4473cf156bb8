"""Fixtures of the tests that drive the whole product: an installation per database, a person per test."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.servers.redis import start_redis
from tests.system import ADMIN, MODERATOR, SECOND_MODERATOR, System, running_system

_numbers = itertools.count(10_001)
_PATIENCE = 60  # seconds for an answer: a part may just start, on a machine that does much else


@dataclass
class Person:
    """Somebody who talks to the bot: says things, and waits for what the bot shows them."""

    system: System
    id: int
    seen: int = 0

    def says(self, text: str) -> int:
        """Send a text; returns its message id."""
        return self.does(text=text)

    def does(self, **act: Any) -> int:
        """Do something else: share a contact, send a file, edit."""
        done = self.system.sandbox.send(self.id, **act)
        return int(done.get("message_id") or 0)

    def sees(self, *parts: str, wait: float = _PATIENCE) -> dict[str, Any]:
        """Wait for the bot's next message that holds all these parts, and return it."""

        def wanted(message: dict[str, Any]) -> bool:
            return message["from"] == "bot" and all(part in (message["text"] or "") for part in parts)

        try:
            message = self.system.sandbox.wait_for(self.id, wanted, self.seen, wait)
        except TimeoutError as error:
            texts = [m["text"] for m in self.system.sandbox.chat(self.id)["messages"]]
            raise AssertionError(f"waited for {parts}, the chat is {texts}") from error
        self.seen = message["seq"]
        return message

    def presses(self, message: dict[str, Any], place: int = 0) -> None:
        """Press a button under a message, counted through its rows."""
        buttons = [button for row in message["reply_markup"]["inline_keyboard"] for button in row]
        self.does(button={"message_id": message["message_id"], "data": buttons[place]["callback_data"]})

    def texts(self, after: int = 0) -> list[str]:
        """Return everything that the bot said, or changed, after a moment."""
        messages = self.system.sandbox.chat(self.id, after)["messages"]
        return [message["text"] for message in messages if message["from"] == "bot"]

    def moment(self) -> int:
        """Return now, for `texts`: counting them would not do, as whatever is changed or deleted becomes the last."""
        return int(self.system.sandbox.chat(self.id)["seq"])


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def system(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Run an installation that all tests of a worker process share."""
    folder: Path = tmp_path_factory.mktemp(f"system-{request.param}")
    if request.param == "sqlite":
        database = f"sqlite:///{folder / 'bot.db'}"
    else:
        database = request.getfixturevalue("postgres_url")
    # A Redis of its own: other tests of the same process look at queues that a worker would empty under their eyes.
    with start_redis(folder, append_only=False) as redis, running_system(folder, database, redis.url) as running:
        yield running


def make_person(system: System, number: int | None = None, language: str = "ru") -> Person:
    """Return a person of a system; without a number one that nobody has been yet."""
    person = Person(system, number or next(_numbers))
    system.sandbox.describe(person.id, language_code=language, first_name=f"Имя{person.id}")
    messages = system.sandbox.chat(person.id)["messages"]
    person.seen = messages[-1]["seq"] if messages else 0
    return person


@pytest.fixture
def customer(system: System) -> Person:
    """Return a new customer who speaks Russian."""
    return make_person(system)


@pytest.fixture
def moderator(system: System) -> Person:
    """Return the moderator."""
    return make_person(system, MODERATOR)


@pytest.fixture
def second_moderator(system: System) -> Person:
    """Return another moderator."""
    return make_person(system, SECOND_MODERATOR)


@pytest.fixture
def admin(system: System) -> Person:
    """Return the administrator."""
    return make_person(system, ADMIN)
