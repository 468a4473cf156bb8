"""The database of one bot: transactions that write, and those that only read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from database.queries.scope import Scope, Vault
from database.unit_of_work import UnitOfWork

__all__ = ["Database", "UnitOfWork"]


class Database:
    """The database of one bot, as a process sees it."""

    def __init__(self, engine: Engine, bot_id: int, vault: Vault) -> None:
        self.engine = engine
        self.bot_id = bot_id
        self.vault = vault
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._readers = sessionmaker(engine.execution_options(**_reading(engine)), expire_on_commit=False)

    @property
    def system(self) -> str:
        """What it is, named as in OpenTelemetry's conventions: "postgresql" or "sqlite"."""
        return self.engine.dialect.name

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """Open a transaction: committed when the block ends well, rolled back when it raises."""
        with self._sessions() as session, session.begin():
            uow = self._unit(session)
            yield uow
            uow.audit.write()
        uow.committed()

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """Open a unit that only reads; SQLite then takes no write lock, PostgreSQL a round trip for each statement.

        Raises RuntimeError if an act was recorded in it.
        """
        with self._readers() as session, session.begin():
            uow = self._unit(session)
            yield uow
        if uow.audit.recorded:
            raise RuntimeError("an act was recorded in a unit that only reads, and is lost")

    def ping(self) -> None:
        """Ask the database for anything at all; raises SQLAlchemy's OperationalError when it does not answer."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def _unit(self, session: Session) -> UnitOfWork:
        return UnitOfWork(session, Scope(session, self.bot_id, self.vault))


def _reading(engine: Engine) -> dict[str, Any]:
    """Return the options of connections that only read.

    PostgreSQL's default, READ COMMITTED, gives each statement a snapshot of its own within a transaction too: without
    one a read of one statement is one round trip instead of three.
    """
    options: dict[str, Any] = {"read_only": True}
    return options | {"isolation_level": "AUTOCOMMIT"} if engine.dialect.name == "postgresql" else options
