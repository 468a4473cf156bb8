"""Holds everybody to the limits per person and per command."""

from collections.abc import Callable, Sequence
from math import ceil

from middlewares.chain import Incoming
from services.jobs import Refusal
from services.limits import Limit, Limiter


class RateLimit:
    """Asks the shared limiter about a whole batch in one round trip.

    Without it, customers' updates go on unchecked (the worker asks again) and privileged acts are refused
    (contract.md, "When a part is away").
    """

    def __init__(self, limiter: Limiter, limits: Callable[[int, str], Sequence[Limit]]) -> None:
        self._limiter = limiter
        self._limits = limits

    def __call__(self, batch: Sequence[Incoming]) -> None:
        """Refuse what comes too fast; only the first refusal is told."""
        try:
            allowances = self._limiter.take([self._limits(i.sender.telegram_id, i.limit) for i in batch])
        except ConnectionError:
            self._unchecked(batch)
            return
        for incoming, allowance in zip(batch, allowances, strict=True):
            if not allowance.granted:
                incoming.refuse(Refusal.TOO_FAST, max(1, ceil(allowance.wait)), silent=not allowance.first)

    def _unchecked(self, batch: Sequence[Incoming]) -> None:
        for incoming in batch:
            if incoming.privileged:
                incoming.refuse(Refusal.UNAVAILABLE)
            else:
                incoming.unchecked = True
