"""Alembic's environment: the project's models, the database of its settings or of the caller."""

from alembic import context
from sqlalchemy import Connection, make_url

from config import load_settings
from database.engine import make_engine
from database.grants import let_in
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
    database = load_settings().database
    owner, url = database.owner_url.get_secret_value(), database.url.get_secret_value()
    engine = make_engine(owner or url)
    with engine.connect() as connection:
        _migrate(connection)
        if owner:
            let_in(connection, make_url(url))
        connection.commit()
    engine.dispose()


_run()
