"""Several chats at once: whom words go to, switching, replies, giving back, the end with a code, reopening."""

import pytest

from database.db import Database
from database.models import ConversationState, Message
from services.desk.jobs import DeskVerb
from services.jobs import End, Say, TakeChat
from tests.services.desking import ANNA, BORIS, Floor


@pytest.fixture
def floor(database: Database) -> Floor:
    return Floor.of(database, ANNA, BORIS)


def relayed(floor: Floor, operator: int, text: str) -> int:
    """Give the message that passed a text on to an operator a number of the messenger's, and return it."""
    with floor.database.unit_of_work() as uow:
        [found] = [m for m in floor.messages(operator) if text in uow.messages.opened(m)]
        row = uow.session.get(Message, found.id)
        assert row
        row.telegram_message_id = 7000 + found.id
        return row.telegram_message_id


def test_words_go_to_the_current_chat_and_switching_says_so(floor: Floor) -> None:
    floor.meet(ANNA, 1, 2)
    floor.says(ANNA, "to the second")
    assert "to the second" in floor.told(2)[-1]
    assert "desk.current" in floor.acts(ANNA, DeskVerb.USE, floor.id(1))[-1]
    floor.says(ANNA, "to the first")
    assert "to the first" in floor.told(1)[-1]
    assert not [text for text in floor.told(2) if "to the first" in text]


def test_words_right_behind_the_taking_of_a_chat_go_to_its_customer(floor: Floor) -> None:
    floor.asks_for_person(1)
    floor.accept(TakeChat(conversation_id=floor.conversation(1).id), ANNA)
    floor.accept(Say(text="in one batch with it"), ANNA)
    floor.intake.advance([ANNA])
    assert "in one batch with it" in floor.told(1)[-1]


def test_a_reply_goes_to_its_own_customer(floor: Floor) -> None:
    floor.meet(ANNA, 1, 2)
    floor.says(1, "from the first")
    heard = floor.outbound(ANNA)[-1]
    assert f"#{floor.id(1)}" in heard.html
    assert heard.buttons, "a way to make it the current one"
    number = relayed(floor, ANNA, "from the first")
    floor.says(ANNA, "a reply", reply_to=number)
    assert "a reply" in floor.told(1)[-1]
    floor.says(ANNA, "no reply")
    assert "no reply" in floor.told(2)[-1]


def test_a_reply_to_a_chat_that_is_over_reaches_nobody(floor: Floor) -> None:
    floor.meet(ANNA, 1, 2)
    floor.says(1, "from the first")
    number = relayed(floor, ANNA, "from the first")
    floor.does(End(), 1)
    assert floor.says(ANNA, "too late", reply_to=number) == ["en:desk.reply_over"]
    assert not [text for person in (1, 2) for text in floor.told(person) if "too late" in text]


def test_without_a_current_chat_the_operator_is_asked(floor: Floor) -> None:
    floor.meet(ANNA, 1, 2, 3)
    floor.does(End(), 3)  # the current one
    assert floor.says(ANNA, "to whom?") == ["en:desk.choose"]
    assert "desk.choose" in floor.acts(ANNA, DeskVerb.NOTE, "for whom?")[-1]
    assert [len(row) for row in floor.outbound(ANNA)[-1].buttons] == [1, 1]


def test_words_for_a_chat_that_just_ended_do_not_reach_the_other_customer(floor: Floor) -> None:
    floor.meet(ANNA, 1, 2)
    floor.does(End(), 2)  # while the operator was still typing
    assert floor.says(ANNA, "your code word is owl") == ["en:desk.choose"]
    assert not [text for text in floor.told(1) if "owl" in text]
    [[button]] = floor.outbound(ANNA)[-1].buttons
    floor.acts(ANNA, DeskVerb.USE, button.data.removeprefix("desk:use:"))
    floor.says(ANNA, "hello")
    assert "hello" in floor.told(1)[-1]


def test_nobody_is_above_the_limit(floor: Floor) -> None:
    floor.meet(ANNA, 1, 2, 3)
    floor.asks_for_person(4)
    assert "desk.full" in floor.takes(ANNA, 4)[-1]
    assert "desk.full" in floor.acts(ANNA, DeskVerb.NEXT)[-1]
    assert floor.served() == {1: ANNA, 2: ANNA, 3: ANNA}


