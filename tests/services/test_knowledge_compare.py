"""Comparing versions, and what a file's name and words say of its document."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import ROOT
from services.knowledge.compare import compare
from services.knowledge.formats import read
from services.knowledge.naming import language_of, named
from services.knowledge.parse import Entry


def entry(question: str, answer: str = "Yes.") -> Entry:
    return Entry("Cards", question, (), answer, 1)


def test_what_came_went_and_changed_is_told_apart() -> None:
    before = [entry("Free?"), entry("Old?"), entry("Fee?", "9")]
    after = [entry("New?"), entry("Free?"), entry("Fee?", "10")]
    found = compare(before, after)
    assert [e.question for e in found.added] == ["New?"]
    assert [e.question for e in found.removed] == ["Old?"]
    assert [(change.before.answer, change.after.answer) for change in found.changed] == [("9", "10")]
    assert found.same == 1


entries = st.lists(st.builds(entry, st.sampled_from(["A?", "B?", "C?"]), st.sampled_from(["1", "2"])), max_size=6)


@given(entries, entries)
def test_nothing_gets_lost_in_a_comparison(before: list[Entry], after: list[Entry]) -> None:
    found = compare(before, after)
    assert len(found.added) + len(found.changed) + found.same == len(after)
    assert len(found.removed) + len(found.changed) + found.same == len(before)


@given(entries)
def test_a_version_is_the_same_as_itself(own: list[Entry]) -> None:
    assert compare(own, own).same == len(own)


@pytest.mark.parametrize(
    ("name", "document", "language"),
    [
        ("rates.txt", "rates", None),
        ("rates.en.txt", "rates", "en"),
        ("C:\\texts\\rates.RU.txt", "rates", "ru"),
        ("../../etc/rates 2026.12.txt", "rates 2026.12", None),
        ("x" * 300 + ".txt", "x" * 100, None),
    ],
)
def test_a_files_name_tells_the_document_and_the_language(name: str, document: str, language: str | None) -> None:
    assert (named(name).document, named(name).language) == (document, language)


@pytest.mark.parametrize(("file", "language"), [("context.txt", "ru"), ("context.en.txt", "en")])
def test_the_demos_knowledge_is_in_its_language(file: str, language: str) -> None:
    path: Path = ROOT / file
    assert language_of(read(file, path.read_bytes())) == language
