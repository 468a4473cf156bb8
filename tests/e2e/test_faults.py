"""Telegram at its worst: replies arrive all the same, in the way their fault allows."""

import itertools
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from database.models import Author, Delivery, InboxRow, Message
from tests.e2e.conftest import Person
from tests.e2e.own import FACT, QUESTION, Place, own_place
from tests.system import wait_until

pytestmark = pytest.mark.e2e

_UNKNOWN = "bot_unknown_sends_total"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Run an installation that waits three seconds for Telegram."""
    settings = {"TELEGRAM_TIMEOUT": "3", "LEASE_SECONDS": "5"}
    with own_place(tmp_path_factory.mktemp("faults"), "postgresql", settings) as place:
        yield place


@pytest.fixture
def place(installation: Place) -> Iterator[Place]:
    """Return the installation, without the faults of the test before."""
    yield installation
    installation.mend()


def _spoil(place: Place, person: Person, kind: str, times: int = 1, **rule: object) -> None:
    fault = {"method": "sendMessage", "chat_id": person.id, "kind": kind, "times": times, **rule}
    place.system.sandbox.faults(fault)


def _sends(place: Place, person: Person) -> list[dict[str, object]]:
    calls = [line for line in place.system.sandbox.journal() if line.get("method") == "sendMessage"]
    return [line for line in calls if line["chat_id"] == person.id]


def _reply_row(place: Place, person: Person) -> Message:
    with place.database.reading() as uow:
        statement = select(Message).where(Message.chat_id == person.id, Message.author != Author.CUSTOMER)
        return uow.session.scalars(statement).one()


@pytest.mark.parametrize(
    ("fault", "seen", "unknown"),
    [
        ({"kind": "drop_before"}, 1, 1),  # nobody can tell it from the next one
        ({"kind": "drop_after"}, 2, 1),
        ({"kind": "delay", "seconds": 0.5}, 1, 0),
        ({"kind": "delay", "seconds": 4}, 2, 1),  # longer than TELEGRAM_TIMEOUT: sent, but told too late
        ({"kind": "status", "status": 502, "times": 2}, 1, 0),
        ({"kind": "status", "status": 500}, 1, 0),
        ({"kind": "retry_after", "retry_after": 1, "times": 2}, 1, 0),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else "",
)
def test_a_reply_arrives_whatever_its_first_attempt_meets(
    place: Place, fault: dict[str, object], seen: int, unknown: int
) -> None:
    customer, counted = place.person(), place.metric(_UNKNOWN, resent="yes")
    _spoil(place, customer, **fault)  # type: ignore[arg-type]  # the rule's own fields
    customer.says(QUESTION)
    for _ in range(seen):
        customer.sees(FACT)
    place.wait_quiet()
    assert len(customer.texts()) == seen
    assert place.metric(_UNKNOWN, resent="yes") == counted + unknown
    assert _reply_row(place, customer).state == Delivery.SENT


def test_nobody_is_written_to_before_retry_after_is_over(place: Place) -> None:
    first, second = place.person(), place.person()
    _spoil(place, first, "retry_after", retry_after=3)
    first.says(QUESTION)
    wait_until(lambda: any(send.get("status") == 429 for send in _sends(place, first)), what="Telegram's 429")
    second.says(QUESTION)
    first.sees(FACT)
    second.sees(FACT)
    refused, *later = sorted([*_sends(place, first), *_sends(place, second)], key=lambda send: float(str(send["at"])))
    assert refused["status"] == 429
    assert len(later) == 2
    assert min(float(str(send["at"])) for send in later) >= float(str(refused["at"])) + 3


@pytest.mark.parametrize(("status", "reason", "blocked"), [(403, "blocked", True), (400, "bad_request", False)])
def test_what_will_never_work_is_not_tried_again(place: Place, status: int, reason: str, *, blocked: bool) -> None:
    customer = place.person()
    _spoil(place, customer, "status", status=status)
    customer.says(QUESTION)
    wait_until(lambda: place.answers(customer), what="an answer")
    place.wait_quiet()
    row = _reply_row(place, customer)
    assert (row.state, row.reason, row.attempt) == (Delivery.FAILED, reason, 1)
    assert len(_sends(place, customer)) == 1
    with place.database.reading() as uow:
        user = uow.users.get(customer.id)
    assert user is not None
    assert (user.blocked_at is not None) is blocked
    customer.says(QUESTION)  # and the next reply is a message of its own
    customer.sees(FACT)


def test_one_who_blocks_the_bot_and_comes_back(place: Place) -> None:
    customer = place.person()
    customer.says(QUESTION)
    customer.sees(FACT)
    place.system.sandbox.describe(customer.id, blocked=True)

    def blocked() -> bool:
        with place.database.reading() as uow:
            user = uow.users.get(customer.id)
            return user is not None and user.blocked_at is not None

    wait_until(blocked, what="the block")
    place.system.sandbox.describe(customer.id, blocked=False)
    wait_until(lambda: not blocked(), what="the end of the block")
    customer.says(QUESTION)
    customer.sees(FACT)


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "status", "retry_after"])
def test_updates_that_are_hard_to_get_are_neither_lost_nor_doubled(place: Place, kind: str) -> None:
    customers = [place.person() for _ in range(4)]
    place.system.sandbox.faults(
        {"method": "getUpdates", "kind": kind, "status": 502, "probability": 0.5, "times": 3}, seed=7
    )
    numbers = itertools.cycle(customers)
    for customer in itertools.islice(numbers, 8):  # two each, so that order shows
        customer.says(QUESTION)
    for customer in customers:
        customer.sees(FACT)
    place.wait_quiet()
    with place.database.reading() as uow:
        rows = select(InboxRow.chat_id, func.count()).group_by(InboxRow.chat_id)
        counts = {row[0]: row[1] for row in uow.session.execute(rows)}
    assert [counts[customer.id] for customer in customers] == [2] * 4
    assert all(1 <= len(customer.texts()) <= 2 for customer in customers)
