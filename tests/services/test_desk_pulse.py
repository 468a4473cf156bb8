"""What pages follow: each change is told once, to whom it concerns; and what one page shows in one look."""

from uuid import UUID

import pytest

from database.db import Database
from database.models import Delivery
from services.access import Role
from services.desk import typing
from services.desk.desk import Desk
from services.desk.door import Door
from services.desk.glance import Glance, glance, holder
from services.desk.jobs import DeskVerb
from services.desk.noting import note, show_said
from services.desk.overseeing import oversee
from services.desk.pulse import Beat, Pulse
from services.desk.relaying import send_text
from services.desk.taking import take
from services.errors import DeskRefusal
from tests.services.desking import ANNA, BORIS, SUPERVISOR, Floor


def door_of(floor: Floor) -> Door:
    return Door(floor.database, floor.tools)


def seen_by(floor: Floor, operator: int, chosen: UUID | None = None) -> Glance:
    return door_of(floor).look(operator, lambda desk: glance(desk, chosen))


def test_each_change_is_told_once(database: Database) -> None:
    floor = Floor.of(database, ANNA)
    pulse = Pulse(door_of(floor))
    first = pulse.beat({ANNA})
    assert first.floor is not None
    assert first.floor.staff == {ANNA}
    assert pulse.beat({ANNA}) == Beat()

    floor.asks_for_person(1)
    chat = floor.conversation(1).id
    beat = pulse.beat({ANNA})
    assert chat in beat.conversations
    assert beat.floor is not None
    assert [each.id for each in beat.floor.waiting] == [chat]
    assert [pulse.beat({ANNA}) for _ in range(15)] == [Beat()] * 15

    floor.takes(ANNA, 1)
    assert ANNA in pulse.beat({ANNA}).people
    floor.says(1, "hello")
    beat = pulse.beat({ANNA})
    assert (chat in beat.conversations, beat.floor) == (True, None)


def test_a_note_and_what_telegram_tells_the_operator_are_changes(database: Database) -> None:
    floor = Floor.of(database, ANNA, chats=3)
    floor.meet(ANNA, 1, 2)
    pulse, door = Pulse(door_of(floor)), door_of(floor)
    pulse.beat({ANNA})
    chat = floor.conversation(1).id
    door.do(ANNA, lambda desk: note(desk, desk.locked(chat), "in a hurry"))
    assert pulse.beat({ANNA}).conversations == {chat}
    floor.acts(ANNA, DeskVerb.USE, floor.id(1))
    assert ANNA in pulse.beat({ANNA}).people


def test_people_without_a_page_are_no_news_to_it(database: Database) -> None:
    floor = Floor.of(database, ANNA)
    pulse = Pulse(door_of(floor))
    pulse.beat({ANNA})
    floor.register(7)
    assert pulse.beat({ANNA}).people == set()


def test_a_glance_opens_the_current_chat_or_the_chosen_one(database: Database) -> None:
    floor = Floor.of(database, ANNA, BORIS, chats=3)
    floor.register(1)
    floor.meet(ANNA, 1, 2)
    seen = seen_by(floor, ANNA)
    assert seen.opened is not None
    assert seen.opened.card.id == floor.conversation(2).id
    chosen = floor.conversation(1).id
    seen = seen_by(floor, ANNA, chosen)
    assert seen.opened is not None
    assert (seen.opened.card.id, seen.holder, len(seen.cards)) == (chosen, "", 2)

    other = seen_by(floor, BORIS, chosen)
    assert other.opened is None
    assert other.holder
    assert other.holder == door_of(floor).look(BORIS, lambda desk: holder(desk, desk.locked(chosen)))


def test_only_the_staff_looks(database: Database) -> None:
    floor = Floor.of(database, ANNA)
    floor.register(1)
    with pytest.raises(DeskRefusal):
        seen_by(floor, 1)
    with pytest.raises(DeskRefusal):
        door_of(floor).look(ANNA, oversee)


def test_the_customer_sees_their_own_operator_typing(database: Database) -> None:
    floor = Floor.of(database, ANNA, BORIS)
    floor.meet(ANNA, 1)
    chat = floor.conversation(1).id
    door_of(floor).look(ANNA, lambda desk: typing.typing(desk, chat))
    assert floor.signals.typings == [1]
    with pytest.raises(DeskRefusal, match="not_yours"):
        door_of(floor).look(BORIS, lambda desk: typing.typing(desk, chat))
    floor.acts(ANNA, DeskVerb.DONE)
    with pytest.raises(DeskRefusal, match="not_yours"):
        door_of(floor).look(ANNA, lambda desk: typing.typing(desk, chat))
    assert floor.signals.typings == [1]


def test_what_is_said_in_the_console_stands_in_telegram_too(database: Database) -> None:
    floor = Floor.of(database, ANNA)
    floor.meet(ANNA, 1)
    chat, words = floor.conversation(1).id, "one moment, not 4111 1111 1111 1111"

    def say(desk: Desk) -> None:
        conversation = desk.locked(chat)
        send_text(desk, conversation, words)
        show_said(desk, conversation, words)

    door_of(floor).do(ANNA, say)
    assert "desk.said" in floor.told(ANNA)[-1]
    assert "4111" not in floor.told(ANNA)[-1]
    seen = seen_by(floor, ANNA)
    assert seen.opened is not None
    assert [(bubble.text, bubble.state) for bubble in seen.opened.bubbles] == [
        ("one moment, not •••• 1111", Delivery.PENDING)
    ]


def test_of_two_who_take_the_second_is_refused(database: Database) -> None:
    floor = Floor.of(database, ANNA, BORIS)
    floor.asks_for_person(1)
    chat = floor.conversation(1).id
    door_of(floor).do(ANNA, lambda desk: take(desk, chat))
    with pytest.raises(DeskRefusal, match="taken"):
        door_of(floor).do(BORIS, lambda desk: take(desk, chat))


def test_a_supervisor_oversees_everybody(database: Database) -> None:
    floor = Floor.of(database, ANNA)
    floor.grant(SUPERVISOR, Role.SUPERVISOR)
    floor.register(1)
    floor.meet(ANNA, 1)
    floor.asks_for_person(2)
    seen = door_of(floor).look(SUPERVISOR, oversee)
    assert [chat.chat_id for chat in seen.desk.chats] == [1]
    assert seen.customers[floor.conversation(1).id.hex] == "Person 1"
    assert len(seen.desk.waiting) == 1
    assert {seat.telegram_id: seat.load for seat in seen.desk.seats}[ANNA] == 1
