"""Listens in on the servers: statements by PostgreSQL's own log, messages of the queues by Redis's MONITOR."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from time import sleep
from typing import Any, cast

from redis import Redis
from sqlalchemy import create_engine, text

from benchmarks.bench.stage import Stage

_STATEMENT = re.compile(r"LOG:  (?:statement|execute [^:]+): (?!BEGIN|COMMIT|ROLLBACK)")
_APPLIED = 0.5  # seconds until running backends have seen a changed setting


def statements_of(stage: Stage, act: Callable[[], object]) -> int:
    """Return how many statements PostgreSQL ran meanwhile; those that begin and end transactions left out."""
    log = stage.postgres.process.log
    with _logged(stage):
        start = log.stat().st_size
        act()
    with log.open("rb") as lines:
        lines.seek(start)
        return len(_STATEMENT.findall(lines.read().decode(errors="replace")))


@contextmanager
def _logged(stage: Stage) -> Iterator[None]:
    engine = create_engine(stage.postgres.url("postgres"), isolation_level="AUTOCOMMIT")

    def tell(statement: str) -> None:
        with engine.connect() as connection:
            connection.execute(text(statement))
            connection.execute(text("SELECT pg_reload_conf()"))
        sleep(_APPLIED)

    tell("ALTER SYSTEM SET log_statement = 'all'")
    try:
        yield
    finally:
        tell("ALTER SYSTEM RESET log_statement")
        engine.dispose()


def payload_of(redis_url: str, queues: tuple[str, ...], act: Callable[[], object]) -> int:
    """Return how many bytes of messages were put into these queues meanwhile."""
    listening = Event()
    with ThreadPoolExecutor(1) as threads, Redis.from_url(redis_url) as redis:
        heard = threads.submit(_bytes_pushed, redis_url, queues, listening)
        try:
            listening.wait(10)
            act()
        finally:
            cast("Any", redis).echo(_END)
        return heard.result(20)


_END = "the measurement has ended"


def _bytes_pushed(redis_url: str, queues: tuple[str, ...], listening: Event) -> int:
    pushes = tuple(f"LPUSH {queue} " for queue in queues)
    pushed = 0
    with Redis.from_url(redis_url) as redis, redis.monitor() as monitor:
        listening.set()
        for line in monitor.listen():
            command = line["command"]
            if command == f"ECHO {_END}":
                break
            pushed += sum(len(command) - len(push) for push in pushes if command.startswith(push))
    return pushed
