"""The answer cache: the same question is answered again without the model, and nothing personal is ever kept."""

import itertools
from dataclasses import dataclass, field, replace

import pytest

from database.db import Database
from services.cache import Answers, CachingComposer
from services.drafts import Draft
from services.errors import ModelError
from services.usage import Usage
from tests.services.bank import Bank
from tests.twins import TwinLibrary, TwinModel, TwinWords

ANSWER = Draft("answer", "It is free.", (1,), "twin")
ASKED = "How much is the card?"


@dataclass
class TwinCache:
    """Keeps what it is given, and for how long."""

    values: dict[str, bytes] = field(default_factory=dict)
    seconds: set[int] = field(default_factory=set)

    def get(self, key: str) -> bytes | None:
        """Return what was put under a key."""
        return self.values.get(key)

    def forget(self, key: str) -> None:
        """Forget."""
        self.values.pop(key, None)

    def put(self, key: str, value: bytes, seconds: int) -> None:
        """Keep a value."""
        self.values[key] = value
        self.seconds.add(seconds)


@dataclass
class Desk:
    """A bank whose composer has a cache."""

    database: Database
    cache: TwinCache = field(default_factory=TwinCache)
    library: TwinLibrary = field(default_factory=TwinLibrary)
    model: TwinModel = field(default_factory=lambda: TwinModel(ANSWER))
    seconds: int = 600

    def __post_init__(self) -> None:
        """Put the bank together."""
        answers = Answers(self.cache, self.database.vault, self.database.bot_id, self.seconds)
        composer = CachingComposer(self.library, TwinWords(), self.model, answers)
        self.bank = Bank(self.database, composer=composer)
        self._customers = itertools.count(1)

    def calls(self, *texts: str) -> int:
        """Let a new customer ask each text, and return how often the model was asked."""
        before = len(self.model.prompts)
        for text in texts:
            self.asks(next(self._customers), text)
        return len(self.model.prompts) - before

    def asks(self, customer: int, *texts: str) -> None:
        """Let a customer ask, each time waiting for the answer."""
        for text in texts:
            told = len(self.bank.answers(customer))
            self.bank.asks(text, customer)
            self.bank.answering.run_due()
            assert len(self.bank.answers(customer)) == told + 1


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def test_the_same_question_is_answered_once_however_it_is_typed(desk: Desk) -> None:
    assert desk.calls(ASKED, "how much is  the card", "HOW MUCH IS THE CARD??", ASKED) == 1
    assert desk.cache.seconds == {600}
    assert desk.bank.outcomes() == ["answered"] * 4
    assert len({text for customer in range(1, 5) for text in desk.bank.answers(customer)}) == 1


def test_other_words_are_another_question(desk: Desk) -> None:
    assert desk.calls("Fee for 100 $?", "Fee for 100 €?", "Fee for 200 $?") == 3


def test_new_knowledge_makes_old_answers_void(desk: Desk) -> None:
    assert desk.calls(ASKED) == 1
    desk.library.version = "2"
    assert desk.calls(ASKED) == 1


@pytest.mark.parametrize(
    "text",
    [
        "My phone is +7 912 345-67-89, what is the fee?",
        "Why was •••• 1111 charged?",
        "Do you write to ann@example.com?",
    ],
)
def test_what_is_personal_is_not_kept(desk: Desk, text: str) -> None:
    assert desk.calls(text, text) == 2
    assert desk.cache.values == {}


def test_what_followed_on_something_is_not_kept_and_a_follow_up_is_not_looked_up(desk: Desk) -> None:
    desk.asks(77, "Which deposits do you have?", ASKED)
    assert len(desk.cache.values) == 1, "the second was said after the first"
    assert desk.calls("and how much?", "and how much?") == 2


def test_who_asked_something_else_before_still_gets_a_kept_answer(desk: Desk) -> None:
    desk.calls(ASKED)
    desk.asks(77, "Which deposits do you have?", ASKED)
    assert len(desk.model.prompts) == 2


@pytest.mark.parametrize("draft", [Draft("not_found", "", (), "twin"), ModelError("away")])
def test_only_answers_are_kept(desk: Desk, draft: Draft | Exception) -> None:
    desk.model.draft = draft
    desk.calls(ASKED)
    assert desk.cache.values == {}


def test_it_can_be_switched_off(database: Database) -> None:
    desk = Desk(database, seconds=0)
    assert desk.calls(ASKED, ASKED) == 2
    assert desk.cache.values == {}


def test_keys_and_values_tell_nothing(desk: Desk) -> None:
    desk.calls(ASKED)
    [(key, value)] = desk.cache.values.items()
    assert "card" not in key
    assert b"free" not in value


def test_what_does_not_open_is_as_good_as_none(desk: Desk) -> None:
    desk.calls(ASKED)
    [key] = desk.cache.values
    desk.cache.values[key] = b"\x01" + bytes(60)
    assert desk.calls(ASKED) == 1
    assert desk.calls(ASKED) == 0, "it was kept anew"


def test_a_kept_answer_costs_nothing_again_and_names_what_was_searched(desk: Desk) -> None:
    desk.model.draft = replace(ANSWER, usage=Usage(10, 5, 7))
    assert desk.calls(ASKED, ASKED) == 1
    with desk.database.reading() as uow:
        answers = [answer for customer in (1, 2) for answer in uow.answers.latest(customer, 1)]
    assert [answer.cost for answer in answers] == [7, 0]
    assert [answer.index_version for answer in answers] == [desk.library.version] * 2


def test_an_answer_in_a_language_that_was_asked_for_is_not_kept(desk: Desk) -> None:
    desk.model.draft = replace(ANSWER, language="ru")
    assert desk.calls(ASKED, ASKED) == 2
