"""The engine: how a process connects to PostgreSQL or SQLite."""

from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError

_BUSY_SECONDS = 15.0
_IDLE_SECONDS = 10.0


def make_engine(url: str, pool_size: int = 10) -> Engine:
    """Return an engine for PostgreSQL or SQLite; SQLite gets WAL and transactions that lock at their start.

    (Deferred transactions failed 450 of 540 write attempts in a trial: contract.md, "States".)
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_recycle=1800,
        hide_parameters=True,  # errors are logged, and parameters may be personal
    )
    _ask_idle_connections(engine)
    return engine


def _ask_idle_connections(engine: Engine) -> None:
    """Ask a connection whether it lives before it is used again, if nobody used it for a while.

    (Asking each time, as `pool_pre_ping` does, cost an eighth of a worker's time.)
    """

    @event.listens_for(engine, "checkin")
    def _left(_connection: Any, record: Any) -> None:
        record.info["left_at"] = monotonic()

    @event.listens_for(engine, "checkout")
    def _taken(connection: Any, record: Any, _proxy: Any) -> None:
        if monotonic() - record.info.get("left_at", monotonic()) < _IDLE_SECONDS:
            return
        try:
            connection.execute("SELECT 1")
            connection.rollback()
        except connection.Error as error:
            raise DisconnectionError from error


def _sqlite_engine(url: str) -> Engine:
    if (path := make_url(url).database) and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's "begin" event decides how a transaction starts
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        read_only = connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine
