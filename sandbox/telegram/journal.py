"""The journal: every call of the bot and every update given to it, in order."""

import time
from collections import deque
from dataclasses import dataclass, fields
from typing import Any, Literal

import orjson

Answered = Literal["pending", "yes", "no"]


@dataclass(slots=True)
class Entry:
    """One line: a call (`method`, `params` …) or an update given out (`update_id`, `via`).

    `effect` tells whether the call did what it says; `answered` whether the bot was sent an answer; `at` is
    in seconds since 1970.
    """

    n: int
    kind: Literal["call", "update"]
    at: float
    method: str | None = None
    params: dict[str, Any] | None = None
    chat_id: int | None = None
    effect: bool = False
    answered: Answered = "pending"
    status: int | None = None
    description: str | None = None
    fault: str | None = None
    update_id: int | None = None
    update: bytes | None = None
    via: Literal["polling", "webhook"] | None = None

    def view(self) -> dict[str, Any]:
        """Return the line as JSON, without what does not concern it."""
        line = {name: value for name in _NAMES if (value := getattr(self, name)) is not None}
        if self.update is not None:
            line["update"] = orjson.loads(self.update)
        return line


_NAMES = tuple(field.name for field in fields(Entry))


class Journal:
    """The newest entries, at most `size` of them; numbers only grow."""

    def __init__(self, size: int) -> None:
        self._entries: deque[Entry] = deque(maxlen=size)
        self._last = 0

    def call(self, method: str, params: dict[str, Any], chat_id: int | None) -> Entry:
        """Open a line for a call; the caller fills in how it ended."""
        self._last += 1
        entry = Entry(self._last, "call", time.time(), method, params, chat_id)
        self._entries.append(entry)
        return entry

    def update(self, update_id: int, chat_id: int, body: bytes, via: Literal["polling", "webhook"]) -> None:
        """Note that an update was given out (again, when it was not confirmed)."""
        self._last += 1
        entry = Entry(self._last, "update", time.time(), chat_id=chat_id, update_id=update_id, via=via)
        entry.update, entry.answered = body, "yes"
        self._entries.append(entry)

    def after(self, n: int, limit: int | None = None) -> list[dict[str, Any]]:
        """Return the lines with a number above `n`, oldest first."""
        newest: list[Entry] = []
        for entry in reversed(self._entries):
            if entry.n <= n:
                break
            newest.append(entry)
        newest.reverse()
        return [entry.view() for entry in newest[:limit]]

    def clear(self) -> None:
        """Forget all lines; numbers go on."""
        self._entries.clear()
