"""Starts the trace of each update."""

from collections.abc import Sequence

from middlewares.chain import Incoming
from utils.tracing import current_traceparent, span


class Trace:
    """Gives every update a trace of its own, which its row and its jobs carry on."""

    def __call__(self, batch: Sequence[Incoming]) -> None:
        """Start a trace per update."""
        for incoming in batch:
            with span("ingest"):
                incoming.traceparent = current_traceparent()
