"""The schedule on the command line: what would go, what stays and why, and letting it go."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from commands.retention import retention
from database.db import Database
from database.models import Conversation, InboxRow
from services.retention.hold import place
from tests.database.fixtures import INDEX_KEY, KEY
from tests.services.archiving import CUSTOMER, OTHER, Room
from tests.services.keeping_days import aged, number, one_of_each


@pytest.fixture
def room(sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    values = {"BOT_TOKEN": f"{sqlite.bot_id}:{'A' * 35}", "ENCRYPTION_KEY": KEY, "BLIND_INDEX_KEY": INDEX_KEY}
    values |= {"STORAGE_DIR": str(tmp_path / "archive"), "RETENTION_CONVERSATIONS_DAYS": "365"}
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return Room(sqlite, tmp_path)


def run(room: Room, *words: str) -> Result:
    return CliRunner().invoke(retention, list(words), obj=room.database)


def test_a_plan_says_what_goes_and_what_stays_and_changes_nothing(room: Room) -> None:
    for who in (CUSTOMER, OTHER, 3):
        room.talk(who)
        aged(room, 400, who)
        if who == CUSTOMER:
            room.archive()
    with room.database.unit_of_work() as uow:
        place(uow, OTHER, "case 7", actor=None)
    told = run(room, "plan").output
    assert ": 3 are older, 1 under a legal hold, 1 not archived yet; 1 go" in told
    assert "notices        kept: its setting says 0 days" in told
    assert "audit          kept: what was done" in told
    assert number(room.database, Conversation) == 3


def test_a_run_lets_go_what_is_due(room: Room) -> None:
    one_of_each(room.database, OTHER, 40)
    room.talk()
    aged(room, 400)
    room.archive()
    result = run(room, "run")
    assert result.exit_code == 0
    assert "conversations  1 went" in result.output
    assert "updates        1 went" in result.output
    assert number(room.database, Conversation) == 0
    assert number(room.database, InboxRow) > 0, "this week's stay"


def test_a_run_without_storage_says_what_stays(room: Room) -> None:
    room.talk()
    aged(room, 400)
    room.archive()
    (room.folder / "archive").rename(room.folder / "elsewhere")
    (room.folder / "archive").write_text("no folder")
    result = run(room, "run")
    assert result.exit_code == 1
    assert "conversations  FAILED, some or all stay: NotADirectoryError" in result.output
    assert number(room.database, Conversation) == 1