def test_an_operator_who_leaves_gives_the_chats_back_to_the_front(floor: Floor) -> None:
    floor.meet(ANNA, 1)
    floor.says(1, "my question")
    floor.asks_for_person(2)
    floor.pass_time(2, 500, "queued_at")
    assert "given=1" in floor.acts(ANNA, DeskVerb.LOGOUT)[-1]
    with floor.database.reading() as uow:
        assert [talk.chat_id for talk, _ in uow.floor.waiting()] == [1, 2]
    told = floor.acts(BORIS, DeskVerb.NEXT)
    assert "my question" in told[-1]
    assert floor.served() == {1: BORIS}


def test_who_gave_a_customer_away_does_not_get_them_back(floor: Floor) -> None:
    floor.meet(ANNA, 1)
    floor.acts(ANNA, DeskVerb.LOGOUT)
    floor.acts(ANNA, DeskVerb.ONLINE)
    assert "desk.nobody_waits" in floor.acts(ANNA, DeskVerb.NEXT)[-1]
    assert floor.tend() == 1
    assert floor.offered() == {1: BORIS}


def test_done_asks_for_a_code_and_lets_the_customer_come_back(database: Database) -> None:
    floor = Floor.of(database, ANNA, BORIS, wrap_up=60.0)
    floor.meet(ANNA, 1)
    told = floor.acts(ANNA, DeskVerb.DONE)
    assert ["end.done_staff" in told[0], "desk.how_ended" in told[1]] == [True, True]
    button = floor.outbound(ANNA)[-1].buttons[1][0]
    assert button.label == "en:desk.code.complaint"
    floor.asks_for_person(2)
    floor.acts(BORIS, DeskVerb.AWAY, "lunch")
    assert floor.tend() == 0, "wrapping up"
    assert "desk.coded" in floor.acts(ANNA, DeskVerb.CODE, button.data.removeprefix("desk:code:").replace(":", " "))[-1]
    assert floor.conversation(1).disposition == "complaint"
    assert floor.tend() == 1
    first = floor.conversation(1).id
    floor.says(1, "one more thing")
    assert "one more thing" in floor.told(ANNA)[-1]
    assert (floor.conversation(1).id, floor.served()) == (first, {1: ANNA})


def test_after_an_end_by_command_all_begins_with_the_ai(floor: Floor) -> None:
    floor.meet(ANNA, 1)
    floor.does(End(), ANNA)
    floor.says(1, "How much is the card?")
    floor.run()
    assert len(floor.answers(1)) == 1


def test_a_silent_customer_is_asked_and_then_the_chat_closes(floor: Floor) -> None:
    floor.meet(ANNA, 1, 2)
    for customer in (1, 2):
        floor.acts(ANNA, DeskVerb.USE, floor.id(customer))
        floor.says(ANNA, "Anything else?")
    for customer in (1, 2):
        floor.pass_time(customer, 1000, "heard_at", "taken_at")
        floor.pass_time(customer, 950, "spoke_at")
    floor.tend()
    assert ["desk.are_you_here" in floor.told(customer)[-1] for customer in (1, 2)] == [True, True]
    floor.says(2, "wait, I am looking")
    for customer in (1, 2):
        with floor.database.reading() as uow:
            asked = {talk.chat_id: talk.nudged_at for talk in uow.floor.served()}
        if asked.get(customer):
            floor.pass_time(customer, 400, "nudged_at")
    floor.tend()
    assert "desk.closed_silent" in floor.told(1)[-1]
    assert floor.conversation(1).state == ConversationState.CLOSED
    assert floor.served() == {2: ANNA}


def test_a_silent_operator_loses_the_customer(floor: Floor) -> None:
    floor.meet(ANNA, 1)
    floor.says(1, "Hello?")
    floor.pass_time(1, 700, "heard_at")
    floor.says(1, "Is somebody there?")
    floor.tend()
    assert "desk.operator_lost" in floor.told(1)[-1]
    assert "desk.taken_away" in floor.told(ANNA)[-1]
    assert floor.offered() == {1: BORIS}
