"""Edits and deletions: what was changed changes on the other side too, wherever the first wording is by now."""

import pytest

from database.db import Database
from database.models import Author
from services.jobs import End, Say, TakeChat
from services.jobs_spoken import Edit, Share
from services.outbound import FileKind, Outbound
from tests.services.bank import MODERATOR, Bank
from tests.services.crossing import CUSTOMER, FIRST, Line, file

ANNA, BORIS = "<b>👤 Person 1</b>", f"<b>👩‍💼 Person {MODERATOR}</b>"
BOTH = pytest.mark.parametrize(("who", "head"), [(CUSTOMER, ANNA), (MODERATOR, BORIS)], ids=["customer", "moderator"])


@pytest.fixture
def line(database: Database) -> Line:
    line = Line(database)
    line.connect()
    return line


def edited(line: Line, who: int, job: Edit) -> list[Outbound]:
    """Let somebody edit, and return what the other side is sent."""
    line.bank.does(job, who)
    return [message for chat, message in line.deliver() if chat != who]


def number_of_last(line: Line) -> int:
    return next(line._numbers) - 1


@BOTH
def test_words_change_where_they_stand(line: Line, who: int, head: str) -> None:
    line.says(Say(text="first", message_id=31), who)
    number = number_of_last(line)
    [change] = edited(line, who, Edit(text="second", html="<b>second</b>", message_id=31))
    assert (change.html, change.replaces) == (f"{head}\n<b>second</b>", number)
    [again] = edited(line, who, Edit(text="third", message_id=31))
    assert (again.html, again.replaces) == (f"{head}\nthird", number)


@BOTH
def test_the_record_says_what_was_said_last(line: Line, who: int, head: str) -> None:
    line.says(Say(text="first", message_id=31), who)
    edited(line, who, Edit(text="second", message_id=31))
    author = Author.CUSTOMER if who == CUSTOMER else Author.OPERATOR
    [record] = line.rows(CUSTOMER, author)
    assert record.edited_at
    with line.database.reading() as uow:
        body = uow.messages.opened(record)
    assert body == "second" if who == CUSTOMER else Outbound.model_validate_json(body).html == f"{head}\nsecond"


@BOTH
def test_words_that_have_not_left_yet_leave_changed(line: Line, who: int, head: str) -> None:
    line.bank.does(Say(text="first", message_id=31), who)
    line.bank.does(Edit(text="second", message_id=31), who)
    assert [m.html for chat, m in line.deliver() if chat != who] == [f"{head}\nsecond"]


def test_words_under_way_are_told_anew_with_a_mark(line: Line) -> None:
    line.bank.does(Say(text="first", message_id=31), CUSTOMER)
    line._dispatcher.take(100)
    line.bank.does(Edit(text="second", message_id=31), CUSTOMER)
    assert f"✏️ {ANNA}\nsecond" in [message.html for message in line.waiting(MODERATOR)]


def test_long_words_change_piece_by_piece(line: Line) -> None:
    line.says(Say(text="a" * 4000, message_id=31), CUSTOMER)
    last = number_of_last(line)
    assert [m.replaces for m in edited(line, CUSTOMER, Edit(text="b" * 3000, message_id=31))] == [
        last - 2,
        last - 1,
        None,
    ]
    longer = edited(line, CUSTOMER, Edit(text="c" * 5000, message_id=31))
    assert [message.replaces for message in longer[:2]] == [last - 2, last - 1]


def test_what_became_shorter_loses_its_rest(line: Line) -> None:
    line.says(Say(text="a" * 4000, message_id=31), MODERATOR)
    last = number_of_last(line)
    changes = edited(line, MODERATOR, Edit(text="short", message_id=31))
    assert [(m.replaces, m.removes) for m in changes] == [(last - 2, None), (None, last - 1), (None, last)]


@BOTH
def test_a_caption_and_a_file_change(line: Line, who: int, head: str) -> None:
    line.says(Share(file=file(number=1), text="first", message_id=31), who)
    number = number_of_last(line)
    [change] = edited(line, who, Edit(file=file(number=2), text="second", message_id=31))
    assert (change.html, change.replaces) == (f"{head}\nsecond", number)
    assert [held.id for held in change.files] == ["file-2"]
    with line.database.reading() as uow:
        [copy] = uow.relays.copies(who, 31)
        [kept] = uow.attachments.of_message(copy.message.id)
        assert uow.attachments.file_id(kept) == "file-2"


