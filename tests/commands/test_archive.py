"""The archive on the command line: written, listed, checked, and brought back, with clear words when it is not."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from commands.archive import archive
from database.db import Database
from services.data_keys import DataKeys
from tests.database.fixtures import INDEX_KEY, KEY
from tests.services.archiving import CUSTOMER, OTHER, SECRET, Room


@pytest.fixture
def room(sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    values = {"BOT_TOKEN": f"{sqlite.bot_id}:{'A' * 35}", "ENCRYPTION_KEY": KEY, "BLIND_INDEX_KEY": INDEX_KEY}
    for name, value in (values | {"STORAGE_DIR": str(tmp_path / "archive")}).items():
        monkeypatch.setenv(name, value)
    return Room(sqlite, tmp_path)


def run(room: Room, *words: str) -> Result:
    return CliRunner().invoke(archive, list(words), obj=room.database)


def test_it_is_written_listed_checked_and_brought_back(room: Room, tmp_path: Path) -> None:
    conversation = room.talk()
    assert run(room, "run").output.startswith("0 conversations")
    told = run(room, "run", "--after", "0").output
    assert told.startswith("1 conversations with")
    assert "in 1 archives" in told
    today = f"{room.today:%Y-%m-%d}"
    assert today in run(room, "list").output
    assert run(room, "verify").output == "1 archives checked: all is what was written\n"
    assert run(room, "verify", "--quick").exit_code == 0
    target = tmp_path / "out.jsonl"
    for words in (("--conversation", str(conversation)), ("--customer", str(CUSTOMER)), ("--day", today)):
        assert run(room, "restore", *words, "--out", str(target)).output == "1 conversations restored\n"
        lines = [json.loads(line) for line in target.read_text().splitlines()]
        assert lines[1]["body"] == SECRET
        assert target.stat().st_mode & 0o077 == 0
    assert f"customer: {SECRET}" in run(room, "restore", "--customer", str(CUSTOMER), "--readable").output


def test_what_went_is_put_back_when_that_is_asked_for(room: Room) -> None:
    gone, there = room.talk(), room.talk()
    run(room, "run", "--after", "0")
    with room.database.unit_of_work() as uow:
        uow.leaving.remove([gone])
    told = run(room, "restore", "--customer", str(CUSTOMER), "--into-database").output
    assert f"the conversation {there} is still in the database" in told
    assert "2 conversations restored, 1 put back into the database\n" in told
    with room.database.reading() as uow:
        assert set(uow.transcripts.of([gone, there])) == {gone, there}


def test_damage_ends_with_an_error(room: Room) -> None:
    room.talk()
    run(room, "run", "--after", "0")
    [part] = (room.folder / "archive").rglob("part-*")
    part.unlink()
    result = run(room, "verify")
    assert result.exit_code == 1
    assert "part-00000 is missing in storage" in result.output
    assert "1 findings, NOT all is what was written" in result.output
    assert "1 FINDINGS" in run(room, "list").output


def test_an_erased_customer_is_told(room: Room) -> None:
    room.talk(CUSTOMER)
    room.talk(OTHER)
    run(room, "run", "--after", "0")
    with room.database.unit_of_work() as uow:
        DataKeys(uow).destroy(CUSTOMER, actor=None)
    result = run(room, "restore", "--customer", str(CUSTOMER))
    assert "the customer was erased on" in result.output
    assert "1 records are of customers who were erased: all is" in run(room, "verify").output
    today = f"{room.today:%Y-%m-%d}"
    assert "1 conversations restored, 1 cannot be read any more" in run(room, "restore", "--day", today).output


def test_what_is_not_there_or_not_clear_is_told(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = str(uuid4())
    for words, told in (
        (("restore", "--conversation", unknown), f"no archive holds a conversation {unknown}"),
        (("restore", "--customer", "55"), "no archive holds anything of the customer 55"),
        (("restore", "--day", "2020-02-29"), "no archive holds conversations that closed on 2020-02-29"),
        (("restore",), "name one of --conversation, --customer and --day"),
        (("restore", "--customer", "1", "--day", "2020-02-29"), "name one of"),
        (("verify", "--archive", unknown), f"there is no archive {unknown}"),
    ):
        result = run(room, *words)
        assert (result.exit_code > 0, told in result.output) == (True, True), result.output
    room.talk()
    for name, value in (("S3_BUCKET", "bank"), ("S3_ENDPOINT_URL", "http://127.0.0.1:9"), ("S3_REGION", "x")):
        monkeypatch.setenv(name, value)
    for name in ("S3_ACCESS_KEY", "S3_SECRET_KEY"):
        monkeypatch.setenv(name, "key")
    monkeypatch.setattr("services.gateways.cloud_storage.S3Options.attempts", 1)
    assert "the storage cannot be used: " in run(room, "run", "--after", "0").output
