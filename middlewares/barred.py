"""Keeps out whom the bank bars; the worker looks at their row once more."""

from collections.abc import Sequence

from middlewares.chain import Incoming
from services.jobs import Refusal
from services.ports import Barred


class KeepOut:
    """Refuses what people send whom the bank bars, in silence once they were told."""

    def __init__(self, barred: Barred) -> None:
        self._barred = barred

    def __call__(self, batch: Sequence[Incoming]) -> None:
        """Refuse what comes from them."""
        barred = self._barred.barred()
        for incoming in batch:
            told = barred.get(incoming.sender.telegram_id)
            if told is not None:
                incoming.refuse(Refusal.BARRED, silent=told)
