"""Telegram's flood limits: a sliding second for the bot, a leaky bucket for each chat."""

import math
import time
from collections import deque
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict, Field

from sandbox.telegram.errors import TooManyRequestsError

COUNTED = ("send", "copy", "forward", "edit")
_ROUNDING = 1e-6
"""Without it a caller who waited exactly retry_after could be refused again."""
UNCOUNTED = frozenset({"sendChatAction"})


class Limits(BaseModel):
    """How fast a bot may write; zero lifts a limit. Defaults: Telegram's FAQ on broadcasting limits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bot_per_second: int = Field(30, ge=0)
    paid_per_second: int = Field(1000, ge=0, description="of calls with allow_paid_broadcast, with all others")
    tolerance: int = Field(3, ge=0, description="calls over bot_per_second that a second still lets through")
    chat_per_second: float = Field(1.0, ge=0)
    chat_burst: int = Field(5, ge=1)
    group_per_minute: int = Field(20, ge=0)


def counts(method: str) -> bool:
    """Tell whether a method counts towards the limits."""
    return method.startswith(COUNTED) and method not in UNCOUNTED


class Limiter:
    """Refuses what goes over the limits; what is refused, here or later, does not count."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self._clock = clock
        self._recent: deque[float] = deque()
        self._levels: dict[int, tuple[float, float]] = {}
        self._groups: dict[int, deque[float]] = {}

    def check(self, chat_id: int, *, paid: bool = False) -> None:
        """Raise TooManyRequestsError when one more message to a chat would go over a limit."""
        now = self._clock()
        self._check_bot(now, self.limits.paid_per_second if paid else self.limits.bot_per_second)
        if chat_id < 0:
            self._check_group(chat_id, now)
        over = self._level(chat_id, now) + 1 - self.limits.chat_burst
        if self.limits.chat_per_second and over > _ROUNDING:
            raise TooManyRequestsError(max(1, math.ceil(over / self.limits.chat_per_second)))

    def count(self, chat_id: int) -> None:
        """Count one message to a chat."""
        now = self._clock()
        self._recent.append(now)
        self._levels[chat_id] = (self._level(chat_id, now) + 1, now)
        if chat_id < 0:
            self._groups.setdefault(chat_id, deque()).append(now)

    def _check_bot(self, now: float, allowed: int) -> None:
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        if allowed and len(self._recent) >= allowed + self.limits.tolerance:
            raise TooManyRequestsError(1)

    def _check_group(self, chat_id: int, now: float) -> None:
        recent = self._groups.setdefault(chat_id, deque())
        while recent and recent[0] <= now - 60:
            recent.popleft()
        if self.limits.group_per_minute and len(recent) >= self.limits.group_per_minute:
            raise TooManyRequestsError(max(1, math.ceil(recent[0] + 60 - now)))

    def _level(self, chat_id: int, now: float) -> float:
        level, since = self._levels.get(chat_id, (0.0, now))
        return max(0.0, level - (now - since) * self.limits.chat_per_second)
