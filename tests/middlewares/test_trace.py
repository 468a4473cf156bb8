"""Every update gets a trace of its own while tracing is on, and none while it is off."""

import subprocess
import sys

from config import ROOT
from middlewares.chain import Incoming
from middlewares.trace import ingest
from services.access import Permission
from services.jobs import Sender

# A process of its own: OpenTelemetry takes one provider for the whole life of a process.
PROGRAM = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from middlewares.chain import Incoming
from middlewares.trace import ingest
from services.access import Permission
from services.jobs import Sender
trace.set_tracer_provider(TracerProvider())
batch = [Incoming(Sender(telegram_id=number), Permission.TALK, "message") for number in range(2)]
with ingest(batch):
    print(*(incoming.traceparent for incoming in batch))
"""


def test_each_update_has_a_trace_of_its_own() -> None:
    command = [sys.executable, "-W", "error", "-c", PROGRAM]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=True)
    first, second = (traceparent.split("-") for traceparent in result.stdout.split())
    assert [len(part) for part in first] == [2, 32, 16, 2]
    assert first[1] != second[1]
    assert all(int(flags, 16) & 1 for *_, flags in (first, second))  # W3C Trace Context, "sampled"


def test_nothing_while_tracing_is_off() -> None:
    incoming = Incoming(Sender(telegram_id=1), Permission.TALK, "message")
    with ingest([incoming]):
        assert incoming.traceparent is None
