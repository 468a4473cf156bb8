"""The whole product as processes on loopback, as the tests see it: `benchmarks.installation` has it.

What each installation would make anew for itself is made once per worker process: the sandbox's types, by running it in
a thread here, and the prepared database, which is copied.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.installation import (
    ADMIN,
    COMMANDS,
    MODERATOR,
    ROOT,
    SECOND_MODERATOR,
    TOKEN,
    System,
    bare_system,
    environment_of,
    prepare,
    wait_until,
)
from deploy.servers.postgres import restore, start_postgres
from deploy.servers.process import free_port
from sandbox.client import SandboxClient
from sandbox.running import running_sandbox
from sandbox.settings import Settings
from sandbox.telegram.limits import Limits
from tests.warm import manage
from utils.encryption import generate_key

__all__ = [
    "ADMIN",
    "COMMANDS",
    "LONGEST_START",
    "MODERATOR",
    "ROOT",
    "SECOND_MODERATOR",
    "System",
    "environment_of",
    "free_port",
    "prepared_system",
    "running_system",
    "wait_until",
]

# A prepared database is read with the keys that it was written with.
_KEYS = {"ENCRYPTION_KEY": generate_key(), "BLIND_INDEX_KEY": generate_key()}
_SQLITE = "sqlite:///"
_NOWHERE = "127.0.0.1:9"

LONGEST_START = 120  # seconds: many processes start at once, and one that is up is waited for no longer


@contextmanager
def _sandbox(_folder: Path) -> Iterator[str]:
    limits = Limits(bot_per_second=0, chat_per_second=0)
    with running_sandbox(Settings(port=0, bot_token=TOKEN, page=False, limits=limits)) as running:
        yield running.address


def _prepare(folder: Path, database_url: str) -> None:
    environment = environment_of(folder, database_url, f"redis://{_NOWHERE}/0", f"http://{_NOWHERE}", TOKEN) | _KEYS
    with SandboxClient(f"http://{_NOWHERE}", TOKEN) as nobody:
        prepare(System(folder, environment, nobody, manage))


@cache
def _prepared_sqlite() -> bytes:
    """Return the file of a database as `manage.py prepare` leaves it."""
    with TemporaryDirectory() as name:
        file = Path(name) / "bot.db"
        _prepare(Path(name), f"{_SQLITE}{file}")
        with closing(sqlite3.connect(file)) as connection:  # the command has left what it wrote in the log beside it
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return file.read_bytes()


@cache
def _prepared_postgres() -> str:
    """Return the SQL of the same."""
    with TemporaryDirectory(prefix="bot-postgres-") as name, start_postgres(Path(name)) as server:
        _prepare(Path(name), server.create_database("bot"))
        return server.dump("bot")


@contextmanager
def prepared_system(folder: Path, database_url: str, redis_url: str, extra: Mapping[str, str]) -> Iterator[System]:
    """Prepare an installation and start its sandbox, but no part of the product; all is stopped at the end."""
    with bare_system(folder, database_url, redis_url, {**_KEYS, **extra}, _sandbox) as system:
        system.command = manage
        if database_url.startswith(_SQLITE):
            Path(database_url.removeprefix(_SQLITE)).write_bytes(_prepared_sqlite())
        else:
            restore(database_url, _prepared_postgres())
        yield system


@contextmanager
def running_system(folder: Path, database_url: str, redis_url: str, **extra: str) -> Iterator[System]:
    """Start an installation with the demo's knowledge and staff; everything is stopped at the end."""
    with prepared_system(folder, database_url, redis_url, extra) as system:
        system.start("bot")
        system.start("worker")
        wait_until(lambda: "ready." in system.output("worker"), LONGEST_START, "the worker")
        yield system
