"""What so many customers take: the arithmetic of docs/capacity.md, from what was measured and what is assumed."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_MONTH = 2_592_000  # seconds of 30 days
_SLOTS = 60  # answers under way that one worker is given; it takes 100
_REPLIES = 0.7  # of a bot's limit for replies: operators and broadcasts have the rest
_LIMIT = 30  # messages a second of a bot (Telegram's FAQ for bots)
_LEAST = 2  # of each process that can be more than one: a machine may be away


@dataclass(frozen=True)
class Assumptions:
    """What a bank replaces by its own; symbols as in docs/capacity.md."""

    questions: float = 0.5  # q, of a customer in a month
    updates: float = 1.5  # u, for a question
    messages: float = 1.3  # m, for a question
    peak: float = 10.0  # p, the busiest five minutes over the month's mean
    model_seconds: float = 3.0  # T
    load: float = 0.6  # ρ, share of a core that is used at the peak
    days: float = 365.0  # R


@dataclass(frozen=True)
class Costs:
    """What was measured; symbols as in docs/capacity.md."""

    front_ms: float  # c_f, for an update
    worker_ms: float  # c_w, for a question
    database_ms: float  # c_d
    statements: float  # s
    transactions: float  # x
    round_trips: float  # r
    payload: float  # j
    rows: float  # n
    stored: float  # b
    log: float  # w
    front_mb: float  # M_f
    worker_mb: float  # M_w
    messages: float  # d, that one worker sends a second


FIGURES = {
    "worker_ms": "a question: processor time of the worker",
    "database_ms": "a question: processor time of PostgreSQL",
    "statements": "a question: SQL statements",
    "transactions": "a question: transactions",
    "round_trips": "a question: round trips to Redis",
    "payload": "a question: job payload",
    "rows": "a question: rows left behind",
    "stored": "a question: bytes of tables and indexes",
    "log": "a question: bytes of the write-ahead log",
    "front_mb": "memory of the front after its start",
    "worker_mb": "memory of the worker after its start",
    "messages": "notices, limit 1,000/s",
}
_FRONT = "front, webhook"  # updates a second that one core accepts


def costs_of(figures: Sequence[Mapping[str, object]]) -> Costs:
    """Return the costs in a list as `make bench JSON=…` writes it; raises KeyError naming a figure that is missing."""
    values = {str(figure["name"]): float(str(figure["value"])) for figure in figures}
    return Costs(front_ms=1000 / values[_FRONT], **{field: values[name] for field, name in FIGURES.items()})


@dataclass(frozen=True)
class Load:
    """What so many customers bring."""

    customers: int
    assumed: Assumptions

    @property
    def rate(self) -> float:
        """λ, questions a second at the peak."""
        return self.customers * self.assumed.questions * self.assumed.peak / _MONTH

    @property
    def daily(self) -> float:
        """D, questions a day."""
        return self.customers * self.assumed.questions / 30


@dataclass(frozen=True)
class Needs:
    """What a load takes: cores at the peak, processes, bytes a second, a day and in all."""

    front_cores: float
    worker_cores: float
    answer_workers: int
    database_cores: float
    statements: float
    transactions: float
    redis: float
    stored: float
    log: float
    memory_mb: float
    bots: int


def needs(load: Load, costs: Costs) -> Needs:
    """Compute what docs/capacity.md gives the formulas of."""
    assumed, rate = load.assumed, load.rate

    def cores(milliseconds: float) -> float:
        return rate * milliseconds / 1000 / assumed.load

    fronts, workers = cores(assumed.updates * costs.front_ms), cores(costs.worker_ms)
    by_slots = math.ceil(rate * assumed.model_seconds / _SLOTS)
    processes = max(_LEAST, by_slots, math.ceil(workers))
    return Needs(
        front_cores=fronts,
        worker_cores=workers,
        answer_workers=max(_LEAST, by_slots),
        database_cores=cores(costs.database_ms),
        statements=rate * costs.statements,
        transactions=rate * costs.transactions,
        redis=rate * costs.round_trips,
        stored=load.daily * assumed.days * costs.stored,
        log=load.daily * costs.log,
        memory_mb=max(_LEAST, math.ceil(fronts)) * costs.front_mb + processes * costs.worker_mb,
        bots=math.ceil(assumed.messages * rate / (_REPLIES * _LIMIT)),
    )
