"""The cache in a real Redis, and without one."""

from collections.abc import Iterator

import pytest
from redis import Redis

from deploy.servers.redis import RedisServer
from services.gateways.redis_cache import RedisCache


@pytest.fixture
def redis(redis_server: RedisServer) -> Iterator[Redis]:
    with Redis.from_url(redis_server.url) as client:
        yield client


def test_what_is_put_is_there_for_its_time(redis: Redis) -> None:
    cache = RedisCache(redis)
    assert cache.get("answer:1") is None
    cache.put("answer:1", b"sealed", 600)
    assert cache.get("answer:1") == b"sealed"
    assert 500 < redis.ttl("answer:1") <= 600


def test_without_redis_nothing_is_kept_and_it_is_asked_once_in_a_while(dead_port: int) -> None:
    attempts = []

    class Counting(Redis):
        """Counts what it is asked."""

        def execute_command(self, *args: object, **options: object) -> object:
            attempts.append(args)
            return super().execute_command(*args, **options)  # type: ignore[no-untyped-call]  # has no types

    cache = RedisCache(Counting(host="127.0.0.1", port=dead_port, socket_timeout=1, socket_connect_timeout=1))
    assert cache.get("answer:1") is None
    cache.put("answer:1", b"sealed", 600)
    assert cache.get("answer:1") is None
    assert len(attempts) == 1
