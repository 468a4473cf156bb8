"""The port of limits: how often something may happen, counted for all processes together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Allowance:
    """What a limiter said: go in `wait` seconds; `key` is the limit that refused, `first` that it is the first time."""

    wait: float
    key: str = ""
    first: bool = False

    @property
    def granted(self) -> bool:
        """Whether the act may happen now."""
        return self.wait <= 0


@dataclass(frozen=True)
class Limit:
    """A rate under a key, shared by all processes: one act per `interval` seconds, `burst` of them at once."""

    key: str
    interval: float
    burst: int


class Limiter(Protocol):
    """Counts acts against rates (GCRA), many in one round trip; raises ConnectionError when it cannot be asked."""

    def take(self, requests: Sequence[Sequence[Limit]]) -> list[Allowance]:
        """Ask for each request whether all its limits let it happen now; a refused one uses up nothing."""

    def pause(self, key: str, seconds: float) -> None:
        """Refuse everything under a key for some seconds, as when the messenger says so."""
