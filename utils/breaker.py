"""A circuit breaker that takes no lock while the call goes on, with its state behind a small port."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol


class BreakerStatus(StrEnum):
    """Whether calls pass: all, none, or one probe at a time."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True)
class BreakerState:
    """Failures in a row; once the limit is reached, no call before `retry_at` (seconds of the clock).

    `probing` says that a probe is under way; if its outcome never comes, the next may go at `retry_at`, which
    moved when the probe started.
    """

    failures: int = 0
    retry_at: float = 0.0
    probing: bool = False


class BreakerStore(Protocol):
    """Keeps the states of breakers by name; shared by as many processes as the store is."""

    def load(self, name: str) -> BreakerState:
        """Return the state, `BreakerState()` for a name never seen."""

    def swap(self, name: str, old: BreakerState, new: BreakerState) -> bool:
        """Put `new` if the state is still `old`, atomically; tell whether it was."""


class InProcessBreakerStore:
    """States for the threads of one process."""

    def __init__(self) -> None:
        self._states: dict[str, BreakerState] = {}
        self._lock = threading.Lock()

    def load(self, name: str) -> BreakerState:
        """Return the state, `BreakerState()` for a name never seen."""
        return self._states.get(name, BreakerState())

    def swap(self, name: str, old: BreakerState, new: BreakerState) -> bool:
        """Put `new` if the state is still `old`, atomically; tell whether it was."""
        with self._lock:
            if self.load(name) != old:
                return False
            self._states[name] = new
            return True


class Breaker:
    """Stops calls to a system after `failures` in a row, and probes it every `open_seconds`.

    Ask `allow` before a call and report `success` or `failure` after it. The store may be shared between
    processes; then so must be the clock, hence wall time by default. Errors of the store reach the caller.
    """

    def __init__(
        self,
        name: str,
        *,
        failures: int = 5,
        open_seconds: float = 60.0,
        store: BreakerStore | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.name = name
        self._limit = failures
        self._open_seconds = open_seconds
        self._store = store or InProcessBreakerStore()
        self._clock = clock

    @property
    def status(self) -> BreakerStatus:
        """Where the breaker stands now."""
        state = self._store.load(self.name)
        if state.failures < self._limit:
            return BreakerStatus.CLOSED
        if state.probing or self._clock() >= state.retry_at:
            return BreakerStatus.HALF_OPEN
        return BreakerStatus.OPEN

    def allow(self) -> bool:
        """Tell whether a call may go now; of many that ask a half-open breaker, one may."""
        state = self._store.load(self.name)
        if state.failures < self._limit:
            return True
        now = self._clock()
        if now < state.retry_at:
            return False
        probe = replace(state, retry_at=now + self._open_seconds, probing=True)
        return self._store.swap(self.name, state, probe)

    def success(self) -> None:
        """Record that a call went well: closes a breaker that was probing."""
        self._change(lambda _: BreakerState())

    def failure(self) -> None:
        """Record that a call failed: opens the breaker at the limit, or again after a probe."""
        self._change(self._failed)

    def _failed(self, state: BreakerState) -> BreakerState:
        failures = min(state.failures + 1, self._limit)
        if failures < self._limit:
            return BreakerState(failures)
        return BreakerState(failures, retry_at=self._clock() + self._open_seconds)

    def _change(self, step: Callable[[BreakerState], BreakerState]) -> None:
        while True:
            state = self._store.load(self.name)
            # While open, outcomes come late from calls that were let through before: they say nothing new.
            is_late = state.failures >= self._limit and not state.probing
            new = state if is_late else step(state)
            if new == state or self._store.swap(self.name, state, new):
                return
