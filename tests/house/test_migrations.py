"""Migrations lead exactly to what the models say, on both databases."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine

from tests.house.sources import ROOT


def check(url: str) -> None:
    """Migrate an empty database up, compare it with the models, and migrate it down again."""
    engine = create_engine(url, poolclass=NullPool)
    config = Config(ROOT / "alembic.ini")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        command.check(config)
        command.downgrade(config, "base")
    engine.dispose()


def test_migrations_are_in_step_with_models_on_sqlite(tmp_path: Path) -> None:
    check(f"sqlite:///{tmp_path / 'empty.db'}")


def test_migrations_are_in_step_with_models_on_postgres(new_postgres_url: str) -> None:
    check(new_postgres_url)
