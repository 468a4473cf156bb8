"""Dead letters: nothing is tried for ever, everybody concerned is told, staff see it, and a command brings it back."""

from dataclasses import replace

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from commands import system
from database.db import Database
from database.models import Conversation, Delivery, Message
from database.queries.dead import Revived
from database.queries.inbox import MAX_ATTEMPTS
from database.types import db_now
from services.access import Role
from services.errors import TransientError
from services.jobs import AskForPerson, ChooseMode, OpenAdmin, Say, Unsupported
from services.sending import failed
from tests.database.people import message
from tests.database.threads import let_time_pass
from tests.services.bank import ADMIN, Bank, numbered
from tests.services.pumping import make_dispatcher
from tests.twins import TwinModel, accepted

MANY = 20  # rounds after which whatever is tried for ever would still be tried


def spoil(database: Database, chat_id: int) -> dict[int, bytes]:
    """Take away what opens a chat's messages; returns it."""
    with database.unit_of_work() as uow:
        of_chat = (Message.bot_id == database.bot_id, Message.chat_id == chat_id)
        kept = {one.id: one.body for one in uow.session.query(Message).where(*of_chat) if one.body}
        uow.session.execute(update(Message).where(*of_chat).values(body=b"not sealed"))
    return kept


def mend(database: Database, kept: dict[int, bytes]) -> None:
    """Give it back."""
    with database.unit_of_work() as uow:
        for message_id, body in kept.items():
            uow.session.execute(update(Message).where(Message.id == message_id).values(body=body))


def work_on(bank: Bank) -> None:
    for _ in range(MANY):
        bank.answering.run_due()
        let_time_pass(bank.database)


def revive(database: Database) -> Revived:
    with database.unit_of_work() as uow:
        return uow.dead_letters.revive(limit=10)


def waiting(database: Database) -> dict[str, int]:
    with database.reading() as uow:
        return {queue.queue: queue.waiting for queue in uow.backlog.all() if queue.waiting}


@pytest.fixture
def bank(database: Database) -> Bank:
    return Bank(database)


def test_a_question_that_never_opens_ends_in_an_apology_and_is_answered_once_its_key_is_back(bank: Bank) -> None:
    bank.asks("How much is the card?")
    kept = spoil(bank.database, 1)
    work_on(bank)
    assert ["answer.failed" in text for text in bank.told()] == [True]
    assert bank.conversation().answer_due_at is None
    assert waiting(bank.database)["dead_questions"] == 1
    mend(bank.database, kept)
    assert revive(bank.database) == Revived(updates=0, questions=1, messages=0)
    assert bank.answering.run_due() == 1
    assert ["answer.failed" in text for text in bank.told()] == [True, False]
    assert "dead_questions" not in waiting(bank.database)


def test_a_question_that_no_attempt_answers_is_kept_and_does_not_spoil_the_next(bank: Bank) -> None:
    talk = Bank(bank.database, model=TwinModel(RuntimeError("no model says this")))
    talk.asks("How much is the card?")
    work_on(talk)
    assert ["answer.failed" in text for text in talk.told()] == [True]
    talk.asks("And the limits?")
    bank.answering.run_due()
    assert bank.outcomes() == ["failed", "extract"]
    assert bank.library.asked[-1] == "And the limits?"
    assert revive(bank.database).questions == 1
    bank.answering.run_due()
    assert bank.library.asked[-1] == "How much is the card?"


def test_a_dead_question_is_let_go_when_a_person_sees_to_it(bank: Bank) -> None:
    bank.asks("How much is the card?")
    spoil(bank.database, 1)
    work_on(bank)
    bank.does(AskForPerson())
    assert "dead_questions" not in waiting(bank.database)
    assert revive(bank.database).questions == 0


