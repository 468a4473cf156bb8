"""A message with a secret is taken away in the messenger, once what is left of it is kept and not before."""

import pytest

from database.db import Database
from services.jobs import Say
from tests.services.bank import Bank

SECRET = Say(text="•••• 1111 is my card", masked=frozenset({"card"}), message_id=77)


def test_the_message_is_deleted_and_the_person_warned(database: Database) -> None:
    bank = Bank(database)
    assert bank.does(SECRET)[0] == "en:masked.warning"
    assert bank.signals.deleted == [(1, 77)]


def test_a_message_without_secrets_stays(database: Database) -> None:
    bank = Bank(database)
    bank.does(Say(text="How much is the card?", message_id=77, reply_to=5))
    assert bank.signals.deleted == []


def test_nothing_is_deleted_before_the_row_is_there(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    bank = Bank(database)

    def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("services.question._ask", fails)
    bank.does(SECRET)
    assert bank.signals.deleted == []
