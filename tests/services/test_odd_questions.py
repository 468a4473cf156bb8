"""Odd questions: whatever people send, they are told something, and the next question is answered as ever."""

import pytest

from database.db import Database
from services.jobs import LONGEST
from services.knowledge.parse import parse
from services.knowledge.passages import Found, chunks_of
from tests.services.bank import Bank
from tests.services.room import CARDS, FEE, build
from tests.services.test_degraded import Searched

UNKNOWN = {
    "Japanese": "カードの手数料はいくらですか？",
    "Arabic": "كم تكلفة البطاقة؟",
    "Georgian": "რა ღირს ბარათი?",
    "Klingon": "chay' 'ar Huch vISuqnIS",
    "emoji": "😀👩‍👩‍👧‍👦🏳️‍🌈" * 40,
    "marks": "?!…—" * 50,
    "combining": "a" + "\u0301" * 500,
    "directions": "\u202e\u2066gnp.exe\u2069",
    "invisible": "\u200b\ufeff\u2060",
    "digits": "0" * 300,
}


@pytest.fixture
def bank(database: Database) -> Bank:
    text = "".join(f"### {question}\n{answer}\n" for question, answer in CARDS.items())
    index = build(chunks_of(parse(text.encode()).entries, "en"), "en")

    def find(question: str) -> Found:
        return index.search(question)

    return Bank(database, library=Searched(find=find))


def told(bank: Bank, text: str) -> str:
    """Ask, and return what is said last."""
    bank.asks(text)
    bank.answering.run_due()
    return bank.told()[-1]


def test_whatever_is_asked_is_met_and_the_next_question_is_answered(bank: Bank) -> None:
    for kind, text in UNKNOWN.items():
        assert "answer.not_found" in told(bank, text), kind
        assert bank.outbound()[-1].buttons[0][0].data == "person", kind
        assert CARDS[FEE] in told(bank, FEE), kind


def test_letters_in_fancy_dress_are_letters(bank: Bank) -> None:
    assert CARDS[FEE] in told(bank, "𝓗𝓸𝔀 𝓶𝓾𝓬𝓱 𝓲𝓼 𝓽𝓱𝓮 𝓬𝓪𝓻𝓭?")


def test_ten_thousand_characters_at_once_get_a_clear_word(bank: Bank) -> None:
    for text in ("x" * 10_000, "How much? " * 1_000, "😀" * 10_000):
        assert "unsupported.too_long" in told(bank, text)
    assert bank.outcomes() == []
    assert CARDS[FEE] in told(bank, FEE)


def test_ten_thousand_characters_in_pieces_are_one_question(bank: Bank) -> None:
    for _ in range(4):
        bank.asks("It is a long story. ".ljust(LONGEST, "z"))
    told(bank, FEE)
    assert len(bank.outcomes()) == 1
    assert len(bank.told()) == 1
    assert CARDS[FEE] in told(bank, FEE)
