"""A conversation that went comes back from its archive as it was, over nothing that is there."""

from pathlib import Path

import pytest

from database.db import Database
from database.models import Conversation, DeskEvent, Message
from services.archive.errors import NotReturned
from services.archive.returning import put_back
from services.jobs import End
from services.jobs_spoken import Share
from tests.services.archiving import CUSTOMER, OTHER, SECRET, Room
from tests.services.bank import MODERATOR
from tests.services.crossing import file
from tests.services.keeping_days import aged, keeper, number


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Room:
    return Room(database, tmp_path)


def rich(room: Room) -> None:
    """Let a dialog happen in which there is something of everything, and be archived."""
    room.bank.asks(SECRET)
    room.bank.run()
    room.line.connect()
    room.line.says(Share(file=file()), CUSTOMER)
    with room.database.unit_of_work() as uow:
        talk = room.bank.conversation()
        uow.desk.note(talk, "a difficult one", MODERATOR)
        uow.ratings.rate(talk.id, MODERATOR, 5)
        uow.ratings.thumb(next(row.id for row in room.bank.messages() if row.author == "ai"), up=True)
    room.bank.does(End())
    room.line.deliver()
    aged(room, 400)
    room.archive()


def test_what_went_comes_back_just_as_it_was_archived(room: Room) -> None:
    rich(room)
    talk, events = room.bank.conversation().id, number(room.database, DeskEvent)
    before = room.lines(talk)
    assert {"message", "attachment", "note", "answer", "rating", "thumb", "event"} <= {line["type"] for line in before}
    assert keeper(room, conversations=300).run().rows == {"conversations": 1}
    [restored] = room.restore(lambda restorer: restorer.customer(CUSTOMER))
    assert put_back(room.database, restored) == len(before) - sum(line["type"] == "event" for line in before)
    with room.database.reading() as uow:
        told = uow.transcripts.of([talk])[talk]
    assert told == before
    assert number(room.database, DeskEvent) == events
    assert room.archive().archives == [], "the archive has it already"
    assert keeper(room, conversations=300).run().rows == {"conversations": 1}, "it may go again"


def test_nothing_is_written_over_and_nobody_is_made_up(room: Room) -> None:
    talk = room.talk()
    room.archive()
    [restored] = room.restore(lambda restorer: restorer.conversation(talk))
    with pytest.raises(NotReturned, match="still in the database"):
        put_back(room.database, restored)
    with room.database.unit_of_work() as uow:
        uow.leaving.remove([talk])
        uow.session.delete(uow.users.by_id(room.bank.user().id))
    with pytest.raises(NotReturned, match="not known to the bot any more"):
        put_back(room.database, restored)
    assert number(room.database, Conversation) == 0


def test_it_does_not_come_back_in_part_where_others_have_its_numbers(room: Room) -> None:
    talk = room.talk()
    room.archive()
    [restored] = room.restore(lambda restorer: restorer.conversation(talk))
    taken = {"id": room.lines(talk)[1]["id"], "chat_id": OTHER, "author": "system", "state": "sent"}
    with room.database.unit_of_work() as uow:
        uow.leaving.remove([talk])
        uow.session.add(Message(bot_id=room.database.bot_id, **taken))
    with pytest.raises(NotReturned, match="other rows have the numbers"):
        put_back(room.database, restored)
    assert number(room.database, Conversation) == 0
