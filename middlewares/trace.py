"""Gives each update of a batch a trace, from its arrival to its commit."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from middlewares.chain import Incoming
from utils.conventions import messaging
from utils.tracing import SpanKind, spans


@contextmanager
def ingest(batch: Sequence[Incoming]) -> Iterator[None]:
    """Run a block in which a batch becomes rows; each update's row and jobs carry its trace on."""
    attributes = messaging("telegram", "process", "ingest", messages=len(batch))
    with spans("ingest", [None] * len(batch), kind=SpanKind.CONSUMER, attributes=attributes) as traces:
        for incoming, traceparent in zip(batch, traces, strict=True):
            incoming.traceparent = traceparent
        yield
