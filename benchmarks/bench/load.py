"""People who ask at a steady rate, and how long each of them waited, by the sandbox's own clock."""

import asyncio
import time
from collections.abc import Sequence
from itertools import count

import httpx

from sandbox.client import SandboxClient

QUESTION = "Сколько стоит обслуживание карты «Маяк»?"
_people = count(1_000_000)


def ask(sandbox: SandboxClient, rate: float, number: int, wait: float = 20.0) -> list[float]:
    """Let `number` new people ask at `rate` a second (0: all at once); returns each one's wait in seconds.

    Who was not answered within `wait` seconds of the last question counts as having waited for ever.
    """
    people = [next(_people) for _ in range(number)]
    asyncio.run(_send(sandbox.address, people, rate))
    deadline = time.monotonic() + wait
    return [_waited(sandbox, person, deadline) for person in people]


async def _send(address: str, people: Sequence[int], rate: float) -> None:
    limits = httpx.Limits(max_connections=100)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=30, trust_env=False) as client:
        started = time.perf_counter()
        sending = []
        for place, person in enumerate(people):
            if rate and (ahead := started + place / rate - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            act = client.post(f"/control/users/{person}/send", json={"text": QUESTION})
            sending.append(asyncio.create_task(act))
        for response in await asyncio.gather(*sending):
            response.raise_for_status()


def _waited(sandbox: SandboxClient, person: int, deadline: float) -> float:
    messages = sandbox.chat(person)["messages"]
    while not any(message["from"] == "bot" for message in messages):
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            return float("inf")
        messages = sandbox.chat(person, messages[-1]["seq"], remaining)["messages"] or messages
    asked = sandbox.chat(person)["messages"][0]["at"]
    answered = next(message["at"] for message in messages if message["from"] == "bot")
    return float(answered - asked)
