"""Callback queries: each is answered once, in time, or not at all."""

import secrets
import time
from collections import OrderedDict

from sandbox.telegram.errors import BadRequestError

_TOO_LATE = "query is too old and response timeout expired or query ID is invalid"


class CallbackQueries:
    """Queries that wait for their answer."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._open: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def ask(self, chat_id: int) -> str:
        """Open a query from a chat and return its id."""
        now = time.monotonic()
        while self._open and next(iter(self._open.values()))[1] <= now:
            self._open.popitem(last=False)
        query_id = str(secrets.randbits(62))
        self._open[query_id] = (chat_id, now + self._seconds)
        return query_id

    def answer(self, query_id: str) -> int:
        """Close a query and return its chat; raise BadRequestError when it is closed, late or unknown."""
        chat_id, until = self._open.pop(query_id, (0, 0.0))
        if until <= time.monotonic():
            raise BadRequestError(_TOO_LATE)
        return chat_id
