"""Where one product runs on this machine: its folder, its ports, its lock; checked before anything starts."""

import fcntl
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.launcher.part import LauncherError
from deploy.servers.process import free_port

_LAST_PORT = 65535


@dataclass(frozen=True)
class Port:
    """A port that a part listens on, and the setting that moves it."""

    purpose: str
    setting: str
    number: int

    @classmethod
    def read(cls, environment: Mapping[str, str], setting: str, default: int, purpose: str) -> "Port":
        """Read the port from the environment. Raises LauncherError when it is not one."""
        value = environment.get(setting) or str(default)
        if not (value.isdecimal() and 0 < int(value) <= _LAST_PORT):
            raise LauncherError(f"{setting} must be a port number from 1 to {_LAST_PORT}, not {value!r}.")
        return cls(purpose, setting, int(value))

    def is_free(self) -> bool:
        """Tell whether nobody listens on it, on any of this machine's addresses."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("", self.number))
            except OSError:
                return False
            return True


def check_ports(ports: Sequence[Port]) -> None:
    """Raise LauncherError naming each port that is taken and the setting that moves it."""
    complaints = [
        f"Port {port.number} is taken; it is needed for {port.purpose}. "
        f"End what uses it, or choose another one: {port.setting}={free_port()}"
        for port in ports
        if not port.is_free()
    ]
    if complaints:
        raise LauncherError("\n".join(complaints))


def kept_port(note: Path) -> int:
    """Return the port noted in a file when it is still free, else a free one, noted for the next start."""
    noted = note.read_text().strip() if note.exists() else ""
    if noted.isdecimal() and Port("Redis", "", int(noted)).is_free():
        return int(noted)
    note.parent.mkdir(parents=True, exist_ok=True)
    number = free_port()
    note.write_text(f"{number}\n")
    return number


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the kernel lets go of it when this process ends. Raises LauncherError when it is held."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "launcher.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise LauncherError(f"It runs already (process {lock.read().strip()}); end that one first.") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
