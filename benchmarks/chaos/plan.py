"""The plan of a run: how much of everything it has."""

from dataclasses import dataclass

from benchmarks.chaos.schedule import Kind


@dataclass(frozen=True)
class Plan:
    """How much of everything a run has; `seconds` is for the whole run, `think` what people wait between acts.

    `lease` is the product's LEASE_SECONDS: what a killed worker held is taken over after it.
    """

    seed: int
    rounds: int
    faults: int
    updates: int
    customers: int
    think: float
    workers: int
    seconds: float
    kinds: frozenset[Kind] = frozenset(Kind)
    broker: str = "redis"
    lease: float = 20.0
