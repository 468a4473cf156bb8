"""Delivery: what a batch may do now, and what an attempt's end means for its message."""

import pytest

from database.db import Database
from database.models import Delivery, Priority
from database.queries.delivery import Outcome
from services.delivery import Dispatcher
from services.errors import DeliveryError, OutcomeUnknown, PermanentError, ThrottledError, TransientError
from services.gateways.memory_limiter import MemoryLimiter
from services.limits import Limiter
from services.ports import Outbound
from services.rates import Rates
from services.sending import Parcel, failed, sent
from tests.database.people import message, outgoing, person
from tests.database.threads import let_time_pass
from tests.twins import Away, Clock

LEASE = 20.0
QUICK = Rates(per_second=1000.0, chat_per_second=1000.0)


def dispatcher(database: Database, rates: Rates = QUICK, limiter: Limiter | None = None) -> Dispatcher:
    return Dispatcher(database, limiter or MemoryLimiter(Clock()), rates, LEASE)


def said(database: Database, chat_id: int, text: str = "Hello", priority: Priority = Priority.REPLY) -> int:
    """Write a message to send, and return its number."""
    return outgoing(database, chat_id, Outbound(html=text).model_dump_json(), priority)


def parcel(*, priority: Priority = Priority.REPLY, attempt: int = 1, resends: int = 0, failures: int = 0) -> Parcel:
    return Parcel(7, attempt, 1, Outbound(html="Hello"), priority, resends, failures, None)


AWAY = TransientError("unavailable")
REPLY, BROADCAST, RESENT = parcel(), parcel(priority=Priority.BROADCAST), parcel(attempt=2, resends=1)


@pytest.mark.parametrize(
    ("of", "error", "outcome"),
    [
        (REPLY, PermanentError("blocked"), Outcome(7, 1, Delivery.FAILED, reason="blocked")),
        (BROADCAST, PermanentError("bad_request"), Outcome(7, 1, Delivery.FAILED, reason="bad_request")),
        (REPLY, OutcomeUnknown("timeout"), Outcome(7, 1, Delivery.PENDING, None, "unknown", 1.0, resend=True)),
        (RESENT, OutcomeUnknown("timeout"), Outcome(7, 2, Delivery.UNKNOWN, None, "unknown", 1.0)),
        (BROADCAST, OutcomeUnknown("timeout"), Outcome(7, 1, Delivery.UNKNOWN, None, "unknown", 1.0)),
        (REPLY, ThrottledError(9.0), Outcome(7, 1, Delivery.PENDING, None, "throttled", 9.0)),
        (REPLY, AWAY, Outcome(7, 1, Delivery.PENDING, None, "unavailable", 2.0, failures=1)),
        (parcel(attempt=4), AWAY, Outcome(7, 4, Delivery.PENDING, None, "unavailable", 16.0, failures=1)),
        (parcel(attempt=99), AWAY, Outcome(7, 99, Delivery.PENDING, None, "unavailable", 30, failures=1)),
    ],
)
def test_the_class_of_the_error_decides(of: Parcel, error: DeliveryError, outcome: Outcome) -> None:
    assert failed(of, error).outcome == outcome


@pytest.mark.parametrize(("since_sent", "most"), [(5.0, 12), (61.0, 12 * 240)])
def test_what_never_works_ends_sooner_when_others_get_through(since_sent: float, most: int) -> None:
    failures = attempts = 0
    while (outcome := failed(parcel(failures=failures), AWAY, since_sent).outcome).state == Delivery.PENDING:
        failures, attempts = outcome.failures, attempts + 1
    assert (outcome.state, attempts + 1) == (Delivery.DEAD, most)


def test_being_throttled_is_no_failure() -> None:
    assert failed(parcel(failures=5), ThrottledError(1.0), 0.0).outcome.failures == 5


def test_what_arrived_keeps_its_number() -> None:
    assert sent(REPLY, 55).outcome == Outcome(7, 1, Delivery.SENT, 55)


def test_a_message_is_marked_before_it_is_handed_out(database: Database) -> None:
    message_id = said(database, 1, "<b>Hello</b>")
    [taken] = dispatcher(database).take(10).parcels
    assert (taken.message_id, taken.attempt, taken.chat_id, taken.message.html) == (message_id, 1, 1, "<b>Hello</b>")
    marked = message(database, message_id)
    assert (marked.state, marked.attempt) == (Delivery.SENDING, 1)
    assert marked.lease_until is not None
    assert dispatcher(database).take(10).parcels == ()


def test_no_more_is_taken_than_there_is_room(database: Database) -> None:
    for chat_id in range(1, 6):
        said(database, chat_id)
    postman = dispatcher(database)
    assert [len(postman.take(room).parcels) for room in (2, 1)] == [2, 1]


