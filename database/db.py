"""The engine, and the unit of work: one transaction, the queries of one bot, and what follows its commit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Engine, create_engine, event, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session, sessionmaker

from database.queries.answer import AnswerQueries
from database.queries.backlog import BacklogQueries
from database.queries.broadcast import BroadcastQueries
from database.queries.conversation import ConversationQueries
from database.queries.delivery import DeliveryQueries
from database.queries.inbox import InboxQueries
from database.queries.knowledge import KnowledgeQueries
from database.queries.message import MessageQueries
from database.queries.role import RoleQueries
from database.queries.schedule import ScheduleQueries
from database.queries.scope import Scope, Vault
from database.queries.user import UserQueries
from database.types import db_now

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


@dataclass
class UnitOfWork:
    """One transaction of one bot. Services change rows through its queries and never commit themselves."""

    session: Session
    scope: Scope
    _after_commit: list[Callable[[], None]] = field(default_factory=list)

    def now(self) -> datetime:
        """Return the database's time."""
        return self.session.execute(select(db_now())).scalar_one()

    def after_commit(self, act: Callable[[], None]) -> None:
        """Remember something that may happen only once the rows are safe, such as a wake-up."""
        self._after_commit.append(act)

    def committed(self) -> None:
        """Perform what waited for the commit."""
        for act in self._after_commit:
            act()

    @cached_property
    def users(self) -> UserQueries:
        """People and their consents."""
        return UserQueries(self.scope)

    @cached_property
    def roles(self) -> RoleQueries:
        """Who of the staff may do what, and the bot's own switches."""
        return RoleQueries(self.scope)

    @cached_property
    def inbox(self) -> InboxQueries:
        """Accepted updates."""
        return InboxQueries(self.scope)

    @cached_property
    def conversations(self) -> ConversationQueries:
        """Who owns which conversation."""
        return ConversationQueries(self.scope)

    @cached_property
    def messages(self) -> MessageQueries:
        """The record of what was said."""
        return MessageQueries(self.scope)

    @cached_property
    def delivery(self) -> DeliveryQueries:
        """Messages on their way out."""
        return DeliveryQueries(self.scope)

    @cached_property
    def broadcasts(self) -> BroadcastQueries:
        """Messages to many."""
        return BroadcastQueries(self.scope)

    @cached_property
    def knowledge(self) -> KnowledgeQueries:
        """The bank's own texts."""
        return KnowledgeQueries(self.scope)

    @cached_property
    def answers(self) -> AnswerQueries:
        """Why answers were said."""
        return AnswerQueries(self.scope)

    @cached_property
    def backlog(self) -> BacklogQueries:
        """What waits, and for how long."""
        return BacklogQueries(self.scope)

    @cached_property
    def schedule(self) -> ScheduleQueries:
        """Scheduled runs and duties."""
        return ScheduleQueries(self.scope)


class Database:
    """The database of one bot, as a process sees it."""

    def __init__(self, engine: Engine, bot_id: int, vault: Vault) -> None:
        self.engine = engine
        self.bot_id = bot_id
        self.vault = vault
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._readers = sessionmaker(engine.execution_options(read_only=True), expire_on_commit=False)

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """Open a transaction: committed when the block ends well, rolled back when it raises."""
        with self._sessions() as session, session.begin():
            uow = self._unit(session)
            yield uow
        uow.committed()

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """Open a transaction that only reads; SQLite then takes no write lock."""
        with self._readers() as session, session.begin():
            yield self._unit(session)

    def ping(self) -> None:
        """Ask the database for anything at all; raises SQLAlchemy's OperationalError when it does not answer."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def _unit(self, session: Session) -> UnitOfWork:
        return UnitOfWork(session, Scope(session, self.bot_id, self.vault))
