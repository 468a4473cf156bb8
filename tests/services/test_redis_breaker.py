"""Breakers shared through Redis: one state for all, one probe, and each process for itself without Redis."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis

from deploy.servers.redis import RedisServer, start_redis
from services.gateways.redis_breaker import RedisBreakerStore
from tests.twins import Clock
from utils.breaker import Breaker, BreakerState, BreakerStatus

PROCESSES = 12
ENOUGH = 30.0  # seconds: where Redis runs, a machine that stands still is not to look like one without it


def breaker(url: str, clock: Callable[[], float], failures: int = 5) -> Breaker:
    """Return the breaker as another process has it: over a connection of its own."""
    store = RedisBreakerStore(Redis.from_url(url, socket_timeout=ENOUGH))
    return Breaker("model:1:openai", failures=failures, open_seconds=60.0, store=store, clock=clock)


def test_failures_of_all_processes_add_up_and_a_success_anywhere_closes(redis_server: RedisServer) -> None:
    clock = Clock()
    one, other = (breaker(redis_server.url, clock) for _ in range(2))
    for number in range(5):
        assert one.allow()
        (one if number % 2 else other).failure()
    assert [each.status for each in (one, other)] == [BreakerStatus.OPEN, BreakerStatus.OPEN]
    assert not one.allow()
    clock.now += 60
    assert one.allow()
    assert not other.allow(), "one probe at a time"
    one.success()
    assert other.allow()
    assert other.status is BreakerStatus.CLOSED


def test_of_many_processes_at_once_one_probes(redis_server: RedisServer) -> None:
    clock = Clock()
    breakers = [breaker(redis_server.url, clock, failures=1) for _ in range(PROCESSES)]
    breakers[0].failure()
    for _ in range(5):
        clock.now += 60
        allowed: list[bool] = []
        together = threading.Barrier(PROCESSES)

        def probe(mine: Breaker, together: threading.Barrier = together, allowed: list[bool] = allowed) -> None:
            together.wait()
            allowed.append(mine.allow())

        threads = [threading.Thread(target=probe, args=(mine,)) for mine in breakers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert allowed.count(True) == 1
        breakers[-1].failure()


def test_no_failure_is_lost_when_all_report_at_once(redis_server: RedisServer) -> None:
    breakers = [breaker(redis_server.url, Clock(), failures=PROCESSES + 1) for _ in range(PROCESSES)]
    threads = [threading.Thread(target=each.failure) for each in breakers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store = RedisBreakerStore(Redis.from_url(redis_server.url))
    assert store.load("model:1:openai").failures == PROCESSES


def test_without_redis_each_process_goes_on_for_itself(tmp_path: Path) -> None:
    server, clock = start_redis(tmp_path), Clock()
    store = RedisBreakerStore(Redis.from_url(server.url, socket_timeout=ENOUGH), clock)
    shared = Breaker("model:1:openai", failures=2, store=store, clock=clock)
    shared.failure()
    server.stop()
    assert shared.allow()
    for _ in range(2):
        shared.failure()
    assert not shared.allow(), "it counts by itself meanwhile"
    back = start_redis(tmp_path, port=server.port)
    try:
        clock.now += 3
        assert shared.allow(), "what is shared counts again"
        shared.failure()
        assert RedisBreakerStore(Redis.from_url(back.url)).load("model:1:openai").failures > 0
    finally:
        back.stop()


STATES = st.builds(
    BreakerState,
    failures=st.integers(0, 9),
    retry_at=st.floats(0, 4e9, allow_nan=False),
    probing=st.booleans(),
)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(states=st.lists(STATES, min_size=1, max_size=5), wrong=STATES)
def test_what_is_put_is_read_and_only_who_knows_the_state_may_put(
    redis_server: RedisServer, states: list[BreakerState], wrong: BreakerState
) -> None:
    store = RedisBreakerStore(Redis.from_url(redis_server.url))
    for state in states:
        known = store.load("law")
        assert store.swap("law", known, state)
        assert store.load("law") == state
    assert store.swap("law", wrong, BreakerState()) is (wrong == states[-1])


def test_states_that_nobody_asks_for_are_forgotten(redis_server: RedisServer) -> None:
    breaker(redis_server.url, Clock()).failure()
    redis: Redis = Redis.from_url(redis_server.url)
    assert 0 < redis.pttl("breaker:model:1:openai") <= 3_600_000
    breaker(redis_server.url, Clock()).success()
    assert redis.keys("breaker:*") == []


@pytest.mark.parametrize("given_up", [0, 1])
def test_a_probe_whose_end_never_comes_is_followed_by_another(redis_server: RedisServer, given_up: int) -> None:
    clock = Clock()
    one, other = (breaker(redis_server.url, clock, failures=1) for _ in range(2))
    one.failure()
    clock.now += 60
    assert one.allow()
    clock.now += 59 + given_up
    assert other.allow() is bool(given_up)
