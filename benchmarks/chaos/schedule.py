"""The schedule of faults that a seed stands for: strikes of one to three faults, and the pauses between them."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from random import Random


class Kind(StrEnum):
    """What goes wrong."""

    KILL_FRONT = "kill front"
    KILL_WORKER = "kill worker"
    KILL_SCHEDULER = "kill scheduler"
    KILL_REDIS = "kill redis"
    KILL_POSTGRES = "kill postgres"
    FLUSH_REDIS = "flush redis"
    DROP_BEFORE = "telegram drops before"
    DROP_AFTER = "telegram drops after"
    DELAY = "telegram delays"
    RETRY_AFTER = "telegram says 429"
    STORM = "telegram says 5xx"
    MODEL_HUNG = "model hung"
    MODEL_REFUSED = "model refused"
    MODEL_GARBLED = "model garbled"
    DISK_FULL = "disk full"
    CLOCK_OFF = "clock off"
    KILL_RABBITMQ = "kill rabbitmq"


STORES = frozenset({Kind.KILL_REDIS, Kind.KILL_POSTGRES, Kind.FLUSH_REDIS, Kind.KILL_RABBITMQ})
PROCESSES = frozenset({Kind.KILL_FRONT, Kind.KILL_WORKER, Kind.KILL_SCHEDULER})

# Seconds that a fault lasts: for a kill, until the part is started again, as a supervisor would.
# A connection is cut for less than the second after which a reply of unknown outcome is sent again: the contract
# repeats it once, so two cuts in a row would lose it by rule.
_SECONDS: dict[Kind, tuple[float, float]] = {
    Kind.KILL_FRONT: (0.2, 3.0),
    Kind.KILL_WORKER: (0.2, 3.0),
    Kind.KILL_SCHEDULER: (0.2, 3.0),
    Kind.KILL_REDIS: (0.2, 3.0),
    Kind.KILL_POSTGRES: (0.2, 3.0),
    Kind.FLUSH_REDIS: (0.0, 0.0),
    Kind.DROP_BEFORE: (0.5, 0.9),
    Kind.DROP_AFTER: (0.5, 0.9),
    Kind.DELAY: (1.0, 3.0),
    Kind.RETRY_AFTER: (0.5, 2.0),
    Kind.STORM: (1.0, 4.0),
    Kind.MODEL_HUNG: (1.0, 4.0),
    Kind.MODEL_REFUSED: (1.0, 4.0),
    Kind.MODEL_GARBLED: (1.0, 4.0),
    Kind.DISK_FULL: (2.0, 5.0),
    Kind.CLOCK_OFF: (4.0, 8.0),
    Kind.KILL_RABBITMQ: (0.2, 3.0),
}
_TOGETHER = (1, 1, 1, 2, 2, 3)  # faults of one strike, drawn from these
_SPREAD = 3.0  # seconds within which the faults of a strike begin
_PAUSE = (0.5, 3.0)


@dataclass(frozen=True)
class Fault:
    """One fault: it begins `after` seconds of its strike and lasts `seconds`; `dice` (0 to 1) decides details."""

    kind: Kind
    after: float
    seconds: float
    dice: float


@dataclass(frozen=True)
class Strike:
    """Faults that overlap, after a pause in which nothing new goes wrong."""

    pause: float
    faults: tuple[Fault, ...]


def strikes(seed: int, number: int, kinds: frozenset[Kind]) -> Iterator[Strike]:
    """Yield strikes with `number` faults together; every kind comes up before one comes up again."""
    draw = Random(seed)
    kinds_in_turn = _shuffled(draw, sorted(kinds))
    left = number
    while left:
        size = min(left, draw.choice(_TOGETHER))
        chosen = {next(kinds_in_turn) for _ in range(size)}
        left -= len(chosen)
        first = draw.uniform(0, _SPREAD)
        faults = [_fault(draw, kind, draw.uniform(0, _SPREAD) - first) for kind in sorted(chosen)]
        start = min(fault.after for fault in faults)
        moved = [Fault(fault.kind, fault.after - start, fault.seconds, fault.dice) for fault in faults]
        yield Strike(draw.uniform(*_PAUSE), tuple(sorted(moved, key=lambda fault: fault.after)))


def bound(strike: Strike) -> float:
    """Return the seconds in which the product has to be whole again (the issue's promise)."""
    return 30.0 if all(fault.kind in PROCESSES for fault in strike.faults) else 60.0


def _shuffled(draw: Random, kinds: list[Kind]) -> Iterator[Kind]:
    for _ in count():
        yield from draw.sample(kinds, len(kinds))


def _fault(draw: Random, kind: Kind, after: float) -> Fault:
    return Fault(kind, after, draw.uniform(*_SECONDS[kind]), draw.random())
