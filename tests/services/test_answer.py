"""Answering: one answer for all that was asked, none once somebody came first, an apology where nothing helps."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from database.db import Database
from database.models import Answer, InboxState, Message
from services.access import Role
from services.drafts import Draft
from services.jobs import ChooseMode
from services.knowledge.passages import Found
from tests.database.threads import let_time_pass, together
from tests.services.bank import ADMIN, MODERATOR, POLICY, Bank
from tests.twins import FEE, LIMITS, TwinLibrary, TwinModel


@pytest.fixture
def bank(database: Database) -> Bank:
    bank = Bank(database)
    bank.grant(MODERATOR, Role.MODERATOR)
    bank.grant(ADMIN, Role.ADMIN)
    return bank


def now(bank: Bank) -> datetime:
    with bank.database.reading() as uow:
        return uow.now()


def passages_of(bank: Bank) -> list[dict[str, object]]:
    with bank.database.reading() as uow:
        wanted = select(Answer.passages).where(Answer.bot_id == bank.database.bot_id).order_by(Answer.id)
        return [passage for passages in uow.session.scalars(wanted) for passage in passages]


def test_an_answer_offers_a_person_and_is_recorded_with_its_reasons(bank: Bank) -> None:
    bank.asks("How much is the card?")
    assert bank.answering.run_due() == 1
    [message] = bank.outbound()
    assert "The card is free." in message.html
    assert [[button.data for button in row] for row in message.buttons] == [["person"], ["thumb:up", "thumb:down"]]
    assert bank.outcomes() == ["extract"]
    assert passages_of(bank) == [
        {"chunk": "fee", "score": 0.9, "title": FEE.title, "document": "cards", "version": "v7"},
        {"chunk": "limits", "score": 0.5, "title": LIMITS.title, "document": "", "version": ""},
    ]
    assert bank.answering.run_due() == 0
    assert bank.wakeups.deliveries == 1, "the question itself left nothing to send"


def test_many_workers_give_each_chat_one_answer(bank: Bank) -> None:
    for chat in range(1, 21):
        bank.asks("How much?", chat)
    together(lambda _: bank.answering.run_due())
    bank.answering.run_due()
    assert [len(bank.answers(chat)) for chat in range(1, 21)] == [1] * 20


def test_what_comes_while_an_answer_is_composed_gets_an_answer_of_its_own(bank: Bank) -> None:
    bank.asks("First")
    bank.meanwhile(lambda: bank.asks("Second"))
    assert bank.answering.run_due() == 2
    assert bank.library.asked == ["First", "Second"]
    assert bank.outcomes() == ["extract", "extract"]


def test_the_second_answer_knows_the_first(bank: Bank) -> None:
    model = TwinModel(Draft("answer", "It is free.", (1,), "twin"))
    talk = Bank(bank.database, model=model)
    for text in ("How much is the card?", "And the limits?"):
        talk.asks(text)
        talk.answering.run_due()
    told = [message["content"] for message in model.prompts[1]]
    assert told[1] == "How much is the card?"
    assert "It is free." in told[2]
    assert "And the limits?" in told[-1]


def test_what_fails_is_tried_again_with_growing_pauses_and_ends_in_an_apology(bank: Bank) -> None:
    talk = Bank(bank.database, model=TwinModel(RuntimeError("no model says this")))
    talk.asks("How much is the card?")
    pauses = iter((2, 4, 8, 16, 30))
    while not talk.told():
        before = now(talk)
        talk.answering.run_due()
        if due := talk.conversation().answer_due_at:
            pause, rounding = timedelta(seconds=next(pauses)), timedelta(milliseconds=1)
            assert before - rounding <= due - pause <= now(talk) + rounding
        let_time_pass(talk.database)
    assert next(pauses, None) is None
    assert ["answer.failed" in text for text in talk.told()] == [True]
    assert talk.outcomes() == ["failed"]
    assert talk.conversation().answer_due_at is None
    talk.asks("And now?")
    talk.answering.run_due()
    assert talk.conversation().failures == 1, "the next question starts afresh"


def test_one_that_does_not_open_holds_up_nobody(bank: Bank) -> None:
    bank.asks("How much is the card?", 1)
    bank.asks("How much is the card?", 2)
    with bank.database.unit_of_work() as uow:
        of_first = update(Message).where(Message.bot_id == bank.database.bot_id, Message.chat_id == 1)
        uow.session.execute(of_first.values(body=b"not sealed"))
    assert bank.answering.run_due() == 1
    assert len(bank.answers(2)) == 1
    assert bank.answers(1) == []


def test_what_the_knowledge_does_not_hold_is_said(bank: Bank) -> None:
    talk = Bank(bank.database, library=TwinLibrary(Found()))
    talk.asks("Who won the match?")
    talk.answering.run_due()
    assert ["answer.not_found" in text for text in talk.told()] == [True]
    assert talk.outcomes() == ["not_found"]


def test_an_answer_is_asked_for_when_it_is_due_even_after_many_words(database: Database) -> None:
    talk = Bank(database, policy=replace(POLICY, debounce=600.0, debounce_max=900.0))
    talk.asks("First")
    with database.unit_of_work() as uow:
        conversation = uow.conversations.open_for(1)
        assert conversation
        assert conversation.asked_at
        conversation.asked_at -= (due := conversation.answer_due_at or uow.now()) - uow.now()
        assert due
    talk.asks("Second")
    delays = [delay for _, delay in talk.wakeups.conversations]
    assert delays[0] == pytest.approx(600, abs=60)
    assert delays[1] == pytest.approx(300, abs=60), "900 seconds after the first at most"


def test_after_an_answer_whatever_waited_behind_it_is_woken(bank: Bank) -> None:
    bank.asks("How much is the card?")
    bank.accept(ChooseMode())
    bank.intake.advance([1])
    hints = len(bank.wakeups.chats)
    bank.answering.run_due()
    assert bank.wakeups.chats[hints:] == [1]
    assert bank.inbox_states() == {InboxState.DONE: 1, InboxState.NEW: 1}


def test_typing_is_shown_at_once_and_kept_up_by_the_heartbeat(bank: Bank) -> None:
    bank.asks("How much is the card?")
    assert bank.signals.typings == [1]
    beats: list[UUID] = []

    def beat() -> None:
        let_time_pass(bank.database)
        bank.heartbeat.beat()
        assert bank.due() == [], "the lease that had run out was prolonged"
        beats.append(bank.conversation().id)

    bank.meanwhile(beat)
    assert bank.answering.run_due() == 1
    assert len(beats) == 1
    assert bank.signals.typings == [1, 1]
    bank.heartbeat.beat()
    assert bank.signals.typings == [1, 1], "nothing is held any more"
    assert len(bank.answers()) == 1
