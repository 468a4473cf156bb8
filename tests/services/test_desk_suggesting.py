"""What the knowledge suggests to operators: at the beginning of a chat, and whenever its customer asks anew."""

import pytest

from database.db import Database
from services.access import Role
from services.desk.jobs import DeskVerb
from services.knowledge.passages import Found
from tests.services.desking import ANNA, BORIS, Floor


@pytest.fixture
def floor(database: Database) -> Floor:
    return Floor.of(database, ANNA)


def test_the_knowledge_suggests_a_reply_that_a_button_sends(floor: Floor) -> None:
    floor.asks_for_person(1)
    floor.says(1, "How much is the card?")
    floor.takes(ANNA, 1)
    floor.tend()
    suggested = floor.outbound(ANNA)[-1]
    assert ["The card is free." in suggested.html, "How much is the card?" in suggested.html] == [True, True]
    floor.acts(ANNA, DeskVerb.SUGGEST, suggested.buttons[0][0].data.removeprefix("desk:suggest:").replace(":", " "))
    assert "The card is free." in floor.told(1)[-1]


def test_it_suggests_anew_what_the_customer_asks_later_and_says_nothing_twice(floor: Floor) -> None:
    floor.meet(ANNA, 1)
    known, floor.library.found = floor.library.found, Found()
    floor.says(1, "Good day")
    floor.tend()
    assert floor.suggested(1) == []
    floor.library.found = known
    floor.says(1, "How much is the card?")
    floor.tend()
    floor.says(1, "how much is the card")
    floor.tend()
    assert floor.suggested(1) == ["The card is free."], "one stands already"
    floor.says(ANNA, "It is free")
    floor.says(1, "Sorry, how much is the card?")
    floor.tend()
    assert floor.suggested(1) == ["The card is free."] * 2, "the page shows it again"
    assert sum("The card is free." in told for told in floor.told(ANNA)) == 1, "the chat has it already"


def test_it_looks_in_the_questions_own_language_too_as_answers_do(floor: Floor) -> None:
    known, floor.library.found = floor.library.found, Found()
    floor.library.elsewhere = {"ru": known}
    floor.meet(ANNA, 1)
    floor.says(1, "Сколько стоит карта?")
    floor.tend()
    assert floor.suggested(1) == ["The card is free."]


def test_who_takes_a_chat_over_is_suggested_what_the_one_before_was(floor: Floor) -> None:
    floor.asks_for_person(1)
    floor.says(1, "How much is the card?")
    floor.takes(ANNA, 1)
    floor.tend()
    floor.grant(BORIS, Role.MODERATOR)
    floor.acts(BORIS, DeskVerb.ONLINE)
    floor.acts(ANNA, DeskVerb.TRANSFER)
    [[button]] = floor.outbound(ANNA)[-1].buttons
    floor.acts(ANNA, DeskVerb.TRANSFER, button.data.removeprefix("desk:transfer:").replace(":", " "))
    floor.tend()
    assert floor.served() == {1: BORIS}
    assert any("The card is free." in told for told in floor.told(BORIS))
