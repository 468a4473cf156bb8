"""The knowledge of an installation from before there were approvals: kept, in force, and back again."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, event, text

from config import ROOT

BEFORE = "51ff70a93eff"
VERSION = "INSERT INTO knowledge_versions (id, bot_id, document, language, number, sha256, current, created_at) VALUES "
CHUNK = "INSERT INTO knowledge_chunks (id, bot_id, version_id, position, section, title, alternatives, text) VALUES "


def check(url: str) -> None:
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":  # as the product's connections do; a copied table would lose its chunks here
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    config = Config(ROOT / "alembic.ini")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
        for number, current in ((1, "false"), (2, "true")):
            key = f"'0000000000000000000000000000000{number}'"
            made = f"'2026-11-0{number} 10:00:00'"
            connection.execute(text(f"{VERSION}({key}, 1, 'context', 'ru', {number}, 'x', {current}, {made})"))
            connection.execute(text(f"{CHUNK}({key}, 1, {key}, 0, '', 'Free?', '[]', 'Yes.')"))
        command.upgrade(config, "head")
        rows = connection.execute(text("SELECT number, state, effective_to FROM knowledge_versions ORDER BY number"))
        assert [tuple(row) for row in rows] == [(1, "approved", None), (2, "approved", None)]
        assert connection.execute(text("SELECT count(*) FROM knowledge_chunks")).scalar() == 2
        command.downgrade(config, BEFORE)
        assert connection.execute(text("SELECT number FROM knowledge_versions WHERE current")).scalars().all() == [2]
        assert connection.execute(text("SELECT count(*) FROM knowledge_chunks")).scalar() == 2
    engine.dispose()


def test_on_sqlite(tmp_path: Path) -> None:
    check(f"sqlite:///{tmp_path / 'old.db'}")


def test_on_postgres(new_postgres_url: str) -> None:
    check(new_postgres_url)