def test_one_photo_of_an_album_changes(line: Line) -> None:
    for number in (31, 32, 33):
        line.bank.accept(Share(file=file(number=number), album="77", message_id=number), CUSTOMER)
    line.bank.intake.advance([CUSTOMER])
    line.deliver()
    last = number_of_last(line)
    [change] = edited(line, CUSTOMER, Edit(file=file(number=32), text="this <one>", message_id=32))
    assert (change.html, change.replaces) == ("this &lt;one&gt;", last - 1)
    [change] = edited(line, CUSTOMER, Edit(file=file(number=31), text="and this", message_id=31))
    assert (change.html, change.replaces) == (f"{ANNA}\nand this", last - 2)


def test_an_album_that_has_not_left_changes_in_its_place(line: Line) -> None:
    for number in (31, 32):
        line.bank.accept(Share(file=file(number=number), album="77", message_id=number), CUSTOMER)
    line.bank.accept(Edit(file=file(number=9), text="second", message_id=32), CUSTOMER)
    line.bank.intake.advance([CUSTOMER])
    [album] = [message for chat, message in line.deliver() if chat == MODERATOR]
    assert [(held.id, held.html) for held in album.files] == [("file-31", ""), ("file-9", "second")]


def test_an_edit_of_what_the_moderator_never_saw_is_told_with_a_mark(line: Line) -> None:
    [told] = edited(line, CUSTOMER, Edit(text="it was about cards", message_id=7))
    assert told.html == f"✏️ {ANNA}\nit was about cards"


def test_an_edit_in_the_queue_is_in_what_the_moderator_reads(database: Database) -> None:
    line = Line(database)
    line.wait()
    line.bank.does(Say(text="first", message_id=31), CUSTOMER)
    assert line.bank.does(Edit(text="second", message_id=31), CUSTOMER) == ["en:handover.noted"]
    line.take()
    assert any("👤 second" in text for text in line.bank.told(MODERATOR))


def test_a_photo_replaced_in_the_queue_is_what_the_moderator_gets(database: Database) -> None:
    line = Line(database)
    line.wait()
    line.bank.does(Share(file=file(number=1), message_id=31), CUSTOMER)
    line.bank.does(Say(text="like this", message_id=32), CUSTOMER)
    pdf = file(FileKind.DOCUMENT, 2, name="a.pdf", mime="application/pdf")
    line.bank.does(Edit(file=pdf, text="the contract", message_id=31), CUSTOMER)
    line.bank.does(Edit(file=file(number=3), text="like this", message_id=32), CUSTOMER)
    line.bank.does(TakeChat(conversation_id=line.bank.conversation(CUSTOMER).id), MODERATOR)
    given = [held for chat, message in line.deliver() if chat == MODERATOR for held in message.files]
    assert [(held.kind, held.id, held.name) for held in given] == [
        (FileKind.DOCUMENT, "file-2", "a.pdf"),
        (FileKind.PHOTO, "file-3", ""),
    ]


def test_an_edit_of_a_question_to_the_assistant_is_refused_as_ever(database: Database) -> None:
    bank = Bank(database)
    bank.asks("How much is the card?")
    bank.run()
    assert bank.does(Edit(text="How much is the loan?", message_id=1)) == ["en:unsupported.edited"]


def test_a_moderator_s_edit_after_the_end_changes_nothing(line: Line) -> None:
    line.says(Say(text="first", message_id=31), MODERATOR)
    line.bank.does(End(), MODERATOR)
    line.deliver()
    assert edited(line, MODERATOR, Edit(text="second", message_id=31)) == []


def test_a_file_of_the_wrong_kind_does_not_come_in_by_an_edit(line: Line) -> None:
    line.says(Share(file=file(FileKind.DOCUMENT, name="a.pdf", mime="application/pdf"), message_id=31), CUSTOMER)
    job = Edit(file=file(FileKind.DOCUMENT, name="a.exe", mime=""), message_id=31)
    assert line.bank.does(job, CUSTOMER) == ["en:media.wrong_type types=jpg, pdf, png, txt"]
    assert number_of_last(line) > FIRST
