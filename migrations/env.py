"""Alembic's environment: the project's models, the database of its settings or of the caller."""

from alembic import context
from sqlalchemy import Connection

from config import load_settings
from database.engine import make_engine
from database.models import Base


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _run() -> None:
    """Migrate on the connection that the caller gives (tests, manage.py), else on one from the settings."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    engine = make_engine(load_settings().database.url.get_secret_value())
    with engine.connect() as connection:
        _migrate(connection)
        connection.commit()
    engine.dispose()


_run()
