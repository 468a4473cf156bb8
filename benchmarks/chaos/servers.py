"""A PostgreSQL, a Redis and perhaps a RabbitMQ of the run's own, to be killed and started again in their places."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

from benchmarks.installation import wait_until
from deploy.servers.postgres import PostgresServer, start_postgres
from deploy.servers.process import ServerError, ServerProcess
from deploy.servers.rabbitmq import RabbitServer, start_rabbitmq
from deploy.servers.redis import RedisServer, start_redis

_DATABASE = "bot"
_RESTARTS = 20


@dataclass
class Servers:
    """The servers; all of it is called from the main thread, whose end would end them."""

    folder: Path
    postgres: PostgresServer
    redis: RedisServer
    database_url: str
    rabbitmq: RabbitServer | None = None

    def stop(self) -> None:
        """Stop all."""
        if self.rabbitmq:
            self.rabbitmq.stop()
        self.redis.stop()
        self.postgres.stop()

    @property
    def broker_url(self) -> str:
        """Address of the broker."""
        return self.rabbitmq.url if self.rabbitmq else self.redis.url

    def kill_rabbitmq(self) -> None:
        """Kill RabbitMQ."""
        assert self.rabbitmq  # noqa: S101 - struck only where it runs
        _kill(self.rabbitmq.process)

    def start_rabbitmq(self) -> None:
        """Start RabbitMQ again, with what its durable queues hold."""
        assert self.rabbitmq  # noqa: S101 - struck only where it runs
        self.rabbitmq.stop()
        self.rabbitmq = start_rabbitmq(self.rabbitmq.folder, port=self.rabbitmq.port)

    def kill_redis(self) -> None:
        """Kill Redis."""
        _kill(self.redis.process)

    def start_redis(self) -> None:
        """Start Redis again, with what its append-only file holds."""
        self.redis = start_redis(self.folder / "redis", port=self.redis.port)

    def flush_redis(self) -> None:
        """Forget everything in Redis; when it is down already there is nothing to forget."""
        with redis.Redis.from_url(self.redis.url) as client:
            client.flushall()

    def kill_postgres(self) -> None:
        """Kill PostgreSQL's first process; its children notice and end."""
        _kill(self.postgres.process)

    def start_postgres(self) -> None:
        """Start PostgreSQL again; it refuses while a child of the killed one still lives.

        Raises ServerError when it does not come back.
        """
        for _ in range(_RESTARTS):
            try:
                self.postgres = start_postgres(self.postgres.folder, durable=True)
                wait_until(self._takes_connections, 5)
            except (ServerError, TimeoutError):
                time.sleep(0.2)
            else:
                return
        raise ServerError("PostgreSQL did not come back")

    def _takes_connections(self) -> bool:
        try:
            psycopg.connect(host=str(self.postgres.folder), user="postgres", dbname=_DATABASE).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def running_servers(folder: Path, broker: str) -> Iterator[Servers]:
    """Start them with an empty database; they keep what was committed over a kill, and end with the block."""
    folder.chmod(0o711)  # root's PostgreSQL is run by another account, which has to pass through
    with ExitStack() as stack:
        postgres = start_postgres(folder / "pg", durable=True)
        servers = Servers(folder, postgres, start_redis(folder / "redis"), postgres.create_database(_DATABASE))
        stack.callback(servers.stop)
        if broker == "rabbitmq":
            servers.rabbitmq = start_rabbitmq(folder / "rabbitmq")
        yield servers


def _kill(process: ServerProcess) -> None:
    if process.exit_code() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.stop()
