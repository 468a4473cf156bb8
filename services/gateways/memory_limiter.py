"""The limiter's local twin: the same algorithm within one process, for tests."""

from collections.abc import Callable, Sequence
from time import monotonic

from services.limits import Allowance, Limit


class MemoryLimiter:
    """Rates of one process."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._arrivals: dict[str, float] = {}
        self._told: set[str] = set()

    def take(self, requests: Sequence[Sequence[Limit]]) -> list[Allowance]:
        """Ask for each request whether all its limits let it happen now."""
        return [self._one(request) for request in requests]

    def pause(self, key: str, seconds: float) -> None:
        """Move a key's clock ahead, beyond any burst."""
        self._arrivals[key] = self._clock() + seconds + 1

    def _one(self, limits: Sequence[Limit]) -> Allowance:
        now = self._clock()
        arrivals = {limit.key: max(self._arrivals.get(limit.key, now), now) for limit in limits}
        waits = {limit.key: arrivals[limit.key] - limit.interval * (limit.burst - 1) - now for limit in limits}
        culprit = max(waits, key=lambda key: waits[key])
        if waits[culprit] > 0:
            first = culprit not in self._told
            self._told.add(culprit)
            return Allowance(waits[culprit], culprit, first)
        for limit in limits:
            self._arrivals[limit.key] = arrivals[limit.key] + limit.interval
            self._told.discard(limit.key)
        return Allowance(0.0)
