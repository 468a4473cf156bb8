"""Intake: each update once, a chat's in their order, one that fails holds up no other chat and dies politely."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from database.db import Database
from services.gateways.memory_limiter import MemoryLimiter
from services.jobs import AskForPerson, ChooseMode, End, Job, Say
from services.policy import Policy
from tests.database.fixtures import another_bot
from tests.database.threads import together
from tests.services.bank import Bank, numbered, numbers
from tests.twins import Clock

PLAIN, QUESTION, PERSON, END = ChooseMode(), Say(text="How much is the card?"), AskForPerson(), End()


_ACTS = st.sampled_from(["plain", "question", "person", "end", "advance", "answer"])


@given(acts=st.lists(st.tuples(_ACTS, st.integers(1, 2)), min_size=1, max_size=14))
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_update_is_done_once_and_replies_keep_their_order(database: Database, acts: list[tuple[str, int]]) -> None:
    bank = Bank(another_bot(database.engine))
    plain: dict[int, list[int]] = {1: [], 2: []}
    for number, (act, chat) in enumerate(acts):
        match act:
            case "plain":
                bank.accept(numbered(number), chat)
                plain[chat].append(number)
            case "question":
                bank.accept(Say(text=f"Question {number}"), chat)
            case "person":
                bank.accept(PERSON, chat)
            case "end":
                bank.accept(END, chat)
            case "advance":
                bank.intake.advance([chat])
            case _:
                bank.answering.run_due()
    bank.run()
    received = sum(act not in {"advance", "answer"} for act, _ in acts)
    assert bank.inbox_states() == ({"done": received} if received else {})
    for chat in (1, 2):
        assert numbers(bank, chat) == plain[chat]
    asked = "\n".join(bank.library.asked)
    for number, (act, _) in enumerate(acts):
        if act == "question":
            assert asked.split("\n").count(f"Question {number}") <= 1


def test_behind_an_open_question_other_replies_wait_for_its_answer(database: Database) -> None:
    bank = Bank(database)
    assert bank.does(QUESTION) == bank.does(PLAIN) == []
    assert bank.inbox_states() == {"done": 1, "new": 1}
    bank.answering.run_due()
    assert bank.wakeups.chats[-1] == 1, "whoever answered wakes what waited"
    bank.intake.advance([1])
    first, second = bank.told()
    assert "answer.extract" in first
    assert "mode.ask" in second


def test_more_words_join_the_open_question(database: Database) -> None:
    bank = Bank(database)
    for text in ("Hello", "I have a card", "How much is it?"):
        bank.asks(text)
    bank.answering.run_due()
    assert bank.library.asked == ["Hello\nI have a card\nHow much is it?"]
    assert len(bank.told()) == 1


@pytest.mark.parametrize(("act", "told"), [(PERSON, "handover."), (END, "end.done")])
def test_a_way_out_does_not_wait_for_the_answer(database: Database, act: Job, told: str) -> None:
    bank = Bank(database)
    bank.does(QUESTION)
    bank.accept(PLAIN)
    bank.accept(act)
    bank.intake.advance([1])
    assert [told in text or "mode.ask" in text for text in bank.told()] == [True, True]
    assert bank.answering.run_due() == 0


def test_words_before_a_way_out_do_not_start_a_new_talk_after_it(database: Database) -> None:
    bank = Bank(database)
    bank.does(QUESTION)
    for job in (Say(text="Never mind"), END):
        bank.accept(job)
    bank.intake.advance([1])
    bank.run()
    assert bank.library.asked == []
    assert [text.split()[0] for text in bank.told()] == ["en:end.done"]


def test_workers_at_once_do_everything_once(database: Database) -> None:
    bank = Bank(database)
    chats = list(range(1, 11))
    for number in range(60):
        bank.accept(numbered(number), chats[number % len(chats)])

    def worker(_: int) -> None:
        for _ in range(3):
            bank.intake.advance(chats)

    together(worker)
    bank.intake.advance(chats)
    assert bank.inbox_states() == {"done": 60}
    for place, chat in enumerate(chats):
        assert numbers(bank, chat) == list(range(place, 60, len(chats)))


def test_what_the_front_could_not_check_is_checked_by_the_worker(sqlite: Database) -> None:
    clock = Clock()
    policy = Policy(language="en", messages_per_minute=2, commands_per_minute=2)
    bank = Bank(sqlite, policy=policy, limiter=MemoryLimiter(clock))
    replies = [bank.does(PLAIN, unchecked=True) for _ in range(4)]
    assert ["mode.ask" in text for texts in replies[:2] for text in texts] == [True, True]
    assert ["refused.too_fast" in text for text in replies[2]] == [True]
    assert replies[3] == [], "the second refusal in a row is not told"
    assert bank.inbox_states() == {"done": 4}
    clock.now += 60
    assert len(bank.does(PLAIN, unchecked=True)) == 1
    assert len(bank.does(PLAIN)) == 1, "what the front checked is not counted twice"


def test_whoever_writes_has_not_blocked_the_bot(database: Database) -> None:
    bank = Bank(database)
    bank.does(PLAIN)
    with database.unit_of_work() as uow:
        uow.users.block(1, blocked=True)
    bank.does(PLAIN)
    assert bank.user().blocked_at is None
