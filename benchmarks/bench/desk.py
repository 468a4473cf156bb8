"""Benchmark 7: from a customer's words to the operator's chat, and a thousand who wait shared out to a hundred."""

import time
from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import insert

from benchmarks.bench.figures import Figure, at_most, percentile
from benchmarks.bench.load import new_people
from benchmarks.bench.site import installation, prepared
from benchmarks.bench.stage import Stage
from benchmarks.installation import MODERATOR, SECOND_MODERATOR
from config import load_settings
from database.db import Database
from database.models import Availability, Conversation, ConversationState, Operator, RoleGrant, User
from sandbox.client import SandboxClient
from services.access import Role
from services.desk.desk import Desk
from services.desk.offering import assign
from services.turn import Tools
from services.wiring import LOCALES, make_database
from services.wiring_running import make_running, make_sheet
from utils.i18n import Catalogues

_NO_MODEL = "http://127.0.0.1:9"
_RATE = 20  # messages a second
_CHATS = 6  # under way at two operators
_JOINED = "С вами теперь человек"
_WAITING, _OPERATORS, _EACH = 1000, 100, 10


class _Nobody:
    """Whom nothing wakes."""

    def delivery(self, delay: float = 0.0) -> None:
        """Send nothing."""


def run(stage: Stage) -> list[Figure]:
    """Measure the relay through all processes, and one round of assignment on PostgreSQL."""
    with installation(stage, _NO_MODEL) as system:
        people = _serve(system.sandbox)
        _talk(system.sandbox, people, 40)  # connections and statements are made
        waits = _talk(system.sandbox, people, stage.scale(400, 200))
    with prepared(stage, _NO_MODEL) as system:
        settings = load_settings(system.environment)
        database = make_database(settings)
        _fill(database)
        # Nobody is woken or shown anything: that comes after the round that is measured.
        words, running = Catalogues.load(LOCALES), make_running(settings, database)
        tools = Tools(words, running, cast("Any", _Nobody()), cast("Any", None), make_sheet(settings, words))
        started = time.perf_counter()
        with database.unit_of_work() as uow:
            offered = assign(Desk(uow, tools))
        seconds = time.perf_counter() - started
        database.engine.dispose()
    if offered != _WAITING:
        raise RuntimeError(f"{offered} of {_WAITING} were offered")
    return [
        Figure(f"customer → operator at {_RATE}/s, p50", percentile(waits, 50) * 1000, "ms"),
        Figure(f"customer → operator at {_RATE}/s, p95", percentile(waits, 95) * 1000, "ms", at_most(150)),
        Figure(f"{_WAITING:,} who wait offered to {_OPERATORS} operators", seconds, "s", at_most(2)),
    ]


def _serve(sandbox: SandboxClient) -> list[int]:
    """Let customers ask for a person and two operators take them; returns the customers."""
    people = new_people(_CHATS)
    for operator in (MODERATOR, SECOND_MODERATOR):
        sandbox.send(operator, text="/start")
        sandbox.send(operator, text="/online")
    for person in people:
        sandbox.send(person, text="/help")
        sandbox.wait_for(person, lambda message: message["from"] == "bot", wait=30)
    for place in range(_CHATS):
        sandbox.send((MODERATOR, SECOND_MODERATOR)[place % 2], text="/next")
    for person in people:
        sandbox.wait_for(person, lambda message: _JOINED in message.get("text", ""), wait=30)
    return people


def _talk(sandbox: SandboxClient, people: list[int], number: int) -> list[float]:
    """Let the customers write in turn; returns in how many seconds each message reached its operator."""
    said, started = [f"message {uuid4().hex}" for _ in range(number)], time.perf_counter()
    for place, text in enumerate(said):
        if (ahead := started + place / _RATE - time.perf_counter()) > 0:
            time.sleep(ahead)
        sandbox.send(people[place % len(people)], text=text)
    operators, deadline = (MODERATOR, SECOND_MODERATOR), time.monotonic() + 30
    while True:
        reached = {text: at for operator in operators for text, at in _messages(sandbox, operator, said)}
        if len(reached) == number or time.monotonic() > deadline:
            break
        time.sleep(0.2)
    written = {text: at for person in people for text, at in _messages(sandbox, person, said)}
    return [reached.get(text, float("inf")) - written[text] for text in said]


def _messages(sandbox: SandboxClient, chat: int, said: list[str]) -> list[tuple[str, float]]:
    """Return which of these words stand in a chat, and since when."""
    wanted, found = set(said), []
    for message in sandbox.chat(chat)["messages"]:
        text = message.get("text", "").rpartition("\n")[2]
        if text in wanted:
            found.append((text, float(message["at"])))
    return found


def _fill(database: Database) -> None:
    """Let a thousand wait, one a second longer than the next, and a hundred be there."""
    with database.unit_of_work() as uow:
        bot, now = database.bot_id, uow.now()
        customers = [(uuid4(), person) for person in new_people(_WAITING)]
        operators = new_people(_OPERATORS)
        uow.session.execute(
            insert(User), [{"id": key, "bot_id": bot, "telegram_id": person} for key, person in customers]
        )
        waiting = [
            {
                "bot_id": bot,
                "user_id": key,
                "chat_id": person,
                "state": ConversationState.QUEUED,
                "queued_at": now - timedelta(seconds=place),
            }
            for place, (key, person) in enumerate(customers)
        ]
        uow.session.execute(insert(Conversation), waiting)
        grants = [{"bot_id": bot, "telegram_id": person, "role": Role.MODERATOR} for person in operators]
        uow.session.execute(insert(RoleGrant), grants)
        there = {"bot_id": bot, "availability": Availability.ONLINE, "chats": _EACH, "languages": [], "skills": []}
        uow.session.execute(insert(Operator), [{**there, "telegram_id": person} for person in operators])
