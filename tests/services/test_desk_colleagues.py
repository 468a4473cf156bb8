"""Colleagues: passing a chat on or up, reading another's customers, watching, and what is kept ready for a chat."""

from dataclasses import replace
from datetime import timedelta

import pytest

from database.db import Database
from database.models import ConversationState
from services.access import Role
from services.desk.desk import Desk
from services.desk.jobs import DeskVerb
from services.desk.passing import colleagues
from services.desk.supervising import warn
from services.errors import DeskRefusal
from services.jobs import AskForPerson
from services.waiting.jobs import LeaveMessage
from tests.services.bank import POLICY, Bank
from tests.services.desking import ANNA, BORIS, SUPERVISOR, Floor
from tests.services.lobby import CLOSED
from tests.twins import TwinRunning


@pytest.fixture
def floor(database: Database) -> Floor:
    return Floor.of(database, ANNA, BORIS)


def test_a_chat_goes_to_a_colleague_with_all_that_was_said(floor: Floor) -> None:
    floor.meet(ANNA, 1)
    floor.says(1, "my story")
    floor.acts(ANNA, DeskVerb.NOTE, "speaks slowly")
    floor.acts(ANNA, DeskVerb.TRANSFER)
    [[button]] = floor.outbound(ANNA)[-1].buttons
    floor.acts(ANNA, DeskVerb.TRANSFER, button.data.removeprefix("desk:transfer:").replace(":", " "))
    assert "desk.transferred" in floor.told(ANNA)[-1]
    assert ["my story" in floor.told(BORIS)[-1], "speaks slowly" in floor.told(BORIS)[-1]] == [True, True]
    assert floor.served() == {1: BORIS}


def test_who_serves_nobody_learns_of_no_colleagues(floor: Floor) -> None:
    floor.meet(ANNA, 1)
    floor.grant(920, Role.AUDITOR)
    with floor.database.reading() as uow:
        chat = uow.conversations.open_for(1)
        assert chat
        assert [seat.telegram_id for seat in colleagues(Desk(uow, floor.tools, ANNA), chat)] == [BORIS]
        with pytest.raises(DeskRefusal):
            colleagues(Desk(uow, floor.tools, 920), chat)


def test_an_old_button_passes_no_other_chat_on(floor: Floor) -> None:
    with floor.database.unit_of_work() as uow:
        uow.operators.ensure(BORIS).line = 2
    floor.meet(ANNA, 1)
    gone = floor.conversation(1).id.hex
    floor.acts(ANNA, DeskVerb.DONE)
    floor.meet(ANNA, 2)
    floor.acts(ANNA, DeskVerb.ESCALATE, gone)
    assert floor.served() == {2: ANNA}


def test_secrets_in_a_note_upwards_are_masked(floor: Floor) -> None:
    with floor.database.unit_of_work() as uow:
        uow.operators.ensure(BORIS).line = 2
    floor.meet(ANNA, 1)
    chat = floor.conversation(1)
    floor.acts(ANNA, DeskVerb.ESCALATE, "card 4111 1111 1111 1111")
    with floor.database.reading() as uow:
        notes = [note.text for note in uow.desk.notes(chat.id)]
    assert not any("4111 1111" in text for text in notes), notes


@pytest.mark.parametrize("odd", ["²", "9" * 30, "-1"])
def test_what_only_looks_like_a_number_is_answered(floor: Floor, odd: str) -> None:
    floor.meet(ANNA, 1)
    floor.grant(SUPERVISOR, Role.ADMIN)
    for operator, act, words in (
        (ANNA, DeskVerb.TRANSFER, f"{floor.id(1)} {odd}"),
        (ANNA, DeskVerb.HISTORY, f"{floor.id(1)} {odd}"),
        (SUPERVISOR, DeskVerb.OPERATORS, f"revoke {odd}"),
    ):
        assert floor.acts(operator, act, words)
    assert set(floor.inbox_states()) == {"done"}


def test_who_may_not_watch_any_more_reads_nothing_more(floor: Floor) -> None:
    floor.grant(SUPERVISOR, Role.SUPERVISOR)
    floor.meet(ANNA, 1)
    floor.acts(SUPERVISOR, DeskVerb.WATCH, floor.id(1))
    floor.says(1, "seen")
    assert any("seen" in text for text in floor.told(SUPERVISOR))
    with floor.database.unit_of_work() as uow:
        uow.roles.revoke(SUPERVISOR, Role.SUPERVISOR)
    floor.says(1, "unseen")
    assert not any("unseen" in text for text in floor.told(SUPERVISOR))
    assert floor.conversation(1).watched_by is None


def test_nobody_serves_themselves(floor: Floor) -> None:
    floor.asks_for_person(ANNA)
    floor.takes(ANNA, ANNA)
    assert floor.served() == {}


