"""Benchmark 8: the desk with a hundred consoles open: their memory, the relay, and when a message is on a page."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

import aiohttp
from sqlalchemy import insert

from benchmarks.bench.figures import Figure, at_most, percentile
from benchmarks.bench.load import new_people, send
from benchmarks.bench.meter import cpu_ms, resident_mb
from benchmarks.bench.model import running_model
from benchmarks.bench.open_console import OpenConsole, opened
from benchmarks.bench.site import prepared
from benchmarks.bench.sizes import http_ready
from benchmarks.bench.stage import Stage
from benchmarks.installation import TOKEN, System, wait_until
from database.db import Database
from database.engine import make_engine
from database.models import Availability, Conversation, ConversationState, Operator, RoleGrant, Step, User
from database.queries.scope import Vault
from database.types import db_now
from sandbox.client import SandboxClient
from services.access import Role
from utils.encryption import BlindIndex, Keyring

_CONSOLES, _RATE = 100, 20.0
_BOT = int(TOKEN.partition(":")[0])
_SHIFT = 3600.0
_WARM = 60  # messages before those that count: a worker's first ones build its statements
_SETTLING = 3.0  # seconds


@dataclass(frozen=True)
class _Pair:
    """An operator with a page of their own, and the customer whom they serve."""

    operator: int
    customer: int
    token: str


def run(stage: Stage) -> list[Figure]:
    """Open the consoles, then let customers write."""
    with running_model(0) as model, prepared(stage, model) as system:
        people = new_people(2 * _CONSOLES)
        pairs = [
            _Pair(operator, customer, secrets.token_hex(32))
            for operator, customer in zip(people[::2], people[1::2], strict=True)
        ]
        send(system.sandbox.address, people, 0, "/start")
        system.sandbox.result("deleteWebhook", drop_pending_updates=True)  # they are not part of the measurement
        _serve(system, pairs)
        for part in ("worker", "bot", "api"):
            system.start(part)
        wait_until(lambda: http_ready(system), 60, "the HTTP front")
        return asyncio.run(_measure(system, pairs, stage.scale(600, 200)))


async def _measure(system: System, pairs: Sequence[_Pair], number: int) -> list[Figure]:
    api = system.parts["api"].pid
    empty = resident_mb(api)
    consoles = await opened(f"http://127.0.0.1:{system.environment['HTTP_PORT']}", [pair.token for pair in pairs])
    await asyncio.sleep(_SETTLING)  # until every page has shown what there is
    before = cpu_ms(api)
    await asyncio.sleep(5)
    idle = (cpu_ms(api) - before) / 50
    await _write(system.sandbox.address, pairs, _WARM, "warm")
    await asyncio.sleep(_SETTLING)
    await _write(system.sandbox.address, pairs, number, "said")
    await asyncio.sleep(_SETTLING)
    full = resident_mb(api)
    relay, screen = await asyncio.to_thread(_waits, system.sandbox, pairs, consoles, number)
    for console in consoles:
        await console.close()
    title = f"{_CONSOLES} consoles, {_RATE:g} messages/s"
    return [
        Figure(f"memory of the HTTP front with {_CONSOLES} consoles", full, "MB", at_most(400), empty),
        Figure(f"a core's share that {_CONSOLES} consoles use while nothing happens", idle, "%"),
        Figure(f"customer's message → operator's chat, p95, {title}", percentile(relay, 95) * 1000, "ms", at_most(150)),
        Figure(f"operator's chat → page, p95, {title}", percentile(screen, 95) * 1000, "ms", at_most(500)),
    ]


async def _write(address: str, pairs: Sequence[_Pair], number: int, word: str) -> None:
    """Let customers write in turn, each time something of their own."""
    async with aiohttp.ClientSession() as client:
        started = time.perf_counter()
        for place in range(number):
            if (ahead := started + place / _RATE - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            customer = pairs[place % len(pairs)].customer
            url = f"{address}/control/users/{customer}/send"
            async with client.post(url, json={"text": f"{word}-{place}."}) as answer:
                answer.raise_for_status()


def _waits(
    sandbox: SandboxClient, pairs: Sequence[_Pair], consoles: Sequence[OpenConsole], number: int
) -> tuple[list[float], list[float]]:
    """Return how long each message took to the operator's chat, and how long from there to the page."""
    relay, screen = [], []
    for place in range(number):
        pair, console, mark = pairs[place % len(pairs)], consoles[place % len(pairs)], f"said-{place}."
        said, arrived = (_at(sandbox, who, mark) for who in (pair.customer, pair.operator))
        shown = next((at for at, code in console.shown if mark in code), float("inf"))
        relay.append(arrived - said)
        screen.append(max(0.0, shown - arrived))
    return relay, screen


def _at(sandbox: SandboxClient, person: int, mark: str) -> float:
    messages = sandbox.chat(person)["messages"]
    return next((float(message["at"]) for message in messages if mark in (message["text"] or "")), float("inf"))


def _serve(system: System, pairs: Sequence[_Pair]) -> None:
    """Let every operator be online, signed in to the console, and serve their customer."""
    own, now = system.environment, db_now()
    vault = Vault(Keyring([own["ENCRYPTION_KEY"]]), BlindIndex(own["BLIND_INDEX_KEY"]))
    database = Database(make_engine(own["DATABASE_URL"]), _BOT, vault)
    person = {"bot_id": _BOT, "language": "ru", "step": Step.DONE, "consent_version": "benchmark"}
    users = {who: uuid4() for pair in pairs for who in (pair.operator, pair.customer)}
    with database.unit_of_work() as uow:
        uow.session.execute(insert(User), [person | {"id": key, "telegram_id": who} for who, key in users.items()])
        uow.session.add_all(RoleGrant(bot_id=_BOT, telegram_id=pair.operator, role=Role.MODERATOR) for pair in pairs)
        for pair in pairs:
            talk = {"id": uuid4(), "bot_id": _BOT, "chat_id": pair.customer, "user_id": users[pair.customer]}
            talk |= {"state": ConversationState.WITH_OPERATOR, "staff_id": pair.operator}
            uow.session.execute(insert(Conversation).values(talk | {"taken_at": now, "heard_at": now}))
            shift = {"bot_id": _BOT, "id": uuid4(), "telegram_id": pair.operator, "current_id": talk["id"]}
            shift |= {"availability": Availability.ONLINE, "available_at": now, "languages": [], "skills": []}
            uow.session.execute(insert(Operator).values(shift))
            uow.console.open_session(pair.operator, pair.token, _SHIFT)
