"""What every query is given: a session, the bot whose rows it may touch, and the keys that open them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, Result, Table, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from database.models import Base, Bot
from database.types import db_now
from utils.encryption import BlindIndex, Keyring

_NOW = select(db_now())
_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


@dataclass(frozen=True)
class Vault:
    """Keys for what is personal: one ring seals columns, one keyed hash finds phones."""

    keyring: Keyring
    index: BlindIndex

    def seal(self, text: str, identity: str) -> bytes:
        """Seal a text for the row named by `identity`."""
        return self.keyring.seal(text.encode(), identity)

    def open(self, token: bytes, identity: str) -> str:
        """Open what `seal` made for the same row; raises EncryptionError otherwise."""
        return self.keyring.open(token, identity).decode()


@dataclass(frozen=True)
class Scope:
    """One bot's view of one transaction; `notes` are what its queries have to say of it in the end."""

    session: Session
    bot_id: int
    vault: Vault
    notes: set[str] = field(default_factory=set)
    _told: list[datetime] = field(default_factory=list, init=False)

    @property
    def now(self) -> datetime:
        """The database's time when the transaction first asked for it.

        Kept by hand: before Python 3.12 `cached_property` asks under one lock for all threads, and whoever held the
        write lock of SQLite waited there for one who waited for that lock.
        """
        if not self._told:
            self._told.append(self.session.connection().execute(_NOW).scalar_one())
        return self._told[0]


@dataclass(frozen=True)
class Queries:
    """Base of the query classes: shorthand for the scope."""

    scope: Scope

    @property
    def session(self) -> Session:
        """The transaction's session."""
        return self.scope.session

    @property
    def bot_id(self) -> int:
        """The bot whose rows these are."""
        return self.scope.bot_id

    @property
    def vault(self) -> Vault:
        """The keys."""
        return self.scope.vault

    def insert_new(self, model: type[Base], rows: Sequence[dict[str, Any]]) -> int:
        """Insert rows, skipping those whose key is there already; returns how many were new.

        One statement, compiled once, for any number of rows: a VALUES list of their length cost half the front's time.
        """
        connection = self.session.connection()
        return rowcount(connection.execute(_insert_new(model, connection.dialect.name), list(rows)))

    def be_alone(self, name: str) -> None:
        """Let nobody else past a call with this name until the commit: for what no row stands for yet.

        In SQLite whoever writes is alone anyway.
        """
        connection = self.session.connection()
        if connection.dialect.name == "postgresql":
            connection.execute(_ALONE, {"name": f"{self.bot_id}:{name}"})

    def keep_bot(self, bot: Bot) -> None:
        """Keep the bot's own row for this transaction: the session alone would forget it, and ask for it again."""
        self.session.info["bot"] = bot

    def run(
        self, statement: Executable, parameters: Mapping[str, object] | Sequence[Mapping[str, object]]
    ) -> Result[*tuple[Any, ...]]:
        """Run a statement on tables that was built once: past the ORM, whose share would be most of its time."""
        self.session.flush()
        return self.session.connection().execute(statement, parameters)

    def execute(self, statement: Executable) -> Result[Any]:
        """Run a statement; objects already loaded are not brought in step with it, callers load afresh."""
        options = {"synchronize_session": False, "preserve_rowcount": True}  # an INSERT's is lost without being asked
        return self.session.execute(statement, execution_options=options)


@cache
def _insert_new(model: type[Base], dialect: str) -> Executable:
    insert = postgresql.insert(model) if dialect == "postgresql" else sqlite.insert(model)
    return insert.on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def rowcount(result: Result[Any]) -> int:
    """Return how many rows a statement changed."""
    return int(result.rowcount)  # type: ignore[attr-defined]  # a CursorResult, which Session.execute does not promise


def table(model: type[Base]) -> Table:
    """Return the table of a mapped class, for statements that need no objects."""
    assert isinstance(model.__table__, Table)  # noqa: S101 - tells mypy what a mapped class's table is
    return model.__table__
