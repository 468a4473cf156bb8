"""Whatever dies, nothing is lost and nothing is said twice."""

from collections.abc import Iterator

import pytest
import redis
from sqlalchemy import func, select, text

from database.models import Author, Delivery, InboxRow, Message
from tests.e2e.acts import answered_once_after_a_kill, answered_unswept
from tests.e2e.own import FACT, QUESTION, Model, Place, own_model, own_place
from tests.system import ADMIN, wait_until

pytestmark = pytest.mark.e2e

_UNKNOWN = "bot_unknown_sends_total"


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    """Run a model whose latency makes answers last."""
    with own_model() as running:
        yield running


@pytest.fixture(scope="module")
def installation(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Run an installation on PostgreSQL whose parts are killed."""
    settings = {"LEASE_SECONDS": "3", "DEBOUNCE_SECONDS": "1", **model.settings}
    with own_place(tmp_path_factory.mktemp("kills"), "postgresql", settings) as place:
        yield place


@pytest.fixture
def place(installation: Place, model: Model) -> Iterator[Place]:
    """Return the installation, whole again after the test before."""
    yield installation
    model.plan()
    installation.mend()


def test_a_worker_killed_in_the_middle_of_an_answer(place: Place, model: Model) -> None:
    answered_once_after_a_kill(place, model)


def test_a_worker_killed_while_telegram_takes_a_message(place: Place) -> None:
    customer, unknown = place.person(), place.metric(_UNKNOWN)
    place.catch_sending(customer)
    place.system.kill("worker")
    place.system.start("worker")
    customer.sees(FACT)
    customer.sees(FACT)  # the sandbox went on after the kill: only Telegram knows whether a message arrived
    place.wait_quiet()
    assert len(customer.texts()) == 2
    assert place.metric(_UNKNOWN) == unknown + 1


def test_a_worker_that_starts_while_telegram_is_away(place: Place) -> None:
    customer = place.person()
    place.system.kill("worker")
    place.system.sandbox.faults({"kind": "status", "status": 502, "times": 12})
    place.system.start("worker")
    customer.says(QUESTION)
    customer.sees(FACT)


def test_a_worker_that_is_asked_to_end_finishes_what_it_sends(place: Place) -> None:
    customer, printed = place.person(), len(place.system.output("worker"))
    place.catch_sending(customer)
    place.system.stop("worker")
    assert len(customer.texts()) == 1
    with place.database.reading() as uow:
        states = select(Message.state).where(Message.chat_id == customer.id, Message.author == Author.AI)
        assert uow.session.scalars(states).one() == Delivery.SENT
    assert "Traceback" not in place.system.output("worker")[printed:]


def test_a_front_killed_before_it_committed(place: Place) -> None:
    customer = place.person()
    with place.database.engine.connect() as holder:
        holder.execute(text("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE"))
        customer.says(QUESTION)
        # As one who writes: the worker, which looks into the table now and then, waits as one who reads.
        locks = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        waiting = text(locks + " AND relation = 'inbox'::regclass AND mode = 'RowExclusiveLock'")
        wait_until(lambda: holder.execute(waiting).scalar_one(), what="an update that is given but not committed")
        place.system.kill("bot")
    place.system.start("bot")
    customer.sees(FACT)
    place.wait_quiet()
    assert len(customer.texts()) == 1
    given = [line for line in place.system.sandbox.journal() if line["kind"] == "update"]
    assert len([line for line in given if line["chat_id"] == customer.id]) == 2
    with place.database.reading() as uow:
        assert uow.session.scalar(select(func.count()).where(InboxRow.chat_id == customer.id)) == 1


def test_a_wiped_redis(place: Place) -> None:
    first, second = place.person(), place.person()
    place.system.kill("worker")
    first.says(QUESTION)
    wait_until(lambda: _accepted(place, first.id), what="the update's row")
    with redis.Redis.from_url(place.redis.url) as client:
        client.flushall()
        place.system.start("worker")
        first.sees(FACT, wait=60)
        client.flushall()  # now under a worker and a front that have declared their queues
    second.says(QUESTION)
    second.sees(FACT, wait=60)
    place.wait_quiet()
    assert len(first.texts()) == len(second.texts()) == 1


def test_wake_ups_arrive_again_after_redis_was_wiped(place: Place) -> None:
    with redis.Redis.from_url(place.redis.url) as client:
        client.flushall()
    first, second = place.person(), place.person()
    first.says(QUESTION)
    first.sees(FACT, wait=60)
    wait_until(lambda: answered_unswept(place, second), 60, "an answer that the wake-ups alone brought")


def test_redis_is_away_for_a_while(place: Place) -> None:
    customer, admin = place.person(), place.person(ADMIN)
    place.redis.stop()
    try:
        customer.says(QUESTION)
        admin.says("/admin")
        wait_until(lambda: _accepted(place, customer.id) and _accepted(place, ADMIN), what="rows without Redis")
    finally:
        place.redis.start()
    customer.sees(FACT, wait=60)
    admin.sees("Сейчас это не получится", wait=60)
    place.wait_quiet()
    assert len(customer.texts()) == 1


def test_postgresql_restarts_in_the_middle_of_answers(place: Place, model: Model) -> None:
    customers = [place.person() for _ in range(5)]
    model.plan(latency=1)
    for customer in customers:
        customer.says(QUESTION)
    model.wait_asked(QUESTION)
    place.stop_postgres()
    late = place.person()
    late.says(QUESTION)
    place.start_postgres()
    for customer in (*customers, late):
        customer.sees(FACT, wait=60)
    place.wait_quiet()
    assert [len(customer.texts()) for customer in (*customers, late)] == [1] * 6


def test_two_workers_give_each_customer_one_answer(place: Place, model: Model) -> None:
    customers = [place.person() for _ in range(20)]
    place.system.start("worker2", LOG_DIR=str(place.system.folder / "logs2"))
    try:
        wait_until(lambda: "ready." in place.system.output("worker2"), what="the second worker")
        for customer in customers:
            customer.says(QUESTION)
            customer.says(f"Во-вторых, {customer.id}.")
            customer.says(f"В-третьих, {customer.id}.")
        for customer in customers:
            customer.sees(FACT)
        place.wait_quiet()
    finally:
        place.system.stop("worker2")
    assert [len(customer.texts()) for customer in customers] == [1] * 20
    for customer in customers:
        [asked] = model.requests(f"Во-вторых, {customer.id}.")
        question = str(asked["messages"][-1]["content"])
        places = [question.index(part) for part in (QUESTION, f"Во-вторых, {customer.id}", f"В-третьих, {customer.id}")]
        assert places == sorted(places)


def _accepted(place: Place, chat_id: int) -> bool:
    with place.database.reading() as uow:
        return chat_id in uow.inbox.waiting_chats(1000)
