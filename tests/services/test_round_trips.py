"""What a question costs of Redis: round trips and bytes of messages, as the server itself counts them."""

from collections.abc import Iterator

import pytest
from redis import Redis

from database.db import Database
from deploy.servers.redis import RedisServer
from services.delivery import Dispatcher
from services.gateways.redis_limiter import RedisLimiter
from services.inbox import DatabaseInbox
from services.jobs import Say
from services.queue_service import QUEUES, CeleryWakeups
from services.rates import Rates
from tests.services.bank import Bank
from tests.tasks.test_wakeups import celery
from tests.twins import accepted

PUBLISHED, SENT = 1, 1  # round trips of a wake-up and of asking the limits, however many updates and messages
PAYLOAD = 1000  # bytes of the message that wakes a worker for one chat


@pytest.fixture
def redis(redis_server: RedisServer) -> Iterator[Redis]:
    with Redis.from_url(redis_server.url) as client:
        client.ping()
        yield client


def round_trips(redis: Redis) -> int:
    """Return how often the server has read from a client; a pipeline is read at once, and this call counts itself."""
    return int(redis.info("stats")["total_reads_processed"])


def payload(redis: Redis) -> int:
    """Return the bytes of all messages that wait in the queues."""
    return sum(len(message) for queue in QUEUES for message in redis.lrange(queue, 0, -1))


@pytest.fixture
def inbox(database: Database, redis_server: RedisServer) -> Iterator[DatabaseInbox]:
    """Return an inbox that publishes into the real Redis, its connection made."""
    with celery(redis_server.url) as app:
        wakeups = CeleryWakeups(app)
        wakeups.inbox([1])
        yield DatabaseInbox(database, wakeups)


@pytest.mark.parametrize("updates", [1, 100])
def test_a_batch_is_published_in_one_round_trip(inbox: DatabaseInbox, redis: Redis, updates: int) -> None:
    before = round_trips(redis)
    inbox.accept([accepted(number, Say(text="How much?"), telegram_id=number) for number in range(1, updates + 1)])
    assert round_trips(redis) - before == PUBLISHED + 1


def test_a_wake_up_is_less_than_a_kilobyte_and_little_more_for_another_chat(inbox: DatabaseInbox, redis: Redis) -> None:
    redis.flushall()
    inbox.accept([accepted(1, Say(text="How much?" * 100), telegram_id=1_000_001)])
    of_one = payload(redis)
    assert 0 < of_one <= PAYLOAD
    redis.flushall()
    inbox.accept([accepted(n, Say(text="How much?" * 100), telegram_id=1_000_000 + n) for n in range(2, 102)])
    assert payload(redis) <= of_one + 99 * 14  # ten digits, a comma and a space, in base64


def test_an_answer_is_sent_with_one_look_at_the_limits(database: Database, redis: Redis) -> None:
    bank = Bank(database, limiter=RedisLimiter(redis))
    bank.register(1, 2, 3)
    dispatcher = Dispatcher(database, RedisLimiter(redis), Rates(per_second=1000), lease=30)
    assert not dispatcher.take(10).parcels
    bank.asks("Warm up", 1)
    bank.answering.run_due()
    assert len(dispatcher.take(10).parcels) == 1  # the script is loaded now
    before = round_trips(redis)
    for person in (2, 3):
        bank.asks("How much is the card?", person)
    bank.answering.run_due()
    assert len(dispatcher.take(10).parcels) == 2
    assert round_trips(redis) - before == SENT + 1
