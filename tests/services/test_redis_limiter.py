"""The limiter in Redis: its rate in real time, its one round trip, what it leaves there, and Redis away."""

import time
from collections.abc import Iterator
from socketserver import BaseRequestHandler, TCPServer
from threading import Thread

import pytest
from redis import Redis

from config import Settings, load_settings
from deploy.servers.redis import RedisServer
from services.gateways.redis_limiter import RedisLimiter
from services.limits import Limit
from services.wiring import make_limiter
from tests.database.fixtures import INDEX_KEY, KEY
from tests.services.test_limiters import HOUR, granted


@pytest.fixture
def redis(redis_server: RedisServer) -> Iterator[Redis]:
    with Redis.from_url(redis_server.url) as client:
        yield client


def test_redis_keeps_the_rate_in_every_window(redis: Redis) -> None:
    limiter, limit = RedisLimiter(redis), Limit("rate", 0.005, 3)
    grants: list[tuple[float, float]] = []
    deadline = time.monotonic() + 60
    while len(grants) < 30:
        asked_at = time.monotonic()
        if granted(limiter, limit):
            grants.append((asked_at, time.monotonic()))
        assert time.monotonic() < deadline
    for start, (since, _) in enumerate(grants):
        for number, (_, until) in enumerate(grants[start:], start=1):
            assert number <= limit.burst + (until - since) / limit.interval


def test_a_batch_is_one_round_trip(redis: Redis) -> None:
    limiter = RedisLimiter(redis)
    assert granted(limiter, Limit("warm-up", HOUR, 1))
    redis.config_resetstat()
    assert len(limiter.take([[Limit(f"chat:{n}", 1.0, 3), Limit("bot", 0.03, 1)] for n in range(50)])) == 50
    calls = {name: figures["calls"] for name, figures in redis.info("commandstats").items()}
    not_ours = {"cmdstat_time", "cmdstat_get", "cmdstat_set"}  # inside the script
    not_ours |= {"cmdstat_config|resetstat", "cmdstat_config"}  # the test itself, as Redis 7 and Redis 6 name it
    ours = {name: n for name, n in calls.items() if name not in not_ours}
    assert ours == {"cmdstat_evalsha": 1}


def test_a_limiter_goes_on_after_redis_forgot_its_script(redis: Redis) -> None:
    limiter = RedisLimiter(redis)
    assert granted(limiter, Limit("key", HOUR, 2))
    redis.script_flush()
    assert granted(limiter, Limit("key", HOUR, 2))
    assert not granted(limiter, Limit("key", HOUR, 2))


def test_nothing_stays_in_redis_for_good(redis: Redis) -> None:
    limiter = RedisLimiter(redis)
    limiter.take([[Limit("key", 60.0, 1)]] * 2)
    limiter.pause("other", 60.0)
    assert sorted(redis.scan_iter()) == [b"key", b"key:told", b"other"]
    assert all(0 < redis.pttl(key) <= 62_000 for key in redis.scan_iter())


def settings_for(redis_url: str) -> Settings:
    keys = {"ENCRYPTION_KEY": KEY, "BLIND_INDEX_KEY": INDEX_KEY}
    return load_settings({"DEMO": "1", "BOT_TOKEN": f"123456:{35 * 'A'}", "REDIS_URL": redis_url, **keys})


def test_without_redis_it_says_so_and_does_not_keep_anybody_waiting() -> None:
    asked = []

    class HangUp(BaseRequestHandler):
        def handle(self) -> None:
            asked.append(self.client_address)

    with TCPServer(("127.0.0.1", 0), HangUp) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        limiter = make_limiter(settings_for(f"redis://127.0.0.1:{server.server_address[1]}/0"))
        try:
            with pytest.raises(ConnectionError, match="does not answer"):
                limiter.take([[Limit("key", 1.0, 1)]])
            assert len(asked) == 1
            with pytest.raises(ConnectionError, match="does not answer"):
                limiter.pause("key", 1.0)
            assert len(asked) == 2
        finally:
            server.shutdown()
            thread.join()
