"""Fixtures: a migrated database of each kind, shared by a worker process; each test is a bot of its own in it."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from config import ROOT
from database.db import Database
from database.engine import make_engine
from database.queries.scope import Vault
from deploy.servers.postgres import PostgresServer
from utils.encryption import BlindIndex, Keyring, generate_key

KEY, INDEX_KEY = generate_key(), generate_key()

_bots = itertools.count(1_000_001)


def copied(file: Path, to: Path) -> Engine:
    """Return an engine for a copy of a SQLite database that nobody has open."""
    shutil.copyfile(file, to)
    return make_engine(f"sqlite:///{to}", pool_size=20)


def migrate(url: str) -> Engine:
    """Bring a database to the newest migration and return an engine for it."""
    engine = make_engine(url, pool_size=20)
    configuration = Config(ROOT / "alembic.ini")
    with engine.connect() as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")
        connection.commit()
    return engine


def another_bot(engine: Engine, vault: Vault | None = None) -> Database:
    """Return the database as a bot sees it that was never there: no row of another test is in its scope.

    Rows of other tests stay, so a query that forgets its scope fails here.
    """
    database = Database(engine, next(_bots), vault or Vault(Keyring([KEY]), BlindIndex(INDEX_KEY)))
    with database.unit_of_work() as uow:
        uow.roles.ensure_bot()
    return database


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a migrated SQLite database that nobody writes to: a copy takes a hundredth of a migration."""
    file = tmp_path_factory.mktemp("migrated") / "bot.db"
    migrate(f"sqlite:///{file}").dispose()
    return file


@pytest.fixture(scope="session")
def sqlite_engine(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Return a migrated SQLite database."""
    engine = copied(migrated_sqlite, tmp_path_factory.mktemp("sqlite") / "bot.db")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_engine(postgres_server: PostgresServer) -> Iterator[Engine]:
    """Return a migrated PostgreSQL database."""
    engine = migrate(postgres_server.create_database("rows"))
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Return one engine after the other."""
    kind = "sqlite" if request.param == "sqlite" else "postgres"
    found: Engine = request.getfixturevalue(f"{kind}_engine")
    return found


@pytest.fixture
def database(engine: Engine) -> Database:
    """Return a database in which the test is alone, on SQLite and then on PostgreSQL."""
    return another_bot(engine)


@pytest.fixture
def sqlite(sqlite_engine: Engine) -> Database:
    """Return a database in which the test is alone, for what has nothing to do with SQL."""
    return another_bot(sqlite_engine)


@pytest.fixture
def own_sqlite(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """Return a database in a file of the test's own, `tmp_path / "own.db"`."""
    engine = copied(migrated_sqlite, tmp_path / "own.db")
    yield another_bot(engine)
    engine.dispose()
