"""The breaker opens, probes once, closes, and keeps no lock while calls go on."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from utils.breaker import Breaker, BreakerState, BreakerStatus, InProcessBreakerStore

THREADS = 20


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock) -> Breaker:
    breaker = Breaker("model", failures=3, open_seconds=60, clock=clock)
    for _ in range(3):
        assert breaker.allow()
        breaker.failure()
    return breaker


def in_threads(work: Callable[[], bool]) -> list[bool]:
    barrier = threading.Barrier(THREADS)

    def run() -> bool:
        barrier.wait(timeout=60)
        return work()

    with ThreadPoolExecutor(THREADS) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run) for _ in range(THREADS)]]


def test_it_opens_at_the_limit_and_not_before() -> None:
    breaker = Breaker("model", failures=3, clock=Clock())
    breaker.failure()
    breaker.failure()
    assert (breaker.allow(), breaker.status) == (True, BreakerStatus.CLOSED)
    breaker.failure()
    assert (breaker.allow(), breaker.status) == (False, BreakerStatus.OPEN)


def test_only_failures_in_a_row_count() -> None:
    breaker = Breaker("model", failures=2, clock=Clock())
    for _ in range(5):
        breaker.failure()
        breaker.success()
    assert breaker.status is BreakerStatus.CLOSED


def test_a_good_probe_closes_it() -> None:
    breaker = opened(clock := Clock())
    clock.now += 59.9
    assert not breaker.allow()
    clock.now += 0.1
    assert breaker.status == BreakerStatus.HALF_OPEN
    assert breaker.allow()
    assert not breaker.allow()
    breaker.success()
    breaker.failure()
    assert breaker.allow()


def test_a_bad_probe_opens_it_for_another_term() -> None:
    breaker = opened(clock := Clock())
    clock.now += 60
    assert breaker.allow()
    clock.now += 10
    breaker.failure()
    assert breaker.status is BreakerStatus.OPEN
    clock.now += 59
    assert not breaker.allow()
    clock.now += 1
    assert breaker.allow()


def test_a_probe_that_never_comes_back_is_replaced() -> None:
    breaker = opened(clock := Clock())
    clock.now += 60
    assert breaker.allow()
    clock.now += 59
    assert not breaker.allow()
    clock.now += 1
    assert breaker.allow()


def test_outcomes_of_earlier_calls_change_nothing_while_open() -> None:
    breaker = opened(clock := Clock())
    clock.now += 30
    breaker.success()
    breaker.failure()
    assert breaker.status is BreakerStatus.OPEN
    clock.now += 30
    assert breaker.allow()


def test_breakers_of_one_name_share_their_state() -> None:
    store, clock = InProcessBreakerStore(), Clock()
    first, second, other = (
        Breaker(name, failures=1, store=store, clock=clock) for name in ("model", "model", "storage")
    )
    first.failure()
    assert (first.allow(), second.allow(), other.allow()) == (False, False, True)


def test_one_of_many_threads_gets_the_probe() -> None:
    breaker = opened(clock := Clock())
    clock.now += 60
    assert sum(in_threads(breaker.allow)) == 1


def test_no_failure_is_lost_between_threads() -> None:
    breaker = Breaker("model", failures=THREADS, clock=Clock())

    def fail() -> bool:
        breaker.failure()
        return True

    in_threads(fail)
    assert breaker.status is BreakerStatus.OPEN


def test_parallel_calls_do_not_wait_for_each_other() -> None:
    breaker = Breaker("model")
    inside = threading.Barrier(THREADS)  # passes only when all calls are under way at once

    def call() -> bool:
        allowed = breaker.allow()
        inside.wait(timeout=60)
        breaker.success()
        return allowed

    assert all(in_threads(call))


def test_the_clock_is_wall_time_by_default() -> None:
    store = InProcessBreakerStore()
    before = time.time()
    Breaker("model", failures=1, open_seconds=60, store=store).failure()
    assert before + 60 <= store.load("model").retry_at <= time.time() + 60


def test_a_stale_swap_is_refused() -> None:
    store = InProcessBreakerStore()
    assert store.swap("model", BreakerState(), BreakerState(1))
    assert not store.swap("model", BreakerState(), BreakerState(2))
    assert store.load("model") == BreakerState(1)


@given(st.lists(st.sampled_from(["ok", "fail", "wait"]), max_size=60))
def test_while_open_nothing_passes_and_after_the_term_one_does(steps: list[str]) -> None:
    clock = Clock()
    breaker = Breaker("model", failures=3, open_seconds=10, clock=clock)
    for step in steps:
        if step == "wait":
            clock.now += 10
        elif breaker.allow():
            breaker.success() if step == "ok" else breaker.failure()
        if breaker.status is BreakerStatus.OPEN:
            assert not breaker.allow()
    clock.now += 10
    assert breaker.allow()
