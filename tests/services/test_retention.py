"""What is older than the schedule says goes, archived and unheld, and nothing else does."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from database.db import Database
from database.models import Base, Conversation, DeskEvent, Message
from services.data_keys import DataKeys
from services.jobs import End
from services.retention.hold import lift, place
from tests.services.archiving import CUSTOMER, OTHER, SECRET, Room
from tests.services.bank import MODERATOR
from tests.services.keeping import Cabinet
from tests.services.keeping_days import aged, applied, keeper, number, one_of_each
from tests.services.test_archive_damage import changed, stored

YEAR = 365


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Room:
    return Room(database, tmp_path)


def test_an_old_conversation_goes_once_it_is_archived_and_comes_back_from_there(room: Room) -> None:
    old = room.talk(CUSTOMER)
    aged(room, 400)
    room.talk(OTHER)
    schedule = keeper(room, conversations=YEAR)
    [planned] = schedule.plan()
    assert (planned.overdue.rows, planned.unarchived, planned.goes) == (1, 1, 0)
    assert schedule.run().rows == {"conversations": 0}
    room.archive()
    [planned] = schedule.plan()
    assert (planned.overdue.rows, planned.unarchived, planned.goes) == (1, 0, 1)
    assert number(room.database, Conversation) == 2, "a plan changes nothing"
    assert schedule.run().rows == {"conversations": 1}
    assert number(room.database, Conversation) == 1
    with room.database.reading() as uow:
        left = select(func.count()).select_from(Message).where(Message.conversation_id == old)
        assert uow.session.scalar(left) == 0
    assert room.lines(old)[1]["body"] == SECRET
    assert applied(room) == [("conversations", 1)]
    assert schedule.run().rows == {"conversations": 0}
    assert schedule.plan()[0].overdue.rows == 0


def test_all_that_belongs_to_a_conversation_goes_with_it_and_what_the_desk_counts_stays(
    room: Room, tmp_path: Path
) -> None:
    room.line.connect()
    cabinet = Cabinet(room.line, tmp_path / "objects")
    content = b"%PDF-1.7 " + b"Contract of Anna Petrova. " * 50
    uid = cabinet.sent(content)
    cabinet.read(uid, MODERATOR)
    with room.database.unit_of_work() as uow:
        talk = room.bank.conversation()
        uow.desk.note(talk, "a difficult one", MODERATOR)
        uow.ratings.rate(talk.id, MODERATOR, 5)
    room.bank.does(End())
    room.line.deliver()
    aged(room, 400)
    room.archive()
    happened = number(room.database, DeskEvent)
    assert happened
    assert keeper(room, conversations=YEAR).run().rows == {"conversations": 1}
    assert list((tmp_path / "objects").rglob(str(uid))) == []
    with room.database.reading() as uow:
        for table in Base.metadata.sorted_tables:
            if "conversation_id" in table.columns and table.name != "archived_conversations":
                own = select(func.count()).where(table.c.conversation_id == talk.id)
                assert uow.session.scalar(own) == 0, table.name
    assert number(room.database, DeskEvent) == happened
    [restored] = room.restore(lambda restorer: restorer.customer(CUSTOMER))
    assert restored.files == {uid: content}
    assert {"note", "rating", "attachment"} <= {line["type"] for line in room.lines(talk.id)}


def test_what_changed_since_it_was_archived_is_archived_again_before_it_goes(room: Room) -> None:
    talk = room.talk()
    aged(room, 400)
    room.archive()
    with room.database.unit_of_work() as uow:
        row = uow.conversations.lock(talk)
        assert row is not None
        uow.messages.received(row, "PS: and one more word", None, answered=True)
    schedule = keeper(room, conversations=YEAR)
    assert schedule.run().rows == {"conversations": 0}
    assert room.unarchived() == 1
    assert room.archive().conversations == 1
    assert schedule.run().rows == {"conversations": 1}
    assert "PS: and one more word" in [line.get("body") for line in room.lines(talk)]


def test_a_hold_wins_until_it_is_lifted(room: Room) -> None:
    for who in (CUSTOMER, OTHER):
        room.talk(who)
        aged(room, 400, who)
    room.archive()
    with room.database.unit_of_work() as uow:
        hold = place(uow, CUSTOMER, "case 7", actor=None)
    schedule = keeper(room, conversations=YEAR)
    [planned] = schedule.plan()
    assert (planned.overdue.rows, planned.overdue.held, planned.goes) == (2, 1, 1)
    assert schedule.run().rows == {"conversations": 1}
    assert room.bank.conversation(CUSTOMER)
    with room.database.unit_of_work() as uow:
        lift(uow, hold.id, "over", actor=None)
    assert schedule.run().rows == {"conversations": 1}


def test_without_a_whole_archive_in_storage_nothing_goes(room: Room) -> None:
    room.talk()
    aged(room, 400)
    room.archive()
    changed(stored(room, "part-00000"))
    schedule = keeper(room, conversations=YEAR, files=YEAR, updates=1)
    assert schedule.run().rows["conversations"] == 0
    assert room.archives()[0].findings == 1
    (room.folder / "archive").rename(room.folder / "elsewhere")
    (room.folder / "archive").write_text("no folder")
    one_of_each(room.database, OTHER, 5)
    gone = schedule.run()
    assert set(gone.failed) == {"conversations"}
    assert gone.rows == {"files": 0, "updates": 1}, "what needs no archive goes all the same"
    assert number(room.database, Conversation) == 1


def test_an_erased_customer_does_not_hold_the_others_up(room: Room) -> None:
    for who in (CUSTOMER, OTHER):
        room.talk(who)
        aged(room, 400, who)
    room.archive()
    with room.database.unit_of_work() as uow:
        DataKeys(uow).destroy(CUSTOMER, actor=None)
    schedule = keeper(room, conversations=YEAR)
    assert schedule.run().rows == {"conversations": 1}
    assert room.archive().conversations == 1, "what is left of it has another key now"
    assert schedule.run().rows == {"conversations": 1}
