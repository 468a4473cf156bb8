"""Secrets that an edit brings: masked before anything is stored, taken away in the chat, and warned of."""

import pytest

from database.db import Database
from services.jobs import Say
from services.jobs_spoken import Edit
from tests.services.crossing import CUSTOMER, Line


@pytest.fixture
def line(database: Database) -> Line:
    line = Line(database)
    line.connect()
    return line


def test_a_secret_in_an_edit_is_taken_away_with_a_warning(line: Line) -> None:
    line.says(Say(text="hi", message_id=31), CUSTOMER)
    line.bank.does(Edit(text="my card •••", message_id=31, masked=frozenset({"card"})), CUSTOMER)
    assert any("masked.warning" in text for text in line.bank.told(CUSTOMER))
    assert (CUSTOMER, 31) in line.bank.signals.deleted
