"""Benchmark 4: what one answered question costs: processor time, statements, round trips, bytes, rows."""

from benchmarks.bench.figures import Figure, at_most
from benchmarks.bench.listening import payload_of, statements_of
from benchmarks.bench.load import ask
from benchmarks.bench.meter import cpu_ms, read_used
from benchmarks.bench.model import running_model
from benchmarks.bench.site import installation, simple_bot
from benchmarks.bench.stage import Stage
from services.queue_service import QUEUES

_RATE = 20  # questions a second
_LATENCY = 0.5
_LISTENED = 60  # questions while statements are logged and payloads read, which costs time of its own
# As printed when they were last changed on purpose, and a tenth: batches differ a little from run to run.
_MOST_STATEMENTS, _MOST_TRANSACTIONS, _MOST_ROUND_TRIPS, _MOST_BYTES = 34, 12, 10, 1100


def run(stage: Stage) -> list[Figure]:
    """Measure at a steady rate; the baseline is the simple bot's processor time."""
    number = stage.scale(400, 200)
    with running_model(_LATENCY) as model:
        with installation(stage, model) as system:
            ask(system.sandbox, _RATE, 60)
            before = read_used(stage, system)
            _all_answered(ask(system.sandbox, _RATE, number))
            used = read_used(stage, system).per_question(before, number)

            def listened() -> None:
                _all_answered(ask(system.sandbox, _RATE, _LISTENED))

            statements = statements_of(stage, listened) / _LISTENED
            payload = payload_of(stage.redis_url, QUEUES, listened) / _LISTENED
        with simple_bot(stage, model) as (sandbox, process):
            ask(sandbox, _RATE, 60)
            started = cpu_ms(process)
            answered = [wait for wait in ask(sandbox, _RATE, number) if wait < float("inf")]  # it may lose some
            simple = (cpu_ms(process) - started) / len(answered)
    return [
        Figure("a question: processor time of the front", used.front, "ms"),
        Figure("a question: processor time of the worker", used.workers, "ms"),
        Figure("a question: processor time of PostgreSQL", used.postgres, "ms"),
        Figure("a question: processor time of Redis", used.redis, "ms"),
        Figure("a question: processor time of front and worker", used.front + used.workers, "ms", baseline=simple),
        Figure("a question: SQL statements", statements, "statements", at_most(_MOST_STATEMENTS)),
        Figure("a question: transactions", used.transactions, "transactions", at_most(_MOST_TRANSACTIONS)),
        Figure("a question: round trips to Redis", used.round_trips, "round trips", at_most(_MOST_ROUND_TRIPS)),
        Figure("a question: job payload", payload, "bytes", at_most(_MOST_BYTES)),
        Figure("a question: rows left behind", used.rows, "rows"),
        Figure("a question: bytes of tables and indexes", used.stored_bytes, "bytes"),
        Figure("a question: bytes of the write-ahead log", used.wal_bytes, "bytes"),
    ]


def _all_answered(waits: list[float]) -> None:
    if float("inf") in waits:
        raise TimeoutError(f"{waits.count(float('inf'))} questions were not answered")
