"""Tags: put on people whom the bot knows, counted, taken away."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from commands.tags import tags
from database.db import Database
from tests.services.bank import Bank


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database)
    bank.register(1, 2, 3)
    return bank


def run(bank: Bank, *arguments: str) -> Result:
    return CliRunner().invoke(tags, arguments, obj=bank.database)


def test_they_are_put_on_listed_and_taken_away(bank: Bank, tmp_path: Path) -> None:
    file = tmp_path / "ids.csv"
    file.write_text("account\n2\n3\n99\n")
    assert run(bank, "add", "vip", "1", "2").output.startswith("2 people")
    assert run(bank, "add", "vip", "--file", str(file)).output.startswith("1 people")
    assert run(bank, "list").output.split() == ["3", "vip"]
    assert run(bank, "remove", "vip", "1").output.startswith("1 people")
    assert run(bank, "remove", "vip").exit_code == 1
    assert run(bank, "remove", "vip", "--all").output.startswith("2 people")
    assert run(bank, "list").output == ""


def test_a_name_that_no_button_holds_is_refused(bank: Bank) -> None:
    for name in ("x" * 17, "VIP", "a b", ""):
        assert "a tag has 1 to 16" in run(bank, "add", name, "1").output
