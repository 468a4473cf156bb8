"""What is personal stands nowhere but sealed, and cards and codes stand nowhere at all."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from database.models import InboxRow
from services.desk.pins import hashed
from tests.collector import Collector, running_collector
from tests.e2e.acts import agree, register, sentinel
from tests.e2e.canaries import (
    ACCESS,
    CARD,
    CODE,
    CVV,
    PERSONAL,
    PIN,
    SECRET,
    TYPED_CARD,
    Monitor,
    files,
    forms,
    found,
    keys_and_values,
    monitoring,
    opened,
)
from tests.e2e.conftest import Person
from tests.e2e.own import FACT, QUESTION, Model, Place, own_model, own_place
from tests.system import MODERATOR, wait_until

pytestmark = pytest.mark.e2e

_SECRETS = f"Моя карта {TYPED_CARD} cvv {CVV}, код из СМС {CODE}"


class Scene:
    """An installation that hides nothing: debug logs, all spans, every command of Redis."""

    def __init__(self, database: str, folder: Path, stack: ExitStack) -> None:
        self.model: Model = stack.enter_context(own_model())
        self.collector: Collector = stack.enter_context(running_collector())
        settings = {
            "LOG_LEVEL": "DEBUG",
            "OTEL_TRACES_EXPORTER": "otlp",
            "OTEL_EXPORTER_OTLP_ENDPOINT": self.collector.address,
            "OTEL_BSP_SCHEDULE_DELAY": "200",
            "TELEGRAM_TIMEOUT": "2",
            "LEASE_SECONDS": "3",
            **self.model.settings,
        }
        self.place: Place = stack.enter_context(own_place(folder, database, settings))
        self.monitor: Monitor = stack.enter_context(monitoring(self.place.redis.url))
        self.faults = self.place.system.sandbox.faults

    def people(self) -> tuple[Person, Person, Person]:
        """Return a customer, one who will type a phone, and a moderator, with names that are canaries."""
        customer, other, moderator = self.place.person(), self.place.person(), self.place.person(MODERATOR)
        describe = self.place.system.sandbox.describe
        names = {"first_name": PERSONAL["name"], "last_name": PERSONAL["family name"], "username": PERSONAL["username"]}
        describe(customer.id, phone_number=f"+7{PERSONAL['phone']}", **names)
        describe(moderator.id, first_name=PERSONAL["operator"])
        return customer, other, moderator

    def everywhere(self) -> dict[str, bytes]:
        """Return all that was kept, written or sent anywhere but to Telegram."""
        places = files(self.place.system.folder)
        if self.place.postgres:
            with self.place.database.engine.connect() as connection:
                connection.execute(text("CHECKPOINT"))
            places |= files(self.place.postgres.folder)
        places["spans"] = b"\n".join(self.collector.bodies)
        places["Redis's commands"] = self.monitor.heard
        places["Redis"] = keys_and_values(self.place.redis.url)
        return places


@pytest.fixture(params=["sqlite", "postgresql"])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """Run an installation that is searched in the end."""
    with ExitStack() as stack:
        yield Scene(request.param, tmp_path, stack)


def test_canaries_stand_nowhere_in_clear(scene: Scene) -> None:
    customer, other, moderator = scene.people()
    _registrations(customer, other)
    _questions(scene, customer)
    _handover(customer, moderator)
    _sign_in(scene, moderator)
    _broadcast(customer, moderator)
    _trouble(scene, customer)
    scene.place.wait_quiet(120)
    wait_until(lambda: {"bot", "worker"} <= {service for service, _ in scene.collector.sent()}, what="spans of both")
    places = scene.everywhere()
    assert found(PERSONAL | SECRET | ACCESS, places) == []
    _was_searched(scene, places)
    clear = opened(scene.place)
    assert found(SECRET, {"rows": clear, "prompts": repr(scene.model.requests()).encode()}) == []
    assert f"cvv {CVV}" not in clear.decode()
    with scene.place.database.reading() as uow:
        kept = select(func.count()).where(InboxRow.body.is_not(None))
        assert uow.session.execute(kept).scalar_one() == 0


def test_the_search_finds_what_is_there() -> None:
    for name, canary in (PERSONAL | SECRET | ACCESS).items():
        for prefix in ("", "1", "12"):
            packed = max(forms(prefix + canary + "x"), key=len)
            assert found({name: canary}, {"packed": b"." + packed + b"."}) == [f"{name} in packed"]


def _was_searched(scene: Scene, places: dict[str, bytes]) -> None:
    """Hold the search to have seen what it is about: an empty place hides nothing."""
    names = " ".join(places)
    assert "bot.db" in names or "pg_wal" in names
    assert "appendonly" in names
    assert b"inbox.advance" in places["Redis's commands"]
    assert b'"level": "INFO"' in places["logs/worker.log"]
    assert b'"level": ' in places["logs/bot.log"]
    assert b"bot_answers_total" in b"".join(data for name, data in places.items() if name.startswith("metrics/"))
    assert b"an update failed" in places["worker.out"]
    clear = opened(scene.place)
    sealed = {name: text for name, text in PERSONAL.items() if name != "username"}  # nobody needs it
    assert {line.partition(" in ")[0] for line in found(sealed, {"rows": clear})} == set(sealed)


def _registrations(customer: Person, other: Person) -> None:
    register(customer)
    agree(other)
    other.says(f"8 {PERSONAL['typed phone']}")
    other.presses(other.sees("всё верно"))
    other.sees("номер записан")


def _questions(scene: Scene, customer: Person) -> None:
    customer.says(f"{QUESTION} {PERSONAL['question']}")
    customer.sees(FACT)
    scene.model.plan(fault="garbled")
    customer.says(f"{QUESTION} {PERSONAL['question']}. {_SECRETS}")
    customer.sees("Мы скрыли их")
    customer.sees(FACT)
    scene.model.plan()
    customer.says(CARD)
    customer.sees("Мы скрыли их")
    customer.says(f"/{PERSONAL['question']} {PERSONAL['question']}")
    customer.sees("Такой команды у нас нет")


def _handover(customer: Person, moderator: Person) -> None:
    sentinel(moderator)
    customer.says("/help")
    moderator.presses(moderator.sees("Клиент ждёт сотрудника", PERSONAL["name"]))
    customer.sees("С вами теперь человек")
    moderator.says(PERSONAL["operator's words"])
    customer.sees(PERSONAL["operator's words"])
    customer.says(PERSONAL["customer's words"] + " " + _SECRETS)
    moderator.sees(PERSONAL["customer's words"])
    moderator.says(f"Ваш код {CODE}")
    moderator.sees("Мы скрыли их")
    moderator.says("/end")
    customer.sees("Разговор завершён")


def _sign_in(scene: Scene, moderator: Person) -> None:
    for told in ("ПИН не подошёл", "Вы вошли как"):
        moderator.says(f"/operator {PIN}")
        moderator.sees(told)
        with scene.place.database.unit_of_work() as uow:
            uow.operators.ensure(moderator.id).pin_hash = hashed(PIN)


def _broadcast(customer: Person, moderator: Person) -> None:
    moderator.says(f"/broadcast {PERSONAL['broadcast']} {_SECRETS}")
    moderator.presses(moderator.sees(PERSONAL["broadcast"]))
    customer.sees(PERSONAL["broadcast"])
    moderator.sees("Рассылка", "закончена", "Доставлено")


def _trouble(scene: Scene, customer: Person) -> None:
    """Let every part meet an error while it holds a canary."""
    system = scene.place.system
    kinds = ("status", "retry_after", "drop_before")
    scene.faults(*({"method": m, "kind": kind, "times": 1} for m in ("sendMessage", "getUpdates") for kind in kinds))
    customer.says(f"{QUESTION} {PERSONAL['question']}")
    customer.sees(FACT)
    scene.faults({"method": "sendMessage", "kind": "status", "status": 400, "times": 1})
    customer.says(f"{QUESTION} {PERSONAL['question']}")
    scene.place.wait_quiet()
    system.kill("worker")
    scene.place.redis.stop()
    customer.says(f"{QUESTION} {PERSONAL['question']}")
    scene.place.redis.start()
    system.start("worker", ENCRYPTION_KEY="A" * 43 + "=")  # the key is gone, and whatever it meets does not open
    wait_until(lambda: "an update failed" in system.output("worker"), 120, "a failure")
    system.kill("worker")
    system.start("worker")
