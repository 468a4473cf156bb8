"""The cache of answers in Redis; while that is away, nothing is cached and nobody waits for it."""

from logging import getLogger
from time import monotonic

from redis import Redis
from redis.exceptions import RedisError

_QUIET = 5.0  # seconds without asking after Redis did not answer

_log = getLogger(__name__)


class RedisCache:
    """Values under keys that say nothing, each for its time."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._quiet_until = 0.0

    def get(self, key: str) -> bytes | None:
        """Return what was put under a key, or None."""
        if monotonic() < self._quiet_until:
            return None
        try:
            value = self._redis.get(key)
        except RedisError as error:
            self._away(error)
            return None
        return value if isinstance(value, bytes) else None

    def put(self, key: str, value: bytes, seconds: int) -> None:
        """Keep a value for some seconds."""
        if monotonic() < self._quiet_until:
            return
        try:
            self._redis.set(key, value, ex=seconds)
        except RedisError as error:
            self._away(error)

    def forget(self, key: str) -> None:
        """Keep a value no longer; where Redis is away its time ends it."""
        try:
            self._redis.delete(key)
        except RedisError as error:
            self._away(error)

    def _away(self, error: RedisError) -> None:
        self._quiet_until = monotonic() + _QUIET
        _log.warning("answers are not cached", extra={"error": type(error).__name__})
