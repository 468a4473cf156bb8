"""Fixtures: a private Redis and a private PostgreSQL, each started once per worker process."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from deploy.servers.postgres import start_postgres
from deploy.servers.redis import RedisServer, start_redis


@pytest.fixture(scope="session")
def _redis_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with start_redis(tmp_path_factory.mktemp("redis"), append_only=False) as server:
        yield server


@pytest.fixture(scope="session")
def redis_url(_redis_process: RedisServer) -> str:
    """Address of this worker's own Redis; not emptied between tests, see `redis_server`."""
    return _redis_process.url


@pytest.fixture
def redis_server(_redis_process: RedisServer) -> RedisServer:
    """Empty this worker's own Redis and return it."""
    with redis.Redis.from_url(_redis_process.url) as client:
        client.flushall()
    return _redis_process


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Address (SQLAlchemy's form) of an empty database on this worker's own PostgreSQL.

    Its folder lies outside pytest's, which root's PostgreSQL (run by `nobody`) may not pass through.
    """
    folder = Path(tempfile.mkdtemp(prefix="bot-postgres-"))
    try:
        with start_postgres(folder) as server:
            yield server.create_database("bot")
    finally:
        shutil.rmtree(folder)
