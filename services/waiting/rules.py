"""How the bank wants waiting customers to be treated: the part of the settings that these use cases need."""

from dataclasses import dataclass, field
from enum import StrEnum, auto

from utils.hours import Hours


class First(StrEnum):
    """Who answers a customer that leaves it to the bank: the AI, a person, or a person while one is free."""

    AI = auto()
    OPERATORS = auto()
    AI_WHEN_BUSY = auto()


@dataclass(frozen=True)
class WaitingRules:
    """`pause` is the least between two messages about a place, in seconds; `quick`: answers while waiting."""

    hours: Hours = field(default_factory=Hours)
    first: First = First.AI
    quick: bool = True
    pause: float = 60.0
    reopen_hours: float = 24.0
    link_days: float = 30.0
