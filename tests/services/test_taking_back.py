"""Taking back: a moderator's message leaves the customer's chat, or never gets there; of an album the one photo."""

import pytest
from sqlalchemy import update

from database.db import Database
from database.models import Author, Delivery, Message
from database.types import db_now
from services.jobs import Say
from services.jobs_spoken import Edit, Share, TakeBack
from tests.services.bank import MODERATOR
from tests.services.crossing import CUSTOMER, Line, file

BORIS = f"<b>👩‍💼 Person {MODERATOR}</b>"


@pytest.fixture
def line(database: Database) -> Line:
    line = Line(database)
    line.connect()
    return line


def number_of_last(line: Line) -> int:
    return next(line._numbers) - 1


def shared(line: Line, *numbers: int) -> None:
    """Let the moderator share photos of one album, which are not sent yet."""
    words = {31: "one", 32: "two", 33: "three"}
    for number in numbers:
        job = Share(file=file(number=number), text=words[number], album="77", message_id=number)
        line.bank.accept(job, MODERATOR)
    line.bank.intake.advance([MODERATOR])


def test_a_moderator_takes_a_message_back(line: Line) -> None:
    line.says(Say(text="wrong chat", message_id=31), MODERATOR)
    number = number_of_last(line)
    assert line.bank.does(TakeBack(reply_to=31), MODERATOR) == ["en:media.deleted"]
    assert [message.removes for chat, message in line.deliver() if chat == CUSTOMER] == [number]
    assert line.bank.signals.deleted == [(MODERATOR, 31)]
    with line.database.reading() as uow:
        history = uow.messages.history(line.bank.conversation(CUSTOMER).id, limit=10)
    assert not [said for said in history if "wrong chat" in said.body]
    assert line.bank.does(TakeBack(reply_to=31), MODERATOR) == ["en:media.not_deleted"]


def test_what_has_not_left_yet_never_leaves(line: Line) -> None:
    line.bank.does(Say(text="wrong chat", message_id=31), MODERATOR)
    assert line.bank.does(TakeBack(reply_to=31), MODERATOR) == ["en:media.deleted"]
    assert [chat for chat, _ in line.deliver()] == [MODERATOR]
    [row] = line.rows(CUSTOMER, Author.OPERATOR)
    assert (row.state, row.reason) == (Delivery.DROPPED, "taken_back")


def test_one_photo_of_an_album_is_taken_back(line: Line) -> None:
    for number in (31, 32, 33):
        line.bank.accept(Share(file=file(number=number), album="77", message_id=number), MODERATOR)
    line.bank.intake.advance([MODERATOR])
    line.deliver()
    last = number_of_last(line)
    assert line.bank.does(TakeBack(reply_to=32), MODERATOR) == ["en:media.deleted"]
    assert [message.removes for chat, message in line.deliver() if chat == CUSTOMER] == [last - 1]


def test_one_photo_after_the_other_is_taken_back_and_the_rest_stays(line: Line) -> None:
    shared(line, 31, 32, 33)
    line.deliver()
    last = number_of_last(line)
    removed = []
    for number in (31, 33):
        assert line.bank.does(TakeBack(reply_to=number), MODERATOR) == ["en:media.deleted"]
        assert line.bank.does(TakeBack(reply_to=number), MODERATOR) == ["en:media.not_deleted"]
        removed += [message.removes for chat, message in line.deliver() if chat == CUSTOMER]
    assert removed == [last - 2, last]
    [row] = line.rows(CUSTOMER, Author.OPERATOR)
    assert row.deleted_at is None
    line.bank.does(Edit(file=file(number=9), text="kept", message_id=32), MODERATOR)
    [change] = [message for chat, message in line.deliver() if chat == CUSTOMER]
    assert (change.replaces, change.html) == (last - 1, f"{BORIS}\nkept")
    assert line.bank.does(TakeBack(reply_to=32), MODERATOR) == ["en:media.deleted"]
    [row] = line.rows(CUSTOMER, Author.OPERATOR)
    assert row.deleted_at


@pytest.mark.parametrize(("gone", "left"), [(31, "two"), (32, "one")])
def test_a_photo_that_has_not_left_yet_leaves_its_album(line: Line, gone: int, left: str) -> None:
    shared(line, 31, 32)
    assert line.bank.does(TakeBack(reply_to=gone), MODERATOR) == ["en:media.deleted"]
    shared(line, 33)
    [album] = [message for chat, message in line.deliver() if chat == CUSTOMER]
    assert [held.id for held in album.files] == [f"file-{63 - gone}", "file-33"]
    assert (album.html, album.files[1].html) == (f"{BORIS}\n{left}", "three")
    with line.database.reading() as uow:
        [row] = line.rows(CUSTOMER, Author.OPERATOR)
        [_, third] = uow.attachments.of_message(row.id)
    assert line.bank.does(TakeBack(reply_to=33), MODERATOR) == ["en:media.deleted"]
    assert [message.removes for chat, message in line.deliver() if chat == CUSTOMER] == [third.copy_message_id]


def test_an_album_of_which_nothing_is_left_never_leaves(line: Line) -> None:
    shared(line, 31, 32)
    for number in (31, 32):
        assert line.bank.does(TakeBack(reply_to=number), MODERATOR) == ["en:media.deleted"]
    assert CUSTOMER not in [chat for chat, _ in line.deliver()]
    [row] = line.rows(CUSTOMER, Author.OPERATOR)
    assert (row.state, row.reason) == (Delivery.DROPPED, "taken_back")


def test_what_cannot_be_taken_back(line: Line) -> None:
    line.says(Say(text="old", message_id=31), MODERATOR)
    with line.database.unit_of_work() as uow:
        uow.session.execute(update(Message).where(Message.source_message_id == 31).values(sent_at=db_now(-48 * 3600)))
    assert line.bank.does(TakeBack(reply_to=31), MODERATOR) == ["en:media.not_deleted"]
    assert line.bank.does(TakeBack(reply_to=99), MODERATOR) == ["en:media.not_deleted"]
    assert line.bank.does(TakeBack(), MODERATOR) == ["en:media.delete_how"]
    line.says(Say(text="mine", message_id=41), CUSTOMER)
    assert line.bank.does(TakeBack(reply_to=41), CUSTOMER) == ["en:media.not_deleted"]
