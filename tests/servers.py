"""Fixtures: a private Redis and a private PostgreSQL, each started once per worker process, and a port for nobody."""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import redis

from deploy.servers.postgres import PostgresServer, start_postgres
from deploy.servers.redis import RedisServer, start_redis


@pytest.fixture(scope="session")
def _redis_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with start_redis(tmp_path_factory.mktemp("redis"), append_only=False) as server:
        yield server


@pytest.fixture(scope="session")
def redis_url(_redis_process: RedisServer) -> str:
    """Return the address of this worker's own Redis; not emptied between tests, see `redis_server`."""
    return _redis_process.url


@pytest.fixture
def redis_server(_redis_process: RedisServer) -> RedisServer:
    """Empty this worker's own Redis and return it."""
    with redis.Redis.from_url(_redis_process.url) as client:
        client.flushall()
    return _redis_process


@pytest.fixture
def dead_port() -> Iterator[int]:
    """Return a port of the loopback that nobody listens on, nor will: it is taken while the test lasts."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Start this worker's own PostgreSQL.

    Its folder lies outside pytest's, which root's PostgreSQL (run by `nobody`) may not pass through.
    """
    folder = Path(tempfile.mkdtemp(prefix="bot-postgres-"))
    try:
        with start_postgres(folder) as server:
            yield server
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_url(postgres_server: PostgresServer) -> str:
    """Return the address (SQLAlchemy's form) of a database that this worker's tests share."""
    return postgres_server.create_database("bot")


@pytest.fixture
def new_postgres_url(postgres_server: PostgresServer) -> str:
    """Return the address of an empty database of the test's own; it takes a tenth of a second to make."""
    return postgres_server.create_database(f"bot_{uuid4().hex}")
