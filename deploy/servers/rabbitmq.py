"""A private RabbitMQ on the loopback, for tests and measurements: Debian's package, without its service."""

import os
import shutil
import signal
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from deploy.servers.process import ServerError, ServerProcess, free_port

_HOST = "127.0.0.1"
_SCRIPTS = ("/usr/lib/rabbitmq/bin", "/usr/local/lib/rabbitmq/bin")  # behind Debian's wrapper, which changes the user
_START_SECONDS = 60
_NOT_FOUND = "No rabbitmq-server on this machine. Debian, Ubuntu: apt install rabbitmq-server, its service may be off."


@dataclass(frozen=True)
class RabbitServer:
    """A running private RabbitMQ; a context manager that stops it."""

    folder: Path
    port: int
    names: ServerProcess
    process: ServerProcess

    @property
    def url(self) -> str:
        """Address for Celery's broker."""
        return f"amqp://guest:guest@{_HOST}:{self.port}//"

    def stop(self) -> None:
        """Stop it; what durable queues hold is there at the next start."""
        self.process.stop()
        self.names.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def find_rabbitmq() -> str:
    """Return the path of the server's script; raises ServerError, which says what to install."""
    if (found := shutil.which("rabbitmq-server", path=os.pathsep.join(_SCRIPTS))) and shutil.which("epmd"):
        return found
    raise ServerError(_NOT_FOUND)


def start_rabbitmq(folder: Path, *, port: int | None = None) -> RabbitServer:
    """Start a RabbitMQ that keeps its data in `folder`, and wait until it takes connections; raises ServerError.

    Erlang's nodes find each other through epmd; it gets one of its own, in the foreground, that ends with us.
    """
    binary = find_rabbitmq()
    folder.mkdir(parents=True, exist_ok=True)
    folder, port = folder.resolve(), port or free_port()
    names_port, log = free_port(), folder / "rabbitmq.log"
    names = ServerProcess(
        "epmd",
        [shutil.which("epmd") or "epmd", "-port", str(names_port), "-address", _HOST],
        log=folder / "epmd.log",
        stop_signal=signal.SIGKILL,
    )
    settings = _settings(folder, port, names_port)
    command = ["/usr/bin/env", "-i", *(f"{name}={value}" for name, value in settings.items()), binary]
    process = ServerProcess("RabbitMQ", command, log=log, stop_signal=signal.SIGTERM)
    try:
        process.wait_until(lambda: _takes_connections(port), seconds=_START_SECONDS)
    except ServerError:
        names.stop()
        raise
    return RabbitServer(folder, port, names, process)


def _settings(folder: Path, port: int, names_port: int) -> dict[str, str | int]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),  # of the cookie by which Erlang's nodes know each other
        "NOTIFY_SOCKET": str(folder / "nobody"),  # as under systemd, the script then becomes the server
        "ERL_EPMD_ADDRESS": _HOST,
        "ERL_EPMD_PORT": names_port,
        "RABBITMQ_NODENAME": "bank@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": _HOST,
        "RABBITMQ_NODE_PORT": port,
        "RABBITMQ_DIST_PORT": free_port(),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "environment"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
    }


def _takes_connections(port: int) -> bool:
    """Ask for AMQP 0-9-1; the server answers with its first frame once it is up."""
    try:
        with socket.create_connection((_HOST, port), timeout=1) as connection:
            connection.sendall(b"AMQP\x00\x00\x09\x01")
            return bool(connection.recv(1))
    except OSError:
        return False
