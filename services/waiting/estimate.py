"""How long a place in the queue lasts, as a range, from how long chats took lately; with too little data nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor

FEWEST = 8  # chats; below that quartiles are an accident
_LOW, _HIGH = 0.25, 0.75
_MINUTE = 60.0
_FINE, _STEP = 10, 5  # minutes above which a range is told in steps: finer ones would pretend to know more


@dataclass(frozen=True)
class Crew:
    """What an estimate is made of: seconds that the last chats took, people online, chats in their hands now."""

    took: Sequence[float]
    online: int
    in_hand: int


@dataclass(frozen=True)
class Estimate:
    """Whole minutes that somebody will wait: `low` to `high`."""

    low: int
    high: int


def estimate(crew: Crew, place: int) -> Estimate | None:
    """Return how long the customer at a place (1 is the next) will wait, or None when nobody can tell honestly.

    Little's law: chats end as often as there are chats in hand, divided by what a chat takes; so a place lasts what
    one chat takes, divided by them. The range is that for the quartiles of what chats took. People who have nobody
    yet count like a chat in hand: they will have one in a moment.
    """
    at_once = max(crew.online, crew.in_hand)
    if len(crew.took) < FEWEST or crew.online < 1 or place < 1:
        return None
    took = sorted(crew.took)
    low, high = (place * quantile(took, share) / at_once / _MINUTE for share in (_LOW, _HIGH))
    return Estimate(_coarse(low, floor), max(1, _coarse(high, ceil)))


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which a share of ordered values lies, between two of them by a straight line."""
    position = share * (len(ordered) - 1)
    below = floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])


def _coarse(minutes: float, rounded: Callable[[float], int]) -> int:
    step = 1 if minutes <= _FINE else _STEP
    return step * rounded(minutes / step)
