"""The panel's sections of the bot and of its knowledge."""

import pytest

from database.db import Database
from database.queries.knowledge import NewChunk
from services.access import Role
from services.administration.jobs import Administer
from tests.services.bank import ADMIN, Bank
from tests.services.room import CARDS, EDITOR, Room

SCREEN = 7


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database)
    bank.grant(ADMIN, Role.ADMIN)
    return bank


def test_the_assistant_is_switched_and_an_old_button_redraws(bank: Bank) -> None:
    off = Administer(section="bots", act="ai", arguments=("", "off"), message_id=SCREEN)
    told = bank.does(off, ADMIN)
    assert told[0] == "en:admin.ai_stopped"
    assert "ai=en:admin.ai_off" in told[1]
    [again] = bank.does(off, ADMIN)
    assert again.startswith("en:admin.changed\n\nen:admin.bots.card")
    [wrong] = bank.does(Administer(section="bots", act="ai", arguments=("", "x"), message_id=SCREEN), ADMIN)
    assert wrong.startswith("en:admin.changed")
    with bank.database.reading() as uow:
        assert not uow.roles.ai_enabled()


def test_drafts_come_first_with_where_to_look_at_them(database: Database) -> None:
    room = Room(database)
    draft = room.uploads(CARDS)
    with database.unit_of_work() as uow:
        for number in range(12):
            uow.knowledge.publish(f"old{number}", "en", str(number), [NewChunk("S", "Q", (), "A")])
    bank = Bank(database)
    bank.grant(ADMIN, Role.ADMIN)
    [first] = bank.does(Administer(section="knowledge", arguments=("0", "")), ADMIN)
    [second] = bank.does(Administer(section="knowledge", arguments=("1", "")), ADMIN)
    assert "drafts=1 current=12" in first
    assert f"by={EDITOR} path=/console/version/{draft}" in first
    assert (first.count("✅"), second.count("✅"), second.count("⏳")) == (9, 3, 0)
