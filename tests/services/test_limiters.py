"""Limiters: the laws of the rates, for the one in memory and for the one in Redis, and that both say the same."""

import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis import Redis

from deploy.servers.redis import RedisServer
from services.gateways.memory_limiter import MemoryLimiter
from services.gateways.redis_limiter import RedisLimiter
from services.limits import Limit, Limiter
from tests.twins import Clock

HOUR = 3600.0


@pytest.fixture
def redis(redis_server: RedisServer) -> Iterator[Redis]:
    with Redis.from_url(redis_server.url) as client:
        yield client


@pytest.fixture(params=["memory", "redis"])
def limiter(request: pytest.FixtureRequest) -> Limiter:
    """Return one limiter after the other; the tests that take it need no time to pass."""
    if request.param == "memory":
        return MemoryLimiter(Clock())
    return RedisLimiter(request.getfixturevalue("redis"))


def granted(limiter: Limiter, *limits: Limit) -> bool:
    [allowance] = limiter.take([limits])
    return allowance.granted


_PAUSES = st.lists(st.sampled_from([0.0, 0.01, 0.1, 0.5, 1.0, 3.0]), min_size=1, max_size=60)


@given(pauses=_PAUSES, interval=st.sampled_from([0.03, 0.5, 1.0]), burst=st.integers(1, 5))
@settings(deadline=None)
def test_no_window_sees_more_than_the_burst_and_the_rate(pauses: list[float], interval: float, burst: int) -> None:
    clock = Clock()
    limiter = MemoryLimiter(clock)
    grants: list[float] = []
    for pause in pauses:
        clock.now += pause
        if granted(limiter, Limit("key", interval, burst)):
            grants.append(clock.now)
    for start, since in enumerate(grants):
        for number, until in enumerate(grants[start:], start=1):
            assert number <= burst + (until - since) / interval + 1e-6


@given(pauses=_PAUSES, interval=st.sampled_from([0.03, 0.5, 1.0]), burst=st.integers(1, 5))
@settings(deadline=None)
def test_the_wait_is_as_long_as_needed_and_no_longer(pauses: list[float], interval: float, burst: int) -> None:
    clock = Clock()
    limiter, limit = MemoryLimiter(clock), Limit("key", interval, burst)
    for pause in pauses:
        clock.now += pause
        [allowance] = limiter.take([[limit]])
        if allowance.granted:
            continue
        assert 0 < allowance.wait <= interval + 1e-6
        clock.now += allowance.wait - 1e-4
        assert not granted(limiter, limit)
        clock.now += 2e-4
        assert granted(limiter, limit)


_LIMITS = [Limit("a", 1009 * HOUR, 1), Limit("b", 1013 * HOUR, 2), Limit("c", 1019 * HOUR, 4)]


_REQUESTS = st.lists(st.lists(st.sampled_from(_LIMITS), min_size=1, max_size=3, unique=True), min_size=1, max_size=6)


@given(batches=st.lists(_REQUESTS, min_size=1, max_size=5))
@settings(deadline=None, max_examples=50)
def test_both_limiters_say_the_same(redis_url: str, batches: list[list[list[Limit]]]) -> None:
    twin = MemoryLimiter(Clock())
    fresh = uuid4().hex
    with Redis.from_url(redis_url) as redis:
        real = RedisLimiter(redis)
        for batch in batches:
            named = [[Limit(f"{fresh}:{n.key}", n.interval, n.burst) for n in request] for request in batch]
            said, expected = real.take(named), twin.take(named)
            assert [(one.key, one.first) for one in said] == [(one.key, one.first) for one in expected]
            assert [one.wait for one in said] == pytest.approx([one.wait for one in expected], abs=60)


def test_a_request_needs_all_its_limits_and_uses_up_none_when_refused(limiter: Limiter) -> None:
    narrow, wide = Limit("narrow", HOUR, 1), Limit("wide", HOUR, 2)
    assert granted(limiter, narrow, wide)
    assert [granted(limiter, wide, narrow) for _ in range(5)] == [False] * 5
    assert granted(limiter, wide)
    assert not granted(limiter, wide)


def test_the_limit_that_refuses_is_named(limiter: Limiter) -> None:
    narrow, wide = Limit("narrow", HOUR, 1), Limit("wide", HOUR, 5)
    [first, second] = limiter.take([[wide, narrow], [wide, narrow]])
    assert (first.granted, first.key, first.first) == (True, "", False)
    assert (second.granted, second.key) == (False, "narrow")
    assert second.wait == pytest.approx(HOUR, abs=60)


def test_the_first_refusal_of_a_series_is_marked_once() -> None:
    clock = Clock()
    _marks_the_first(MemoryLimiter(clock), lambda: setattr(clock, "now", clock.now + 0.2))


def test_the_first_refusal_of_a_series_is_marked_once_in_redis(redis: Redis) -> None:
    _marks_the_first(RedisLimiter(redis), lambda: time.sleep(0.21))  # Redis's clock is moved by nothing else


def _marks_the_first(limiter: Limiter, let_the_interval_pass: Callable[[], object]) -> None:
    limit = Limit("key", 0.2, 1)
    for _ in range(2):
        said = limiter.take([[limit]] * 4)
        assert [one.granted for one in said] == [True, False, False, False]
        assert [one.first for one in said] == [False, True, False, False]
        let_the_interval_pass()


def test_a_pause_refuses_everything_under_its_key(limiter: Limiter) -> None:
    limiter.pause("bot", HOUR)
    chat = Limit("chat", HOUR, 1)
    for burst in (1, 3):
        [allowance] = limiter.take([[chat, Limit("bot", 0.03, burst)]])
        assert allowance.key == "bot"
        assert allowance.wait == pytest.approx(HOUR, abs=60)
    assert granted(limiter, chat)


def test_a_pause_ends() -> None:
    clock = Clock()
    limiter, limit = MemoryLimiter(clock), Limit("bot", 0.03, 3)
    limiter.pause("bot", 2.0)
    clock.now += 1.9
    assert not granted(limiter, limit)
    clock.now += 1.2
    assert granted(limiter, limit)


def test_a_larger_burst_overtakes_a_smaller_one_under_the_same_key(limiter: Limiter) -> None:
    broadcast, reply = Limit("bot", HOUR, 1), Limit("bot", HOUR, 3)
    assert granted(limiter, broadcast)
    assert not granted(limiter, broadcast)
    assert [granted(limiter, reply) for _ in range(3)] == [True, True, False]
