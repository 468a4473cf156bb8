"""States of breakers in Redis, shared by all processes; within this process alone while Redis is away."""

from collections.abc import Callable
from time import monotonic

from redis import Redis
from redis.exceptions import RedisError

from utils.breaker import BreakerState, BreakerStore, InProcessBreakerStore

# KEYS[1]: the breaker. ARGV: the state that is expected, the new one ("" is a breaker that knows of no failure), and
# for how long it is kept (milliseconds). Returns 1 when the state was as expected.
_SWAP = """
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1
"""
_KEPT = 3_600_000  # milliseconds; failures of an hour ago say nothing any more
_AWAY_SECONDS = 2.0  # for which a Redis that did not answer is not asked again, so that nobody waits for it each time


class RedisBreakerStore:
    """Keeps the states of breakers by name; never raises, as calls must go on without Redis."""

    def __init__(self, redis: Redis, clock: Callable[[], float] = monotonic) -> None:
        self._redis = redis
        self._swap = redis.register_script(_SWAP)
        self._own: BreakerStore = InProcessBreakerStore()
        self._clock = clock
        self._away_until = float("-inf")

    def load(self, name: str) -> BreakerState:
        """Return the state, `BreakerState()` for a name never seen."""
        if self._clock() >= self._away_until:
            try:
                return _read(self._redis.get(_key(name)))
            except RedisError:
                self._left_alone()
        return self._own.load(name)

    def swap(self, name: str, old: BreakerState, new: BreakerState) -> bool:
        """Put `new` if the state is still `old`, atomically; tell whether it was."""
        if self._clock() >= self._away_until:
            try:
                return bool(self._swap(keys=[_key(name)], args=[_written(old), _written(new), _KEPT]))
            except RedisError:
                self._left_alone()
        return self._own.swap(name, old, new)

    def _left_alone(self) -> None:
        self._away_until = self._clock() + _AWAY_SECONDS


def _key(name: str) -> str:
    return f"breaker:{name}"


def _written(state: BreakerState) -> str:
    if state == BreakerState():
        return ""
    return f"{state.failures} {state.retry_at!r} {int(state.probing)}"


def _read(written: object) -> BreakerState:
    if not isinstance(written, bytes):
        return BreakerState()
    failures, retry_at, probing = written.decode().split()
    return BreakerState(int(failures), float(retry_at), probing == "1")