def test_what_was_said_before_and_does_not_open_holds_up_no_answer(bank: Bank) -> None:
    bank.asks("How much is the card?")
    bank.answering.run_due()
    spoil(bank.database, 1)
    bank.accept(Say(text="And the limits?"))
    bank.intake.advance([1])
    assert bank.answering.run_due() == 1
    assert bank.outcomes()[-1] == "extract"


@pytest.mark.parametrize("unreadable", [True, False])
def test_a_message_that_is_never_sent_is_kept_and_sent_when_it_is_brought_back(bank: Bank, *, unreadable: bool) -> None:
    bank.does(numbered(1))
    [row] = bank.messages()
    kept = spoil(bank.database, 1) if unreadable else {}
    postman = make_dispatcher(bank.database)
    for _ in range(MANY):
        parcels = postman.take(10).parcels
        postman.settle([failed(parcel, TransientError("unavailable"), since_sent=1.0) for parcel in parcels])
        let_time_pass(bank.database)
    assert message(bank.database, row.id).state == Delivery.DEAD
    assert waiting(bank.database) == {"dead_messages": 1}
    mend(bank.database, kept)
    assert revive(bank.database).messages == 1
    assert [parcel.message_id for parcel in postman.take(10).parcels] == [row.id]


def test_an_update_that_kills_whoever_works_on_it_dies_and_those_behind_it_go_on(bank: Bank) -> None:
    for job in (numbered(1), ChooseMode()):
        bank.accept(job)
    for _ in range(MAX_ATTEMPTS):
        with bank.database.unit_of_work() as uow:
            assert len(uow.inbox.claim([1], 30)) == 2, "and nobody lived to say what happened"
        let_time_pass(bank.database)
    bank.intake.advance([1])
    assert [text.split()[0].partition(":")[2] for text in bank.told()] == ["error.dead", "mode.ask"]
    assert bank.inbox_states() == {"dead": 1, "done": 1}


@pytest.mark.parametrize(("chat", "told"), [(1, ["en:unsupported.other"]), (0, [])])
def test_an_update_that_nobody_can_read_is_kept_as_such(bank: Bank, chat: int, told: list[str]) -> None:
    bank.inbox.accept([replace(accepted(1, Unsupported(what="other"), chat), readable=False)])
    assert bank.wakeups.chats == [chat] * bool(chat)
    bank.intake.advance([1])
    assert bank.told(1) == told
    assert bank.inbox_states() == {"unreadable": 1}
    assert revive(bank.database).updates == 0


def test_staff_see_what_is_dead(bank: Bank) -> None:
    bank.grant(ADMIN, Role.ADMIN)
    bank.asks("How much is the card?")
    spoil(bank.database, 1)
    work_on(bank)
    [panel] = bank.does(OpenAdmin(), ADMIN)
    assert "dead_questions=1" in panel
    assert "dead_messages=0" in panel
    printed = CliRunner().invoke(system.status, obj=bank.database).output
    assert "1 questions could not be answered" in printed
    assert "manage.py replay" in printed


def test_the_command_says_what_it_brought_back(bank: Bank) -> None:
    bank.asks("How much is the card?")
    kept = spoil(bank.database, 1)
    work_on(bank)
    mend(bank.database, kept)
    printed = CliRunner().invoke(system.replay, obj=bank.database).output
    assert "0 updates" in printed
    assert "1 questions" in printed
    assert CliRunner().invoke(system.replay, obj=bank.database).output.startswith("0 updates go back to the inbox, 0 q")


def test_whoever_waits_for_a_person_waits_since_they_were_queued(bank: Bank) -> None:
    bank.asks("How much is the card?")
    with bank.database.unit_of_work() as uow:
        talks = update(Conversation).where(Conversation.bot_id == bank.database.bot_id)
        uow.session.execute(talks.values(created_at=db_now(-3600)), execution_options={"synchronize_session": False})
    bank.does(AskForPerson())
    with bank.database.reading() as uow:
        [people] = [queue for queue in uow.backlog.all() if queue.queue == "people"]
    assert people.waiting == 1
    assert people.oldest < 60
