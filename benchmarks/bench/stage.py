"""What every benchmark stands on: a PostgreSQL and a Redis of its own, and child processes pinned to a core."""

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from redis import Redis

from deploy.servers.postgres import PostgresServer, start_postgres
from deploy.servers.redis import start_redis

CORE = 0  # the core of the process under test; servers and load take the others


@dataclass
class Stage:
    """The servers of one benchmark run."""

    folder: Path
    postgres: PostgresServer
    redis_url: str
    quick: bool
    _numbers: Iterator[int]

    def database(self) -> str:
        """Return the address of a new, empty database."""
        return self.postgres.create_database(f"bench{next(self._numbers)}")

    def clean_redis(self) -> str:
        """Return the address of the Redis, emptied: nothing waits there from a measurement before."""
        with Redis.from_url(self.redis_url) as redis:
            redis.flushall()
        return self.redis_url

    def room(self, name: str) -> Path:
        """Return a new folder for an installation."""
        folder = self.folder / f"{name}-{next(self._numbers)}"
        folder.mkdir()
        return folder

    def scale(self, number: int, quick: int) -> int:
        """Return how much to do: the whole, or what a quick run does."""
        return quick if self.quick else number


@contextmanager
def staged(*, quick: bool) -> Iterator[Stage]:
    """Start the servers; they and their folders are gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        tempfile.TemporaryDirectory(prefix="bench-postgres-") as data,
        start_redis(Path(folder)) as redis,
        start_postgres(Path(data)) as postgres,
    ):
        yield Stage(Path(folder), postgres, redis.url, quick, count(1))


def measured_apart(act: Callable[..., Any], environment: Mapping[str, str], *arguments: Any) -> Any:
    """Run a function in a fresh process on one core, with these settings, and return what it returned."""
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(sending, act, dict(environment), arguments))
    process.start()
    sending.close()
    try:
        done, result = receiving.recv()
    except EOFError:
        done, result = False, f"the process ended with {process.exitcode}"
    process.join()
    if not done:
        raise RuntimeError(f"{act.__name__}: {result}")
    return result


def _child(sending: Any, act: Callable[..., Any], environment: dict[str, str], arguments: tuple[Any, ...]) -> None:
    os.sched_setaffinity(0, {CORE})
    os.environ.update(environment)
    try:
        sending.send((True, act(*arguments)))
    except Exception as error:  # noqa: BLE001 - the parent raises it again
        sending.send((False, repr(error)))
