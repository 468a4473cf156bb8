"""The system's state and its dead letters: what is seen, who may act, and what the log says of it."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from database.db import Database
from database.models import AuditAct, AuditEvent, Author, Delivery, InboxRow, InboxState, Message
from database.queries.dead import DROPPED, DeadKind, DeadLetter
from database.types import db_now
from services import assistant, dead_letters, status
from services.dead_letters import Why
from services.errors import NotPermitted, OfficeRefusal
from services.system import System
from tests.services.bank import Bank
from tests.services.settling import ADMIN, AUDITOR, MODERATOR, SUPERVISOR, Settling

KINDS = {DeadKind.UPDATE: "dead", DeadKind.QUESTION: "dead_questions", DeadKind.MESSAGE: "dead_messages"}


@pytest.fixture
def bank(database: Database) -> Bank:
    """Return a bank in which an update, a question and a message came to no end."""
    bank = Bank(database)
    Settling(database, {})
    bank.register(1)
    bank.asks("How much is the card?")
    bank.answering.run_due()
    with database.unit_of_work() as uow:
        own = update(Message).where(Message.bot_id == database.bot_id)
        questions = uow.session.execute(own.where(Message.author == Author.CUSTOMER).values(state=Delivery.DEAD))
        messages = uow.session.execute(own.where(Message.author == Author.AI).values(state=Delivery.DEAD, reason="x"))
        inbox = update(InboxRow).where(InboxRow.bot_id == database.bot_id)
        updates = uow.session.execute(inbox.values(state=InboxState.DEAD, attempt=8, error="KeyError"))
        assert all((questions, messages, updates))
    return bank


def letter(bank: Bank, kind: DeadKind) -> DeadLetter:
    with bank.database.reading() as uow:
        [found] = [one for one in dead_letters.listed(uow, AUDITOR) if one.kind == kind]
    return found


def waiting(bank: Bank, kind: DeadKind) -> int:
    with bank.database.reading() as uow:
        return status.look(uow).backlog[KINDS[kind]].waiting


def recorded(bank: Bank, act: AuditAct) -> list[AuditEvent]:
    with bank.database.reading() as uow:
        own = select(AuditEvent).where(AuditEvent.bot_id == bank.database.bot_id, AuditEvent.act == act)
        return list(uow.session.scalars(own))


def test_the_state_tells_what_waits_and_what_is_dead(bank: Bank) -> None:
    with bank.database.unit_of_work() as uow:
        uow.presences.beat("worker", "one:1", ["model:openai"])
    with bank.database.reading() as uow:
        state = status.look(uow)
    assert state.dead == 3
    assert state.ai_enabled
    assert state.breakers == ["model:openai"]
    assert [(process.part, process.process) for process in state.processes] == [("worker", "one:1")]
    assert state.stuck == []
    assert state.tree is None or state.tree.checked_at is None
    seen = letter(bank, DeadKind.UPDATE)
    assert (seen.attempts, seen.reason, seen.chat_id) == (8, "KeyError", 1)


def test_messages_that_a_limit_holds_back_are_told_from_those_that_failed(bank: Bank) -> None:
    with bank.database.unit_of_work() as uow:
        own = update(Message).where(Message.bot_id == bank.database.bot_id, Message.author == Author.AI)
        uow.session.execute(own.values(state=Delivery.PENDING, not_before=db_now(300), failures=0))
    with bank.database.reading() as uow:
        held = status.look(uow).held
    assert held.number == 1
    assert 200 < held.longest <= 300
    with bank.database.unit_of_work() as uow:
        uow.session.execute(own.values(failures=1))
    with bank.database.reading() as uow:
        assert status.look(uow).held.number == 0


@pytest.mark.parametrize("kind", list(DeadKind))
def test_one_gets_another_life_once(bank: Bank, kind: DeadKind) -> None:
    system, one = System(bank.database), letter(bank, kind)
    assert system.replay(ADMIN, kind, one.number)
    assert waiting(bank, kind) == 0
    [event] = recorded(bank, AuditAct.DEAD_REPLAYED)
    assert (event.actor, event.subject) == (ADMIN, f"{kind}:{one.number}")
    with pytest.raises(OfficeRefusal, match=r"system\.gone"):
        system.replay(ADMIN, kind, one.number)
    assert sum(waiting(bank, other) for other in DeadKind) == 2


@pytest.mark.parametrize("kind", list(DeadKind))
def test_one_is_given_up_with_a_reason(bank: Bank, kind: DeadKind) -> None:
    system, one = System(bank.database), letter(bank, kind)
    assert system.drop(ADMIN, kind, one.number, Why.OUTDATED)
    assert waiting(bank, kind) == 0
    [event] = recorded(bank, AuditAct.DEAD_DROPPED)
    assert event.subject == f"{kind}:{one.number}"
    assert json.loads(event.details)["reason"] == "outdated"
    with pytest.raises(OfficeRefusal, match=r"system\.gone"):
        system.drop(ADMIN, kind, one.number, Why.OUTDATED)
    with pytest.raises(OfficeRefusal, match=r"system\.gone"):
        system.replay(ADMIN, kind, one.number)


def test_a_message_that_was_given_up_says_so(bank: Bank) -> None:
    one = letter(bank, DeadKind.MESSAGE)
    System(bank.database).drop(ADMIN, one.kind, one.number, Why.DUPLICATE)
    [message] = [row for row in bank.messages() if row.id == one.number]
    assert (message.state, message.reason) == (Delivery.DROPPED, DROPPED)


def test_all_get_another_life_at_once(bank: Bank) -> None:
    revived = System(bank.database).replay_all(ADMIN)
    assert (revived.updates, revived.questions, revived.messages) == (1, 1, 1)
    assert len(recorded(bank, AuditAct.DEAD_REPLAYED)) == 1
    again = System(bank.database).replay_all(ADMIN)
    assert again == replace(again, updates=0, questions=0, messages=0)
    assert len(recorded(bank, AuditAct.DEAD_REPLAYED)) == 1


@pytest.mark.parametrize("by", [SUPERVISOR, AUDITOR, MODERATOR, 1])
def test_only_an_administrator_acts_and_an_attempt_is_recorded(bank: Bank, by: int) -> None:
    system, one = System(bank.database), letter(bank, DeadKind.MESSAGE)
    for attempt in (
        lambda: system.replay(by, one.kind, one.number),
        lambda: system.drop(by, one.kind, one.number, Why.UNUSABLE),
        lambda: system.replay_all(by),
    ):
        with pytest.raises(NotPermitted):
            attempt()
    assert waiting(bank, DeadKind.MESSAGE) == 1
    assert len(recorded(bank, AuditAct.REFUSED)) == 3


@pytest.mark.parametrize(("by", "sees"), [(ADMIN, True), (SUPERVISOR, True), (AUDITOR, True), (MODERATOR, False)])
def test_who_sees_the_state(bank: Bank, by: int, sees: bool) -> None:  # noqa: FBT001 - a case
    if sees:
        assert len(System(bank.database).look(by).dead) == 3
    else:
        with pytest.raises(NotPermitted):
            System(bank.database).look(by)


def test_the_assistant_is_switched_by_administrators_alone_and_recorded_once(bank: Bank) -> None:
    with bank.database.unit_of_work() as uow, pytest.raises(NotPermitted):
        assistant.switch(uow, SUPERVISOR, on=False)
    with bank.database.unit_of_work() as uow:
        assert assistant.switch(uow, ADMIN, on=False)
        assert not assistant.switch(uow, ADMIN, on=False)
    [event] = recorded(bank, AuditAct.AI_SWITCHED)
    assert json.loads(event.details) == {"before": True, "after": False}
