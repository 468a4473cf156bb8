"""Why an answer was said: found and opened by who may read it, with its passages' words, and never unnoticed."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from database.db import Database
from database.models import AuditAct, AuditEvent
from database.queries.answer import Reasons, Wanted
from services.access import Role
from services.explanation import Explanations, NoSuchAnswer, NotForYou, Source
from services.knowledge.passages import Chunk, Found, Passage, chunks_of
from services.knowledge.stock import entry_of
from tests.database.fixtures import another_bot
from tests.services.bank import Bank
from tests.services.room import CARDS, FEE, Room
from tests.twins import TwinLibrary

AUDITOR, SUPERVISOR, ADMIN, MODERATOR = 801, 802, 803, 804
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def stored(room: Room) -> Chunk:
    """Publish knowledge and return its first chunk as an index has it."""
    version_id = room.publishes(CARDS)
    with room.database.reading() as uow:
        rows = uow.knowledge.chunks([version_id])
    return chunks_of(map(entry_of, rows), "en", "cards", str(version_id))[0]


@pytest.fixture
def bank(database: Database) -> Bank:
    chunk = stored(Room(database))
    gone = Chunk("gone", "What was there?", "Nothing.", "", "en", (), "old", "v0")
    found = Found((Passage(chunk, 0.9), Passage(gone, 0.25)), 0.9, answerable=True)
    bank = Bank(database, library=TwinLibrary(found))
    for account, role in ((AUDITOR, Role.AUDITOR), (SUPERVISOR, Role.SUPERVISOR), (ADMIN, Role.ADMIN)):
        bank.grant(account, role)
    bank.grant(MODERATOR, Role.MODERATOR)
    for customer in (1, 2):
        bank.asks("How much is it?", customer)
    bank.answering.run_due()
    return bank


def events(database: Database) -> list[AuditEvent]:
    with database.reading() as uow:
        wanted = select(AuditEvent).where(AuditEvent.act == AuditAct.ANSWER_READ, AuditEvent.bot_id == database.bot_id)
        return list(uow.session.scalars(wanted))


def numbers(bank: Bank, wanted: Wanted) -> list[int]:
    return [answer.id for answer, _ in Explanations(bank.database).search(AUDITOR, wanted, 50)]


def test_whoever_opens_an_answer_sees_its_passages_as_they_were_and_is_written_down(bank: Bank) -> None:
    explanations = Explanations(bank.database)
    [(answer, chat_id)] = explanations.search(AUDITOR, Wanted(chat_id=1), 50)
    assert chat_id == 1
    assert events(bank.database) == [], "a list shows nobody's words"
    explanation, sources = explanations.open(AUDITOR, answer.id)
    assert (explanation.question, "extract" in explanation.said) == ("How much is it?", True)
    first, second = sources
    assert first.version
    assert (first.title, first.document, first.score, first.version.number, first.text) == (
        FEE,
        "cards",
        0.9,
        1,
        CARDS[FEE],
    )
    assert second == Source("What was there?", "old", 0.25)
    [event] = events(bank.database)
    assert (event.actor, event.subject) == (AUDITOR, f"answer:{answer.id}")
    assert json.loads(event.details) == {"conversation": str(answer.conversation_id)}


def test_only_auditors_and_supervisors_may(bank: Bank) -> None:
    explanations = Explanations(bank.database)
    [newest, *_] = numbers(bank, Wanted())
    assert explanations.open(SUPERVISOR, newest)
    for account in (ADMIN, MODERATOR, 1):
        with pytest.raises(NotForYou):
            explanations.search(account, Wanted(), 50)
        with pytest.raises(NotForYou):
            explanations.open(account, newest)
    assert [event.actor for event in events(bank.database)] == [SUPERVISOR]


def test_answers_are_found_by_number_trace_customer_and_time(bank: Bank) -> None:
    conversation = bank.conversation(2)
    with bank.database.unit_of_work() as uow:
        uow.answers.record(conversation.id, Reasons("failed", 0.0, []), traceparent=f"00-{TRACE}-00f067aa0ba902b7-01")
    traced, second, first = numbers(bank, Wanted())
    now = datetime.now(UTC)
    hour = timedelta(hours=1)
    for wanted, expected in (
        (Wanted(number=second), [second]),
        (Wanted(trace=TRACE), [traced]),
        (Wanted(trace=TRACE[::-1]), []),
        (Wanted(chat_id=2), [traced, second]),
        (Wanted(chat_id=2, before=traced), [second]),
        (Wanted(start=now - hour, end=now + hour), [traced, second, first]),
        (Wanted(start=now + hour), []),
        (Wanted(end=now - hour), []),
    ):
        assert numbers(bank, wanted) == expected, wanted


def test_another_banks_answers_are_not_there(bank: Bank) -> None:
    [newest, *_] = numbers(bank, Wanted())
    other = another_bot(bank.database.engine)
    with other.unit_of_work() as uow:
        uow.roles.grant(AUDITOR, Role.AUDITOR, None)
    assert Explanations(other).search(AUDITOR, Wanted(), 50) == []
    with pytest.raises(NoSuchAnswer):
        Explanations(other).open(AUDITOR, newest)
