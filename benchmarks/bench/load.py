"""People who ask, at a steady rate or all at once, and how long each of them waited, by the sandbox's own clock."""

import asyncio
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import count

import aiohttp

from sandbox.client import SandboxClient

QUESTION = "Сколько стоит обслуживание карты «Маяк»?"
_CONNECTIONS = 100
_LOOK = 0.2  # seconds between looks at the journal: one cheap call, where a call for each person would be load itself
_people = count(1_000_000)


def ask(sandbox: SandboxClient, rate: float, number: int, wait: float = 20.0) -> list[float]:
    """Let `number` new people ask at `rate` a second (0: all at once); returns each one's wait in seconds.

    Who was not answered within `wait` seconds of the last question counts as having waited for ever.
    """
    people = new_people(number)
    journal = Journal(sandbox)
    send(sandbox.address, people, rate)
    journal.wait_for(people, wait)
    return [_waited(sandbox, person) for person in people]


def flood(sandbox: SandboxClient, number: int, at_once: int = 60) -> None:
    """Let `number` new people ask, `at_once` at a time; raises TimeoutError when some are not answered."""
    journal = Journal(sandbox)
    for start in range(0, number, at_once):
        people = new_people(min(at_once, number - start))
        send(sandbox.address, people, 0)
        if missing := journal.wait_for(people, 60):
            raise TimeoutError(f"{len(missing)} questions were not answered")


def new_people(number: int) -> list[int]:
    """Return people who never spoke to the bot."""
    return [next(_people) for _ in range(number)]


def send(address: str, people: Sequence[int], rate: float, text: str = QUESTION) -> None:
    """Let each of these people write, at `rate` a second (0: all at once)."""
    asyncio.run(_send(address, people, rate, text))


async def _send(address: str, people: Sequence[int], rate: float, text: str) -> None:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=_CONNECTIONS)) as client:
        started = time.perf_counter()
        sending = []
        for place, person in enumerate(people):
            if rate and (ahead := started + place / rate - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            sending.append(asyncio.create_task(_write(client, f"{address}/control/users/{person}/send", text)))
        await asyncio.gather(*sending)


async def _write(client: aiohttp.ClientSession, url: str, text: str) -> None:
    async with client.post(url, json={"text": text}) as response:
        response.raise_for_status()


@dataclass
class Sends:
    """Calls of sendMessage: when each one had its effect (Unix time) and in which chat; how many were refused."""

    delivered: list[tuple[int, float]] = field(default_factory=list)
    refused: int = 0


class Journal:
    """What the bot sent since this was made, read piece by piece."""

    def __init__(self, sandbox: SandboxClient) -> None:
        self._sandbox = sandbox
        self._seen = max((line["n"] for line in sandbox.journal()), default=0)
        self.sends = Sends()

    def read(self) -> None:
        """Take in what is new."""
        for line in self._sandbox.journal(self._seen):
            if line.get("method") == "sendMessage":
                if line["answered"] == "pending":
                    return  # it is read again, with all behind it, once it has ended
                if line["effect"]:
                    self.sends.delivered.append((line["chat_id"], line["at"]))
                self.sends.refused += line.get("status") == 429
            self._seen = line["n"]

    def wait_for(self, people: Collection[int], seconds: float) -> set[int]:
        """Wait until all of these people were sent something; returns those who were not in time."""
        deadline = time.monotonic() + seconds
        while True:
            self.read()
            missing = set(people) - {chat_id for chat_id, _ in self.sends.delivered}
            if not missing or time.monotonic() > deadline:
                return missing
            time.sleep(_LOOK)


def _waited(sandbox: SandboxClient, person: int) -> float:
    messages = sandbox.chat(person)["messages"]
    answered = next((message["at"] for message in messages if message["from"] == "bot"), float("inf"))
    return float(answered - messages[0]["at"])
