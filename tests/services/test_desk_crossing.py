"""Files, replies and edits at a desk of several chats: each reaches its own customer, a supervisor reads along."""

import pytest
from sqlalchemy import update

from database.db import Database
from database.models import Attachment, Message
from services.access import Role
from services.desk.jobs import DeskVerb
from services.jobs import End
from services.jobs_spoken import Edit
from services.outbound import Outbound
from services.waiting.jobs import Rate, WantComment
from tests.services.desking import ANNA, BORIS, SUPERVISOR, Floor


@pytest.fixture
def floor(database: Database) -> Floor:
    return Floor.of(database, ANNA, BORIS)


def files(floor: Floor, chat_id: int) -> list[list[str]]:
    """Return the files of each message in a chat that has any."""
    return [[held.id for held in message.files] for message in floor.outbound(chat_id) if message.files]


def last(floor: Floor, chat_id: int) -> Outbound:
    return floor.outbound(chat_id)[-1]


def test_a_file_of_another_customer_says_so_and_has_the_way_to_answer(floor: Floor) -> None:
    floor.meet(ANNA, 1, 2)
    floor.shares(1, 41)
    card = last(floor, ANNA)
    assert ([held.id for held in card.files], floor.id(1) in card.html) == (["file-41"], True)
    [[button]] = card.buttons
    assert "desk.current" in floor.acts(ANNA, DeskVerb.USE, button.data.removeprefix("desk:use:"))[-1]
    floor.shares(ANNA, 51)
    assert [files(floor, customer) for customer in (1, 2)] == [[["file-51"]], []]


def test_a_reply_to_any_photo_of_an_album_goes_to_its_own_customer(floor: Floor) -> None:
    floor.meet(ANNA, 1, 2)
    for number in (41, 42):
        floor.shares(1, number, album="9")
    assert (files(floor, ANNA), last(floor, ANNA).buttons) == ([["file-41", "file-42"]], ())
    with floor.database.unit_of_work() as uow:  # as Telegram numbers them once they were sent
        uow.session.execute(
            update(Attachment)
            .where(Attachment.bot_id == uow.scope.bot_id, Attachment.source_message_id == 42)
            .values(copy_message_id=7042)
        )
    floor.says(ANNA, "about the second photo", reply_to=7042)
    assert [("second photo" in floor.told(customer)[-1]) for customer in (1, 2)] == [True, False]


def test_a_reply_to_ones_own_words_goes_where_they_went(floor: Floor) -> None:
    floor.meet(ANNA, 1)
    floor.says(ANNA, "to the first", number=61)
    floor.meet(ANNA, 2)
    floor.says(ANNA, "one thing more", reply_to=61, number=62)
    assert [("one thing more" in floor.told(customer)[-1]) for customer in (1, 2)] == [True, False]
    floor.does(End(), 1)
    assert floor.says(ANNA, "and another", reply_to=61, number=63) == ["en:desk.reply_over"]


def test_an_edit_reaches_the_customer_who_has_the_message(floor: Floor) -> None:
    floor.meet(ANNA, 1)
    floor.says(ANNA, "first wording", number=61)
    floor.meet(ANNA, 2)
    floor.does(Edit(text="better wording", message_id=61), ANNA)
    assert ["wording" in floor.told(customer)[-1] for customer in (1, 2)] == [True, False]
    assert "better wording" in floor.told(1)[-1]


def test_a_supervisor_reads_files_along_from_both_sides(floor: Floor) -> None:
    floor.grant(SUPERVISOR, Role.SUPERVISOR)
    floor.meet(ANNA, 1)
    floor.acts(SUPERVISOR, DeskVerb.WATCH, floor.id(1))
    floor.shares(1, 41)
    floor.shares(ANNA, 51)
    assert files(floor, SUPERVISOR) == [["file-41"], ["file-51"]]
    assert "👁" in last(floor, SUPERVISOR).html
    assert [files(floor, chat) for chat in (ANNA, 1)] == [[["file-41"]], [["file-51"]]]
    floor.acts(SUPERVISOR, DeskVerb.TRANSFER, f"{floor.id(1)} {BORIS}")
    assert files(floor, BORIS) == [["file-41"]], "what the supervisor got is not what the next operator has"


def test_a_file_soon_after_the_end_goes_to_the_same_operator(floor: Floor) -> None:
    floor.meet(ANNA, 1)
    floor.acts(ANNA, DeskVerb.DONE)
    floor.shares(1, 41)
    assert (floor.served(), files(floor, ANNA)) == ({1: ANNA}, [["file-41"]])


def test_a_comment_on_a_chat_does_not_open_it_again(floor: Floor) -> None:
    floor.meet(ANNA, 1)
    floor.acts(ANNA, DeskVerb.DONE)
    chat = floor.conversation(1).id
    floor.does(Rate(conversation_id=chat, score=5), 1)
    floor.does(WantComment(conversation_id=chat), 1)
    assert floor.says(1, "Quick and friendly") == ["en:rating.commented"]
    assert floor.served() == {}
    floor.says(1, "and one more question", number=32)
    assert floor.served() == {1: ANNA}


def test_words_of_the_bot_itself_lead_to_their_customer(floor: Floor) -> None:
    floor.meet(ANNA, 1, 2)
    with floor.database.unit_of_work() as uow:
        [card] = [m for m in floor.messages(ANNA) if m.conversation_id == floor.conversation(1).id]
        row = uow.session.get(Message, card.id)
        assert row
        row.telegram_message_id = 7001
    floor.says(ANNA, "to who is on that card", reply_to=7001)
    assert [("on that card" in floor.told(customer)[-1]) for customer in (1, 2)] == [True, False]
