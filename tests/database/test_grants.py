"""On PostgreSQL the product's own account writes the audit log and cannot change it; another one owns the tables."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import ProgrammingError

from config import ROOT
from database.db import Database
from database.engine import make_engine
from database.models import AuditAct
from tests.database.fixtures import another_bot
from utils.encryption import generate_key


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    keys = {name: generate_key() for name in ("ENCRYPTION_KEY", "BLIND_INDEX_KEY")}
    return {**os.environ, **keys, "BOT_TOKEN": "123456:" + "A" * 35, "PYTHONWARNINGS": "ignore"}


@pytest.fixture
def account(new_postgres_url: str, environment: dict[str, str]) -> Iterator[Database]:
    """Migrate as typed with two accounts, and return the database as the product's own account sees it."""
    url = make_url(new_postgres_url).set(username=f"app{new_postgres_url[-20:-10]}", password="it's 100% secret")
    own = url.render_as_string(hide_password=False)
    both = {**environment, "DATABASE_URL": own, "MIGRATION_DATABASE_URL": new_postgres_url}
    for _ in range(2):  # the second time nothing is left to do
        alembic = [sys.executable, "-m", "alembic", "upgrade", "head"]
        done = subprocess.run(alembic, cwd=ROOT, env=both, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    engine = make_engine(own)
    yield another_bot(engine)
    engine.dispose()


def test_the_product_writes_the_log_and_nothing_lets_it_change_it(account: Database) -> None:
    with account.unit_of_work() as uow:
        uow.roles.grant(7, "admin", None)
        uow.audit.record(AuditAct.ROLE_GRANTED, actor=None, subject="account:7")
    with account.unit_of_work() as uow:
        _, [event] = uow.audit_tree.waiting(10)
        uow.audit_tree.append(0, [(event.id, b"\0" * 32)])
        uow.audit_tree.waited([event.number])
    for statement in (
        "UPDATE audit_events SET actor = 8",
        "DELETE FROM audit_events",
        "TRUNCATE audit_events",
        "UPDATE audit_leaves SET position = 1",
        "DELETE FROM audit_leaves",
        "ALTER TABLE audit_events DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_events_keep_row ON audit_events",
        "CREATE OR REPLACE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "DROP TABLE audit_events",
        "UPDATE alembic_version SET version_num = ''",
    ):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), account.unit_of_work() as uow:
            uow.session.execute(text(statement))