def _broadcast_to(database: Database, *chats: int) -> None:
    with database.unit_of_work() as uow:
        for chat_id in chats:
            uow.users.consent(person(uow, chat_id), "1", "en")
        uow.session.flush()
        broadcast = uow.broadcasts.draft(9, Outbound(html="News").model_dump_json())
        uow.session.flush()
        broadcast.started_at = uow.now()
        uow.broadcasts.freeze(broadcast, 100)
        uow.broadcasts.feed(broadcast.id, 10)


@pytest.mark.parametrize("paid", [False, True])
def test_broadcasts_alone_are_paid_for_and_only_where_somebody_said_so(database: Database, *, paid: bool) -> None:
    _broadcast_to(database, 1)
    said(database, 2)
    postman = dispatcher(database, Rates(per_second=1000.0, chat_per_second=1000.0, paid=paid))
    assert {one.chat_id: one.message.paid for one in postman.take(10).parcels} == {1: paid, 2: False}


def test_a_broadcast_is_sent_with_the_body_that_all_its_copies_share(database: Database) -> None:
    _broadcast_to(database, 1, 2)
    clock = Clock()
    postman = dispatcher(database, limiter=MemoryLimiter(clock))
    first = postman.take(10).parcels
    clock.now += 1
    parcels = first + postman.take(10).parcels
    assert [(one.chat_id, one.message.html, one.priority) for one in parcels] == [
        (1, "News", Priority.BROADCAST),
        (2, "News", Priority.BROADCAST),
    ]


def test_a_chat_over_its_rate_is_put_off_alone(database: Database) -> None:
    postman = dispatcher(database, Rates(per_second=1000.0, chat_per_second=0.01, chat_burst=2))
    for text in "abc":
        said(database, 1, text)
    for _ in range(2):
        [taken] = postman.take(1).parcels
        postman.settle([sent(taken, 1)])
    other = said(database, 2)
    batch = postman.take(10)
    assert [one.message_id for one in batch.parcels] == [other]
    assert batch.pause == 0.0, "others need not wait"
    [delay] = batch.delays
    wait = postman.next_in(600.0)
    assert wait is not None
    assert 60.0 < wait <= delay <= 100.0


def test_the_bot_over_its_rate_waits_as_a_whole_and_nothing_is_put_off(database: Database) -> None:
    clock = Clock()
    postman = dispatcher(database, Rates(per_second=0.5), MemoryLimiter(clock))
    ids = [said(database, chat_id) for chat_id in range(1, 6)]
    batch = postman.take(10)
    assert [one.message_id for one in batch.parcels] == ids[:3]
    assert batch.pause == pytest.approx(2.0)
    assert [message(database, held).not_before for held in ids[3:]] == [None, None]
    clock.now += 2.0
    assert [one.message_id for one in postman.take(10).parcels] == ids[3:4]


def test_at_the_limit_a_reply_overtakes_broadcasts(database: Database) -> None:
    postman = dispatcher(database, Rates(per_second=0.5))
    broadcasts = [said(database, chat_id, priority=Priority.BROADCAST) for chat_id in (1, 2)]
    assert [one.message_id for one in postman.take(10).parcels] == broadcasts[:1]
    reply = said(database, 3)
    assert [one.message_id for one in postman.take(10).parcels] == [reply]


def test_after_a_pause_nothing_goes(database: Database) -> None:
    clock = Clock()
    postman = dispatcher(database, limiter=MemoryLimiter(clock))
    said(database, 1)
    postman.pause(5.0)
    batch = postman.take(10)
    assert batch.parcels == ()
    assert batch.pause > 5.0
    clock.now += batch.pause
    assert len(postman.take(10).parcels) == 1


def test_without_the_limiter_nothing_is_marked(database: Database) -> None:
    message_id = said(database, 1)
    with pytest.raises(ConnectionError):
        dispatcher(database, limiter=Away()).take(10)
    assert message(database, message_id).state == Delivery.PENDING


def test_who_blocked_the_bot_is_remembered(database: Database) -> None:
    said(database, 1)
    said(database, 2)
    postman = dispatcher(database)
    taken = postman.take(10).parcels
    postman.settle([failed(taken[0], PermanentError("blocked")), sent(taken[1], 5)])
    with database.reading() as uow:
        blocked = {chat_id: user.blocked_at is not None for chat_id in (1, 2) if (user := uow.users.get(chat_id))}
        assert uow.delivery.counts() == {"failed": 1, "sent": 1}
    assert blocked == {1: True, 2: False}


def test_an_attempt_that_came_back_is_made_again_under_a_new_number(database: Database) -> None:
    message_id = said(database, 1)
    postman = dispatcher(database)
    [first] = postman.take(10).parcels
    postman.settle([failed(first, OutcomeUnknown("timeout"))])
    assert postman.take(10).parcels == ()
    let_time_pass(database)
    [second] = postman.take(10).parcels
    assert (second.message_id, second.attempt, second.resends) == (message_id, 2, 1)
