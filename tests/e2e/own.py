"""Installations of one test module's own, whose servers its tests may stop and start, and looks into them."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector
from redis import Redis
from sqlalchemy import func, select

from config import load_settings
from database.db import Database
from database.models import Answer, Conversation
from deploy.servers.postgres import start_postgres
from deploy.servers.redis import start_redis
from sandbox.model.running import running_model
from sandbox.model.settings import ModelSettings
from services.wiring import make_database
from tests.e2e.conftest import Person, make_person
from tests.system import LONGEST_START, System, prepared_system, wait_until

QUESTION = "Сколько стоит обслуживание карты «Маяк»?"
FACT = "99 ₽"  # of the answer to it
SOURCE = "Источник"
PARTS = ("bot", "worker")


class OwnRedis:
    """A Redis that comes back on its port, with its data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server = start_redis(folder)
        self.url = self._server.url

    def stop(self) -> None:
        """Stop it."""
        self._server.stop()

    def start(self) -> None:
        """Start it again."""
        self._server = start_redis(self.folder, port=self._server.port)

    def forget(self, pattern: str) -> None:
        """Delete keys, as if their time were over."""
        with Redis.from_url(self.url) as redis:
            redis.delete(*redis.keys(pattern))


class OwnPostgres:
    """A PostgreSQL that comes back on its socket, with its data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server = start_postgres(folder)
        self.url = self._server.create_database("bot")

    def stop(self) -> None:
        """Stop it."""
        self._server.stop()

    def start(self) -> None:
        """Start it again."""
        self._server = start_postgres(self.folder)


class Model:
    """The sandbox's model server, through its control API."""

    def __init__(self, address: str) -> None:
        self._http = httpx.Client(base_url=address, trust_env=False, timeout=60)
        self.settings = {"OPENAI_API_KEY": "sandbox", "OPENAI_BASE_URL": f"{address}/v1"}

    def plan(self, **plan: Any) -> None:
        """Set latency and faults; nothing named is nothing wrong."""
        self._http.put("/control/model", json=plan).raise_for_status()

    def requests(self, text: str = "", outcome: str = "") -> list[dict[str, Any]]:
        """Return the requests of the journal that hold a text and ended, or not, in this way."""
        requests: list[dict[str, Any]] = self._http.get("/control/model/journal").json()["requests"]
        return [
            request for request in requests if text in str(request["messages"]) and outcome in ("", request["outcome"])
        ]

    def wait_asked(self, text: str, times: int = 1) -> None:
        """Wait until the model was asked about a text and has not answered yet."""
        wait_until(lambda: len(self.requests(text, "pending")) >= times, what="a question to the model")

    def close(self) -> None:
        """End the connection."""
        self._http.close()


@dataclass
class Place:
    """An installation with its servers; `mend` brings back whatever a test broke."""

    system: System
    redis: OwnRedis
    postgres: OwnPostgres | None
    database: Database

    def person(self, number: int | None = None) -> Person:
        """Return a person, without a number one that nobody has been yet."""
        return make_person(self.system, number)

    def stop_postgres(self) -> None:
        """Take the database away."""
        assert self.postgres is not None
        self.postgres.stop()

    def start_postgres(self) -> None:
        """Give the database back."""
        assert self.postgres is not None
        self.postgres.start()
        self.database.engine.dispose()  # our own connections to the one before

    def metric(self, name: str, /, **labels: str) -> float:
        """Return the sum of a metric's samples over all processes, dead ones too."""
        registry = CollectorRegistry()
        MultiProcessCollector(registry, self.system.environment["PROMETHEUS_MULTIPROC_DIR"])  # type: ignore[no-untyped-call] # has no types
        samples = [sample for family in registry.collect() for sample in family.samples]
        return sum(s.value for s in samples if s.name == name and labels.items() <= s.labels.items())

    def wait_quiet(self, wait: float = 60) -> None:
        """Wait until every row is where it stays: nothing more will be said by itself."""
        wait_until(lambda: not self._open(), wait, "rows that nobody works on any more")

    def catch_sending(self, person: Person) -> None:
        """Let a person ask; returns while the answer is on its way to Telegram, which takes its time."""
        before = len(self.system.sandbox.journal())
        slow = {"method": "sendMessage", "chat_id": person.id, "kind": "delay", "seconds": 1.5, "times": 1}
        self.system.sandbox.faults(slow)
        person.says(QUESTION)
        sending = {"method": "sendMessage", "chat_id": person.id, "answered": "pending"}
        wait_until(lambda: any(sending.items() <= line.items() for line in self.system.sandbox.journal(before)))

    def answers(self, person: Person) -> list[Answer]:
        """Return the record of how a person's questions were answered, in their order."""
        with self.database.reading() as uow:
            statement = select(Answer).join(Conversation, Conversation.id == Answer.conversation_id)
            return list(uow.session.scalars(statement.where(Conversation.chat_id == person.id).order_by(Answer.id)))

    def mend(self) -> None:
        """Take faults away and start what is not running."""
        self.system.sandbox.faults()
        for part in PARTS:
            if part not in self.system.parts:
                self.system.start(part)

    def _open(self) -> int:
        with self.database.reading() as uow:
            waiting = sum(queue.waiting for queue in uow.backlog.all() if queue.queue not in ("people", "dead"))
            asked = select(func.count()).where(Conversation.answer_due_at.is_not(None))
            return waiting + int(uow.session.execute(asked).scalar_one())


@contextmanager
def own_place(folder: Path, database: str, extra: Mapping[str, str], parts: Sequence[str] = PARTS) -> Iterator[Place]:
    """Run an installation on "sqlite" or "postgresql" with these settings on top, and servers of its own."""
    with ExitStack() as stack:
        redis = OwnRedis(folder / "redis")
        stack.callback(redis.stop)
        postgres = None
        url = f"sqlite:///{folder / 'bot.db'}"
        if database == "postgresql":
            # Outside pytest's folders, which root's PostgreSQL (run by `nobody`) may not pass through.
            home = Path(tempfile.mkdtemp(prefix="bot-postgres-"))
            stack.callback(shutil.rmtree, home)
            postgres = OwnPostgres(home)
            stack.callback(postgres.stop)
            url = postgres.url
        system = stack.enter_context(prepared_system(folder, url, redis.url, extra))
        for part in parts:
            system.start(part)
        if "worker" in parts:
            wait_until(lambda: "ready." in system.output("worker"), LONGEST_START, "the worker")
        rows = make_database(load_settings(system.environment))
        stack.callback(rows.engine.dispose)
        yield Place(system, redis, postgres, rows)


@contextmanager
def own_model() -> Iterator[Model]:
    """Run a model server."""
    with running_model(ModelSettings(port=0)) as address:
        model = Model(address)
        try:
            yield model
        finally:
            model.close()
