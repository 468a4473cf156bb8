"""Drafts: the text of an answer as it grows, whatever it holds and wherever its JSON is cut."""

import json
import traceback
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.drafts import Listening, growing_text, read_draft
from services.errors import ModelError
from services.usage import NOTHING
from tests.services.modelling import prompt

TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('"\\/\n\t😀é«'), max_size=40)


def arguments(text: str, kind: str = "answer", *, ascii_only: bool = False, text_first: bool = False) -> str:
    """Return a tool call's arguments."""
    fields: dict[str, object] = {"kind": kind, "language": "same", "sources": [1], "text": text}
    if text_first:
        fields = dict(reversed(fields.items()))
    return json.dumps(fields, ensure_ascii=ascii_only)


@given(TEXT, st.booleans())
def test_what_is_heard_grows_to_the_text_and_is_never_wrong(text: str, ascii_only: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    whole = arguments(text, ascii_only=ascii_only)
    heard = [growing_text(whole[:cut]) for cut in range(len(whole) + 1)]
    assert all(text.startswith(part) for part in heard)
    assert all(later.startswith(part) for part, later in pairwise(heard))
    assert heard[-1] == text


@given(TEXT, st.sampled_from(["not_found", "handover", "clarify"]), st.booleans())
def test_nothing_but_answers_is_heard(text: str, kind: str, text_first: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    whole = arguments(text, kind, text_first=text_first)
    assert {growing_text(whole[:cut]) for cut in range(len(whole) + 1)} == {""}


@given(TEXT)
def test_a_text_that_comes_before_its_kind_waits_for_it(text: str) -> None:
    whole = arguments(text, text_first=True)
    assert {growing_text(whole[:cut]) for cut in range(whole.rindex('"kind"'))} == {""}
    assert growing_text(whole) == text


@given(TEXT, st.lists(st.integers(0, 200), max_size=6))
def test_a_listener_is_told_each_text_once_however_the_pieces_are_cut(text: str, cuts: list[int]) -> None:
    whole = arguments(text)
    told: list[str] = []
    listening = Listening(told.append)
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    for start, end in pairwise(places):
        listening.add(whole[start:end])
    assert listening.arguments == whole
    assert told == sorted(set(told), key=len)
    assert (told or [""])[-1] == text


@pytest.mark.parametrize(
    "junk", ["", "[", "[1]", "null", '{"kind": 1, "text": "a"}', '{"kind": "answer", "text": 5}', "}"]
)
def test_junk_is_not_heard(junk: str) -> None:
    assert growing_text(junk) == ""


@pytest.mark.parametrize("given_as_text", [True, False])
def test_the_language_is_set_only_when_it_changes(*, given_as_text: bool) -> None:
    for language, expected in (("same", None), ("kk", "kk")):
        fields = {"kind": "answer", "language": language, "sources": [2], "text": "Тегін."}
        draft = read_draft(json.dumps(fields) if given_as_text else fields, prompt(), "m", NOTHING)
        assert (draft.language, draft.sources) == (expected, (2,))


def test_an_answer_of_another_kind_of_thing_is_a_model_error() -> None:
    with pytest.raises(ModelError, match="ValidationError"):
        read_draft(["answer"], prompt(), "m", NOTHING)


def test_an_error_shows_nothing_of_what_the_model_said() -> None:
    said = "Anna, your card is on its way"
    with pytest.raises(ModelError) as raised:
        read_draft({"kind": said, "text": {"for": said}}, prompt(), "m", NOTHING)
    assert said not in "".join(traceback.format_exception(raised.value))  # as a log shows it, with its causes
