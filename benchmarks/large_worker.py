"""`python -m benchmarks.large_worker [--people N]`: a whole worker while a broadcast to a million goes out."""

import argparse
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from benchmarks.bench.delivery import LIMIT, audience, broadcast
from benchmarks.bench.figures import percentile
from benchmarks.bench.load import ask, new_people
from benchmarks.bench.meter import resident_mb
from benchmarks.bench.model import running_model
from benchmarks.bench.stage import staged
from benchmarks.installation import TOKEN, System, wait_until

_REACHED = (
    3_000  # the first on the list, whom the sandbox knows: at the limit they are served for longer than this takes
)
_LATENCY, _ANSWERS, _QUESTIONS = 0.5, 8, 240
_OTHERS = """
INSERT INTO users (
    id, bot_id, telegram_id, language, mode, step, tier, phone_shared, barred_told, consent_version, created_at, seen_at
)
SELECT gen_random_uuid(), :bot, :above + n, 'ru', 'auto', 'done', 'confirmed', false, false, 'benchmark', now(), now()
FROM generate_series(1, :people) AS n
"""
_APART = 1_000_000  # between the accounts of those whom the sandbox knows and the others: who asks questions is there
_LISTED = "SELECT extract(epoch FROM frozen_at - started_at) FROM broadcasts"
_WRITTEN = """
SELECT extract(epoch FROM min(messages.created_at) - min(started_at))
FROM messages JOIN broadcasts ON broadcasts.id = broadcast_id
"""


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=1_000_000)
    people: int = options.parse_args().people
    reached = new_people(_REACHED)
    settings = {"BROADCAST_APPROVAL_ABOVE": str(people)}
    with (
        staged(quick=False) as stage,
        running_model(_LATENCY) as model,
        audience(stage, model, LIMIT, reached, settings) as system,
    ):
        engine = create_engine(system.environment["DATABASE_URL"])
        _register(engine, people - len(reached), max(reached) + _APART)
        _measure(system, engine, people)
        engine.dispose()


def _register(engine: Engine, people: int, above: int) -> None:
    """Let these people have registered too, after those whom the sandbox knows."""
    with engine.begin() as connection:
        connection.execute(text(_OTHERS), {"bot": int(TOKEN.partition(":")[0]), "above": above, "people": people})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE users"))


def _measure(system: System, engine: Engine, people: int) -> None:
    ask(system.sandbox, _ANSWERS, 40)
    quiet = ask(system.sandbox, _ANSWERS, _QUESTIONS)
    worker = system.parts["worker"].pid
    print(f"{resident_mb(worker):8.1f} MB: the worker before")
    broadcast(system.sandbox)
    beside = ask(system.sandbox, _ANSWERS, _QUESTIONS, wait=60)
    wait_until(lambda: _seconds(engine, _LISTED) is not None, 600, "the whole list")
    print(f"{_seconds(engine, _WRITTEN):8.2f} s from the start until the first messages were in the outbox")
    print(f"{_seconds(engine, _LISTED):8.2f} s from the start until the list of {people:,} was written")
    print(f"{_most_mb(worker):8.1f} MB: the most that the worker had")
    before, after = (percentile(times, 95) * 1000 for times in (quiet, beside))
    print(f"{before:8.1f} ms: answers' p95 before; {after:.1f} ms beside it, {after / before:.2f} times as long")


def _seconds(engine: Engine, query: str) -> float | None:
    with engine.connect() as connection:
        found = connection.execute(text(query)).scalar_one()
    return None if found is None else float(found)


def _most_mb(process: int) -> float:
    """Return the most resident memory that a process ever had, in MB (a million bytes)."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6


if __name__ == "__main__":
    main()
