"""The audit log at a terminal: a check that fails after a row was changed by hand, a proof, an export, a status."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from commands.audit import audit
from commands.staff import grant, revoke
from commands.system import status
from config import load_settings
from database.db import Database
from manage import cli
from services.wiring_audit import make_clerk
from services.wiring_files import make_storage
from tests.database.fixtures import INDEX_KEY, KEY
from utils.encryption import generate_key


@pytest.fixture
def database(own_sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Return a database in which three acts are sealed and a checkpoint lies outside."""
    own = {"ENCRYPTION_KEY": KEY, "BLIND_INDEX_KEY": INDEX_KEY, "STORAGE_DIR": str(tmp_path / "objects")}
    for name, value in {**own, "BOT_TOKEN": f"{own_sqlite.bot_id}:{'A' * 35}", "AUDIT_KEY": generate_key()}.items():
        monkeypatch.setenv(name, value)
    for command, role in ((grant, "admin"), (grant, "auditor"), (revoke, "admin")):
        assert CliRunner().invoke(command, [role, "7"], obj=own_sqlite).exit_code == 0
    work(own_sqlite)
    return own_sqlite


def work(database: Database) -> None:
    settings = load_settings()
    make_clerk(settings, database, make_storage(settings)).work()


def run(database: Database, *arguments: str) -> Result:
    return CliRunner().invoke(audit, arguments, obj=database)


def told(database: Database) -> list[dict[str, object]]:
    return [json.loads(line) for line in run(database, "export").output.splitlines()]


def test_a_check_succeeds_and_fails_after_a_row_was_changed_by_hand(database: Database) -> None:
    good = run(database, "verify")
    assert (good.exit_code, good.output) == (
        0,
        "3 events held against 2 checkpoints, 0 not sealed yet: the log is what was written\n",
    )
    [revoked] = [event for event in told(database) if event["act"] == "role_revoked"]
    with database.unit_of_work() as uow:
        uow.session.execute(text("DROP TRIGGER audit_events_keep_update"))
        uow.session.execute(text("UPDATE audit_events SET act = 'role_granted' WHERE act = 'role_revoked'"))
    bad = run(database, "verify")
    assert bad.exit_code == 1
    assert f"changed: {revoked['id']}\n" in bad.output
    assert "1 findings, the log is NOT what was written" in bad.output
    shown = CliRunner().invoke(status, obj=database).output
    assert "audit: 3 acts sealed, last checked" in shown
    assert "1 FINDINGS" in shown


def test_the_status_says_how_the_log_is(database: Database) -> None:
    assert "audit: 3 acts sealed, never checked yet" in CliRunner().invoke(status, obj=database).output
    run(database, "verify")
    assert "UTC, nothing found" in CliRunner().invoke(status, obj=database).output


def test_a_log_that_was_put_back_is_found_by_a_checkpoint_that_was_kept(database: Database, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text(run(database, "checkpoint").output)
    assert "the log is what was written" in run(database, "verify", "--checkpoint", str(kept)).output
    with database.unit_of_work() as uow:
        for name in ("audit_events_keep_delete", "audit_leaves_keep_delete"):
            uow.session.execute(text(f"DROP TRIGGER {name}"))
        for table in ("audit_events", "audit_leaves", "audit_trees", "audit_waiting"):
            uow.session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - one of those above
    for path in (tmp_path / "objects").rglob("*.json"):
        path.unlink()
    assert run(database, "verify").exit_code == 0, "with everything gone nobody knows better"
    result = run(database, "verify", "--checkpoint", str(kept))
    assert result.exit_code == 1
    assert "truncated: 0 events, 3 at" in result.output
    kept.write_text("nothing")
    assert (
        "not vouched for: kept: a checkpoint is not signed" in run(database, "verify", "--checkpoint", str(kept)).output
    )


def test_a_proof_is_checked_with_the_public_key(database: Database, tmp_path: Path) -> None:
    event = told(database)[1]
    proof = tmp_path / "proof"
    proof.write_text(run(database, "prove", str(event["id"])).output)
    for key in ((), ("--key", run(database, "key").output.strip())):
        result = run(database, "check-proof", str(proof), *key)
        assert result.exit_code == 0, result.output
        assert str(event["id"]) in result.output
        assert f"is one of the 3 events of bank-bot/{database.bot_id}/audit" in result.output
    proof.write_text(proof.read_text().replace("auditor", "admin"))
    assert "this event was not in the log" in run(database, "check-proof", str(proof)).output
    assert run(database, "prove", "00000000-0000-0000-0000-000000000000").exit_code == 1
    assert "nor the key of one" in run(database, "check-proof", str(proof), "--key", "a+b+c").output


def test_an_outsider_checks_a_proof_with_nothing_but_the_public_key(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof, key = tmp_path / "proof", run(database, "key").output.strip()
    proof.write_text(run(database, "prove", str(told(database)[0]["id"])).output)
    for name in ("BOT_TOKEN", "ENCRYPTION_KEY", "BLIND_INDEX_KEY", "AUDIT_KEY", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    result = CliRunner().invoke(cli, ["audit", "check-proof", str(proof), "--key", key])
    assert result.exit_code == 0, result
    assert "is one of the 3 events" in result.output


def test_a_key_that_is_set_later_needs_the_one_before_it(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    before, new = os.environ["AUDIT_KEY"], generate_key()
    monkeypatch.setenv("AUDIT_KEY", new)
    told = run(database, "verify").output
    assert "not vouched for" in told
    assert "AUDIT_KEY=<new>,<the key before>" in told
    monkeypatch.setenv("AUDIT_KEY", f"{new},{before}")
    assert CliRunner().invoke(grant, ["editor", "7"], obj=database).exit_code == 0
    work(database)
    assert "4 events held against 2 checkpoints, 0 not sealed yet: the log is what" in run(database, "verify").output


def test_a_key_of_its_own_follows_the_one_of_encryption(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without AUDIT_KEY the seed is ENCRYPTION_KEY's, so its value is what has to be named behind the first one."""
    monkeypatch.setenv("AUDIT_KEY", "")
    derived = run(database, "key").output
    monkeypatch.setenv("AUDIT_KEY", KEY)
    assert run(database, "key").output == derived


def test_events_are_exported_and_that_is_an_event(database: Database) -> None:
    granted, *_ = told(database)
    assert {name: granted[name] for name in ("act", "actor", "subject", "bot")} == {
        "act": "role_granted",
        "actor": None,
        "subject": "account:7",
        "bot": database.bot_id,
    }
    details = granted["details"]
    assert isinstance(details, dict)
    assert {name: details[name] for name in ("role", "before", "after", "via")} == {
        "role": "admin",
        "before": "",
        "after": "admin",
        "via": "command",
    }
    lines = run(database, "export", "--act", "audit_exported").output.splitlines()
    assert len(lines) == 2
    assert run(database, "export", "--until", "2020-01-01").output == ""
