"""An update that fails holds up nobody else, is tried again, and ends with an apology."""

from collections.abc import Callable

import pytest

from database.db import Database
from database.queries.inbox import MAX_ATTEMPTS
from services import dispatch
from services.gateways.memory_limiter import MemoryLimiter
from services.jobs import ChooseMode, Job, Refusal, Refused, Say, ShowPrivacy, Unsupported
from services.turn import Turn
from tests.database.threads import let_time_pass
from tests.services.bank import Bank, numbered, numbers
from tests.twins import Away, Clock

PLAIN, QUESTION = ChooseMode(), Say(text="How much is the card?")


class Broken(Exception):  # noqa: N818 - what a test breaks
    """A use case that does not work."""


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Break the use case of photos for the chats in the set."""
    chats: set[int] = set()
    works: Callable[[Turn, Unsupported], None] = dispatch._USE_CASES[Unsupported]

    def unsupported(turn: Turn, job: Unsupported) -> None:
        if turn.user.telegram_id in chats:
            turn.say("never.told")
            raise Broken
        works(turn, job)

    monkeypatch.setitem(dispatch._USE_CASES, Unsupported, unsupported)
    return chats


def test_one_that_fails_holds_up_neither_those_before_it_nor_other_chats(database: Database, broken: set[int]) -> None:
    broken.add(1)
    bank = Bank(database)
    for job in (PLAIN, numbered(1), ShowPrivacy()):
        bank.accept(job)
    bank.accept(numbered(2), 2)
    bank.intake.advance([1, 2])
    assert [text.split()[0] for text in bank.told(1)] == ["en:mode.ask"]
    assert numbers(bank, 2) == [2]
    assert bank.inbox_states() == {"done": 2, "new": 2}
    broken.clear()
    let_time_pass(database)
    bank.intake.advance([1])
    assert [text.split()[0] for text in bank.told(1)] == ["en:mode.ask", "en:unsupported.1", "en:privacy.show"]


def test_one_that_always_fails_dies_with_an_apology_and_the_next_goes_on(database: Database, broken: set[int]) -> None:
    broken.add(1)
    bank = Bank(database)
    bank.accept(numbered(1))
    bank.accept(PLAIN)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert bank.told() == [], attempt
        bank.intake.advance([1])
        let_time_pass(database)
    bank.intake.advance([1])
    assert [text.split()[0].partition(":")[2] for text in bank.told()] == ["error.dead", "mode.ask"]
    assert bank.inbox_states() == {"dead": 1, "done": 1}


def test_one_that_fails_after_its_lease_was_lost_holds_up_no_other_chat(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = Bank(database)

    def slow(_turn: Turn, _job: Job) -> None:
        let_time_pass(database)
        with database.unit_of_work() as uow:
            uow.inbox.claim([1], 30)
        raise Broken

    def outside(turn: Turn, job: Job) -> None:
        turn.uow.session.rollback()  # lets the other worker at the rows, as a database that lost us does
        slow(turn, job)

    monkeypatch.setitem(dispatch._USE_CASES, Unsupported, outside)
    bank.accept(numbered(1), 1)
    bank.accept(PLAIN, 2)
    bank.intake.advance([1, 2])
    assert len(bank.told(2)) == 1


def test_words_that_follow_what_must_wait_wait_too_when_a_batch_is_done_one_by_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = Bank(database)

    def refused(_turn: Turn, _job: Refused) -> None:
        raise Broken

    for job in (QUESTION, PLAIN, Say(text="Where is your office?"), Refused(reason=Refusal.TOO_FAST)):
        bank.accept(job)
    with monkeypatch.context() as patch:
        patch.setitem(dispatch._USE_CASES, Refused, refused)
        bank.intake.advance([1])
    bank.run()
    assert bank.library.asked == ["How much is the card?", "Where is your office?"]
    told = [text.split()[0].partition(":")[2] for text in bank.told() if "refused" not in text]
    assert told == ["answer.extract", "mode.ask", "answer.extract"]


def test_a_hint_that_cannot_be_given_fails_nothing_that_is_committed(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = Bank(sqlite)

    def fails(_chat_id: int) -> None:
        raise RuntimeError("the loop is closed")

    monkeypatch.setattr(bank.signals, "typing", fails)
    bank.asks("How much?")
    assert bank.inbox_states() == {"done": 1}
    assert bank.wakeups.conversations, "the hints after it are still given"


def test_updates_are_accepted_though_nobody_can_be_woken_for_them(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = Bank(sqlite)

    def fails(_chat_ids: object) -> None:
        raise RuntimeError("no way to the broker")

    with monkeypatch.context() as patch:
        patch.setattr(bank.wakeups, "inbox", fails)
        bank.accept(PLAIN)
    bank.run()
    assert bank.inbox_states() == {"done": 1}


def test_what_the_limits_cannot_be_asked_of_waits_for_them_however_long(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = Bank(database, limiter=(limiter := MemoryLimiter(Clock())))
    bank.accept(numbered(1), unchecked=True)
    bank.accept(numbered(2))
    with monkeypatch.context() as patch:
        patch.setattr(limiter, "take", Away().take)
        for _ in range(MAX_ATTEMPTS + 2):
            bank.intake.advance([1])
            assert (bank.told(), bank.inbox_states()) == ([], {"new": 2})
            let_time_pass(database)
    bank.intake.advance([1])
    assert numbers(bank, 1) == [1, 2]
