"""A bot for the page's tests: it takes updates and answers by HTTP, as a real one does."""

import time
from typing import Any

from sandbox.client import SandboxClient

_LONGEST_WAIT = 30


class FakeBot:
    """Drives the Bot API from a test; `people` acts for the people behind the page's back."""

    def __init__(self, people: SandboxClient) -> None:
        self.people = people
        self._offset = 0

    def update(self, kind: str) -> dict[str, Any]:
        """Take updates until one of a kind comes, and return its body; raise TimeoutError when none does."""
        deadline = time.monotonic() + _LONGEST_WAIT
        while time.monotonic() < deadline:
            for update in self.people.result("getUpdates", offset=self._offset, limit=1, timeout=2):
                self._offset = update["update_id"] + 1
                if kind in update:
                    body: dict[str, Any] = update[kind]
                    return body
        raise TimeoutError(f"no {kind} within {_LONGEST_WAIT} s")

    def say(self, person: int, text: str, **options: Any) -> int:
        """Send HTML to a person; return the message's number."""
        options = {"parse_mode": "HTML", **options}
        return int(self.people.result("sendMessage", chat_id=person, text=text, **options)["message_id"])

    def meet(self, *persons: int) -> None:
        """Let people start the bot, so that it may write to them."""
        for person in persons:
            self.people.send(person, text="/start")
            self.update("message")
