"""Faults on demand: rules that say which calls go wrong, how, and how often."""

import random
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FaultKind = Literal["drop_before", "drop_after", "delay", "status", "retry_after"]


class FaultRule(BaseModel):
    """One rule: which calls it concerns, its chance, and what it does.

    `drop_before` and `drop_after` cut the connection before or after the effect; `delay` waits `seconds`,
    then goes on; `status` answers that status and `retry_after` answers 429, both without effect. `times`
    ends the rule after so many hits.
    """

    model_config = ConfigDict(extra="forbid")

    method: str = "*"
    chat_id: int | None = None
    probability: float = Field(1.0, ge=0, le=1)
    kind: FaultKind
    seconds: float = Field(1.0, ge=0)
    status: int = Field(500, ge=400, le=599)
    retry_after: int = Field(1, ge=1)
    times: int | None = Field(None, ge=0)

    def concerns(self, method: str, chat_id: int | None) -> bool:
        """Tell whether the rule may strike this call."""
        if self.times == 0 or self.chat_id not in (None, chat_id):
            return False
        return self.method == "*" or self.method.lower() == method.lower()


class FaultPlan(BaseModel):
    """What `PUT /control/faults` takes: rules, the first that hits counts, and a seed to repeat them."""

    model_config = ConfigDict(extra="forbid")

    seed: int | str | None = None
    rules: list[FaultRule] = Field(default_factory=list)


class Faults:
    """Draws at most one fault for each call: the first rule that concerns it and hits."""

    def __init__(self, plan: FaultPlan | None = None) -> None:
        self.plan = (plan or FaultPlan()).model_copy(deep=True)
        self._random = random.Random(self.plan.seed)  # noqa: S311 - repeatable on purpose, nothing secret

    def draw(self, method: str, chat_id: int | None) -> FaultRule | None:
        """Return the rule that strikes this call, if any."""
        for rule in self.plan.rules:
            if rule.concerns(method, chat_id) and self._random.random() < rule.probability:
                if rule.times is not None:
                    rule.times -= 1
                return rule
        return None
