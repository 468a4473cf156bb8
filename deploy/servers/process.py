"""A server process of our own: started guarded, awaited until it answers, stopped for sure."""

import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from deploy.guard import guarded

_POLL_SECONDS = 0.02
_LOG_LINES_SHOWN = 8


class ServerError(RuntimeError):
    """A private server could not be found or started; the message is for the person at the terminal."""


def free_port() -> int:
    """Return a TCP port of the loopback that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def last_lines(log: Path, count: int = _LOG_LINES_SHOWN) -> str:
    """Return the end of a log file, empty when there is none."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])


class ServerProcess:
    """One running server: its output goes to `log`, and it ends with this process whatever happens."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        stop_signal: signal.Signals,
        user: str | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self._stop_signal = stop_signal
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                guarded(command, stop_signal, user=user),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=log.parent,
                start_new_session=True,  # Ctrl-C at the terminal reaches us, and we end the server
            )

    @property
    def pid(self) -> int:
        """Process id of the server."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """Return the exit code, `None` while the server runs."""
        return self._process.poll()

    def wait_until(self, ready: Callable[[], bool], *, seconds: float = 20) -> Self:
        """Return once `ready` holds; raise ServerError with the log's end when it dies or takes too long."""
        deadline = time.monotonic() + seconds
        while True:
            answered = ready()
            if self.exit_code() is not None:
                raise ServerError(f"{self.name} ended with code {self.exit_code()}:\n{last_lines(self.log)}")
            if answered:
                return self
            if time.monotonic() > deadline:
                self.stop()
                raise ServerError(f"{self.name} did not answer in {seconds:g} s:\n{last_lines(self.log)}")
            time.sleep(_POLL_SECONDS)

    def stop(self, *, seconds: float = 10) -> None:
        """Ask the server to end and kill it when it does not; does nothing when it has ended."""
        self._process.send_signal(self._stop_signal)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
