"""A PostgreSQL of its own with the product's tables, beside one plain table that the others are compared with."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from config import ROOT
from database.db import Database
from database.engine import make_engine
from database.queries.scope import Vault
from deploy.servers.postgres import start_postgres
from services.audit.checkpoint import Notary
from services.audit.clerk import Clerk
from services.audit.outside import Checkpoints
from services.gateways.folder_storage import FolderStorage
from utils.encryption import BlindIndex, Keyring, generate_key

BOT = 424242
SEED = bytes(32)
PLAIN = """
CREATE TABLE plain_events (
    id uuid PRIMARY KEY, bot_id bigint NOT NULL, at timestamptz NOT NULL, act varchar NOT NULL, actor bigint,
    subject varchar NOT NULL, details varchar NOT NULL
)"""


@contextmanager
def stage(*, durable: bool) -> Iterator[tuple[str, str, Path]]:
    """Give the address of a migrated database, its key and a folder for checkpoints."""
    with (
        tempfile.TemporaryDirectory(prefix="audit-") as room,
        tempfile.TemporaryDirectory(prefix="audit-postgres-") as data,
        start_postgres(Path(data), durable=durable) as server,
    ):
        url = server.create_database("audit")
        configuration = Config(ROOT / "alembic.ini")
        engine = make_engine(url)
        with engine.connect() as connection:
            configuration.attributes["connection"] = connection
            command.upgrade(configuration, "head")
            connection.execute(text(PLAIN))
            connection.commit()
        engine.dispose()
        yield url, generate_key(), Path(room)


def open_database(url: str, key: str) -> Database:
    """Return the database as one process sees it."""
    return Database(make_engine(url), BOT, Vault(Keyring([key]), BlindIndex(key)))


def make_clerk(database: Database, folder: Path) -> Clerk:
    """Return a clerk whose checkpoints go to a folder."""
    notary = Notary(BOT, [SEED])
    return Clerk(database, notary, Checkpoints(FolderStorage(folder), notary, BOT), 1.0, {})
