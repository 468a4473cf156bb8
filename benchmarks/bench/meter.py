"""Reads what processes, PostgreSQL and Redis used so far: processor time, memory, commits, round trips, bytes."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Self

from redis import Redis
from sqlalchemy import create_engine, text

from benchmarks.bench.stage import Stage
from benchmarks.installation import System

_TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
_SETTLED = 1.5  # seconds until PostgreSQL's idle backends have handed in their counts (PGSTAT_IDLE_INTERVAL is 10 s,
# but a backend that ends a transaction reports at once when its last report is a second old)
_TABLES = "SELECT relname FROM pg_stat_user_tables"
_DATABASE = """SELECT xact_commit + xact_rollback, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0'),
    (SELECT sum(pg_total_relation_size(relid)) FROM pg_stat_user_tables)
    FROM pg_stat_database WHERE datname = current_database()"""


def cpu_ms(process: int) -> float:
    """Return the processor time of a process and its children, those that ended included, in milliseconds."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own = sum(int(field) for field in fields[11:15])  # utime, stime, cutime, cstime (proc_pid_stat(5))
    return own * _TICK_MS + sum(cpu_ms(child) for child in _children(process))


def resident_mb(process: int) -> float:
    """Return the resident memory of a process, without children, in MB (a million bytes)."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024 / 1e6


def _children(process: int) -> Iterable[int]:
    try:
        lines = Path(f"/proc/{process}/task/{process}/children").read_text()
    except FileNotFoundError:
        return ()
    return [int(word) for word in lines.split()]


@dataclass(frozen=True)
class Used:
    """What was used up to a moment, or between two: times in ms; commits and round trips as counted by the servers."""

    front: float
    workers: float
    postgres: float
    redis: float
    transactions: float
    wal_bytes: float
    rows: float
    stored_bytes: float
    round_trips: float

    def per_question(self, before: Self, number: int) -> "Used":
        """Return what one of `number` questions used since an earlier reading."""
        return Used(*((getattr(self, name) - getattr(before, name)) / number for name in self.__dataclass_fields__))


def read_used(stage: Stage, system: System) -> Used:
    """Read everything at once."""
    sleep(_SETTLED)
    engine = create_engine(system.environment["DATABASE_URL"])
    with engine.connect() as connection:
        transactions, wal, stored = connection.execute(text(_DATABASE)).one()
        tables = list(connection.scalars(text(_TABLES)))
        counts = [f"SELECT count(*) FROM {table}" for table in tables]  # noqa: S608 - names from the catalogue
        rows = sum(connection.scalars(text(count)).one() for count in counts)
    engine.dispose()
    with Redis.from_url(stage.redis_url) as redis:
        figures = redis.info()
    return Used(
        front=cpu_ms(system.parts["bot"].pid),
        workers=cpu_ms(system.parts["worker"].pid),
        postgres=cpu_ms(stage.postgres.process.pid),
        redis=cpu_ms(figures["process_id"]),
        transactions=float(transactions),
        wal_bytes=float(wal),
        rows=float(rows),
        stored_bytes=float(stored),
        round_trips=float(figures["total_reads_processed"]),
    )