def test_the_second_line_gets_what_the_first_passes_up(floor: Floor) -> None:
    assert "desk.no_chat" in floor.acts(ANNA, DeskVerb.ESCALATE, "help")[-1]
    floor.meet(ANNA, 1)
    assert "desk.no_second_line" in floor.acts(ANNA, DeskVerb.ESCALATE, "a fee that is not in the list")[-1]
    with floor.database.unit_of_work() as uow:
        uow.operators.ensure(BORIS).line = 2
    assert "desk.escalate_usage" in floor.acts(ANNA, DeskVerb.ESCALATE)[-1]
    floor.acts(ANNA, DeskVerb.ESCALATE, "a fee that is not in the list")
    assert "desk.escalated" in floor.told(1)[-1]
    floor.tend()
    assert floor.offered() == {1: BORIS}
    assert "a fee that is not in the list" in floor.takes(BORIS, 1)[-1]


def test_both_lines_busy_has_words_of_its_own(database: Database) -> None:
    floor = Floor.of(database, ANNA, BORIS, chats=1)
    with database.unit_of_work() as uow:
        uow.operators.ensure(BORIS).line = 2
    floor.meet(BORIS, 2)
    floor.meet(ANNA, 1)
    floor.acts(ANNA, DeskVerb.ESCALATE, "please look")
    assert "desk.both_busy" in floor.told(1)[-1]


def test_another_s_customer_is_read_only_for_a_reason(floor: Floor) -> None:
    floor.grant(SUPERVISOR, Role.SUPERVISOR)
    floor.meet(ANNA, 1)
    floor.says(1, "a secret of mine")
    assert "a secret of mine" in floor.acts(ANNA, DeskVerb.HISTORY, floor.id(1))[-1]
    for words in (floor.id(1), f"{floor.id(1)} 5", f"{floor.id(1)} 5 hm"):
        assert "desk.why" in floor.acts(BORIS, DeskVerb.HISTORY, words)[-1]
    assert not [text for text in floor.told(BORIS) if "secret" in text]
    assert "a secret of mine" in floor.acts(BORIS, DeskVerb.HISTORY, f"{floor.id(1)} 5 fraud alert 77")[-1]
    assert "fraud alert 77" in floor.told(SUPERVISOR)[-1]
    assert "🔓" in floor.acts(SUPERVISOR, DeskVerb.DESK)[-1]
    assert [event.operator_id for event in floor.events("read")] == [BORIS]


def test_a_supervisor_watches_reassigns_and_closes(floor: Floor) -> None:
    floor.grant(SUPERVISOR, Role.SUPERVISOR)
    floor.meet(ANNA, 1)
    for act in (DeskVerb.DESK, DeskVerb.WATCH):
        assert floor.acts(ANNA, act, floor.id(1)) == ["en:refused.not_allowed"]
    assert "desk.watching" in floor.acts(SUPERVISOR, DeskVerb.WATCH, floor.id(1))[-1]
    floor.says(1, "do you see this?")
    floor.says(ANNA, "I do")
    assert ["do you see this?" in floor.told(SUPERVISOR)[-2], "I do" in floor.told(SUPERVISOR)[-1]] == [True, True]
    floor.acts(SUPERVISOR, DeskVerb.TRANSFER, f"{floor.id(1)} {BORIS}")
    assert floor.served() == {1: BORIS}
    floor.acts(SUPERVISOR, DeskVerb.DONE, floor.id(1))
    assert floor.conversation(1).state == ConversationState.CLOSED


def test_a_canned_reply_is_filled_in_and_said(floor: Floor) -> None:
    with floor.database.unit_of_work() as uow:
        uow.desk.keep_canned("hello", "", "Good day, {name}, this is {operator}")
        uow.desk.keep_canned("hello", "ru", "Здравствуйте")
    floor.meet(ANNA, 1)
    assert floor.outbound(ANNA)  # and one with the list
    floor.acts(ANNA, DeskVerb.CANNED)
    assert [button.data for row in floor.outbound(ANNA)[-1].buttons for button in row] == ["desk:canned:hello"]
    floor.acts(ANNA, DeskVerb.CANNED, "hello")
    assert "Good day, Person 1, this is Person 911" in floor.told(1)[-1]
    assert "desk.no_canned" in floor.acts(ANNA, DeskVerb.CANNED, "nothing")[-1]


def test_supervisors_are_not_woken_for_a_message_that_was_left_while_the_desk_is_closed(database: Database) -> None:
    bank = Bank(database, policy=CLOSED)
    bank.grant(SUPERVISOR, Role.SUPERVISOR)
    bank.does(AskForPerson())
    bank.does(LeaveMessage())
    with database.unit_of_work() as uow:
        talk = uow.conversations.open_for(1)
        assert talk
        assert talk.reason == "asked"
        talk.queued_at = uow.now() - timedelta(hours=1)
        assert not warn(Desk(uow, bank.tools))
        assert warn(Desk(uow, replace(bank.tools, running=TwinRunning(POLICY)))), "once the desk is open"
