"""Reads the sandbox's journal as it grows: messages that took effect, and updates that were given out."""

from collections.abc import Iterator
from typing import Any

from benchmarks.chaos.ledger import Told
from benchmarks.chaos.replies import Slots
from sandbox.client import SandboxClient

Line = dict[str, Any]


class JournalReader:
    """Keeps all lines; a call that is still under way is looked at again until it ends."""

    def __init__(self, client: SandboxClient, slots: Slots) -> None:
        self._client = client
        self._slots = slots
        self._waiting: set[int] = set()
        self._last = 0
        self.lines: dict[int, Line] = {}
        self.given_out: dict[int, int] = {}  # update → the line on which it was given out first

    def news(self) -> Iterator[Told]:
        """Yield the messages that reached a chat since the last look, in the order of their calls."""
        after = min(self._waiting, default=self._last + 1) - 1
        for line in self._client.journal(after):
            n = line["n"]
            if n > self._last or n in self._waiting:
                self._last = max(self._last, n)
                yield from self._read(n, line)

    def around(self, n: int, chat: int, lines: int = 12) -> list[str]:
        """Return the lines of a chat before and after a place, in words."""
        numbers = sorted(n for n, line in self.lines.items() if line.get("chat_id") == chat)
        place = sum(number < n for number in numbers)
        return [self._said(self.lines[number]) for number in numbers[max(0, place - lines) : place + lines]]

    def _read(self, n: int, line: Line) -> Iterator[Told]:
        self._waiting.discard(n)
        if line["kind"] == "update":
            self.given_out.setdefault(line["update_id"], n)
            self.lines[n] = line
            return
        if line.get("method") != "sendMessage":
            return
        self.lines[n] = line
        if line["effect"]:
            text = str(line["params"]["text"])
            yield Told(n, line["at"], int(line["params"]["chat_id"]), self._slots.of(text), text)
        elif line["answered"] == "pending":
            self._waiting.add(n)

    def _said(self, line: Line) -> str:
        if line["kind"] == "update":
            return f"{line['at']:.2f} #{line['n']} update {line['update_id']} given out: {_words(line['update'])}"
        marks = [f"fault {line['fault']}"] if line.get("fault") else []
        marks += [] if line["effect"] else ["no effect"]
        marks += [] if line["answered"] == "yes" else ["not answered"]
        text = str(line["params"]["text"]).replace("\n", " ")
        return f"{line['at']:.2f} #{line['n']} told: {text[:90]!r} {', '.join(marks)}"


def _words(update: Line) -> str:
    query = update.get("callback_query")
    return str(query["data"] if query else update.get("message", {}).get("text", "something else"))
