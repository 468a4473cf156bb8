"""Models behind both APIs, against the model server: their answers, whole and growing, and what its faults mean."""

import pytest

from contexts.prompt import Turn
from contexts.summary import summary_messages
from services.drafts import Draft
from services.errors import ModelAwayError, ModelError, Unwanted
from tests.deploy.waiting import wait_until
from tests.services.modelling import ASKED, FEE, KINDS, Control, control, prompt, running, server_at

__all__ = ["control", "running"]

EVERY = pytest.mark.parametrize("kind", KINDS)
GROWING = pytest.mark.parametrize("growing", [False, True], ids=["whole", "growing"])


@EVERY
@GROWING
def test_it_answers_from_the_passages_and_names_them(control: Control, kind: str, *, growing: bool) -> None:
    heard: list[str] = []
    draft = server_at(control.address, kind).ask(prompt(), 10.0, heard.append if growing else None)
    assert (draft.kind, draft.text, draft.sources, draft.model) == ("answer", FEE, (1,), "sandbox-chat")
    assert draft.language is None
    assert draft.usage.tokens_in > draft.usage.tokens_out > 1
    assert draft.usage.cost == 0
    [request] = control.requests()
    assert request["stream"] is growing
    assert [message["role"] for message in request["messages"]] == ["system", "user"]
    assert ASKED in request["messages"][1]["content"]
    if growing:
        assert heard[-1] == FEE
        assert len(heard) > 5
        assert all(FEE.startswith(text) for text in heard)


@EVERY
@pytest.mark.parametrize(
    ("question", "kind_of_reply"), [("Who won the football cup?", "not_found"), ("Let me talk to a human", "handover")]
)
def test_only_the_text_of_an_answer_is_heard(control: Control, kind: str, question: str, kind_of_reply: str) -> None:
    control.plan(reply={"kind": kind_of_reply, "text": "Not for the customer."})
    heard: list[str] = []
    draft = server_at(control.address, kind).ask(prompt(question), 10.0, heard.append)
    assert (draft.kind, draft.sources, heard) == (kind_of_reply, (), [])


@EVERY
@GROWING
def test_a_question_back_and_another_language_are_fields_of_the_reply(
    control: Control, kind: str, *, growing: bool
) -> None:
    control.plan(reply={"kind": "clarify", "text": "Which card?", "language": "ru"})
    draft = server_at(control.address, kind).ask(prompt(), 10.0, (lambda _: None) if growing else None)
    assert (draft.kind, draft.text, draft.language) == ("clarify", "Which card?", "ru")


@EVERY
@GROWING
@pytest.mark.parametrize(
    ("fault", "error", "again"),
    [
        ({"fault": "hang"}, "APITimeoutError", True),
        ({"fault": "refuse"}, "APIConnectionError", True),
        ({"fault": "status", "status": 500}, "InternalServerError", True),
        ({"fault": "status", "status": 429}, "RateLimitError", True),
        ({"fault": "status", "status": 401}, "AuthenticationError", False),
        ({"fault": "status", "status": 404}, "NotFoundError", False),
    ],
)
def test_what_the_server_is_to_blame_for_says_whether_to_ask_again(  # noqa: PLR0913 - what varies, each by its name
    control: Control, kind: str, fault: dict[str, object], error: str, *, growing: bool, again: bool
) -> None:
    control.plan(**fault)
    seconds = 0.3 if fault["fault"] == "hang" else 20.0
    with pytest.raises(ModelAwayError, match=error) as raised:
        server_at(control.address, kind).ask(prompt(), seconds, (lambda _: None) if growing else None)
    assert raised.value.again is again
    wait_until(lambda: bool(control.requests()))  # whoever did not wait for long may be gone before it was read
    assert len(control.requests()) == 1, "whoever chose the server chooses when to ask again"


@EVERY
@GROWING
def test_a_request_that_is_not_taken_or_an_answer_cut_short_is_not_the_servers_absence(
    control: Control, kind: str, *, growing: bool
) -> None:
    heard = (lambda _: None) if growing else None
    for fault in ({"fault": "status", "status": 400}, {"fault": "garbled"}):
        control.plan(**fault)
        with pytest.raises(ModelError) as raised:
            server_at(control.address, kind).ask(prompt(), 5.0, heard)
        if fault["fault"] == "status":
            assert not isinstance(raised.value, ModelAwayError)


@EVERY
def test_a_stream_that_drips_ends_with_its_time(control: Control, kind: str) -> None:
    control.plan(pace=0.1)
    with pytest.raises(ModelAwayError, match=r"time is over|Timeout"):
        server_at(control.address, kind).ask(prompt(), 0.5, lambda _: None)


@EVERY
def test_whoever_listens_may_end_the_call(control: Control, kind: str) -> None:
    control.plan(pace=0.05)

    def stop(text: str) -> None:
        raise Unwanted(text)

    with pytest.raises(Unwanted, match="The"):
        server_at(control.address, kind).ask(prompt(), 10.0, stop)


def test_equal_drafts_are_equal_whoever_wrote_them(control: Control) -> None:
    drafts = {kind: server_at(control.address, kind).ask(prompt(), 10.0, None) for kind in KINDS}
    assert all(
        Draft(draft.kind, draft.text, draft.sources, draft.model) == Draft("answer", FEE, (1,), "sandbox-chat")
        for draft in drafts.values()
    )


@EVERY
def test_notes_are_plain_text(control: Control, kind: str) -> None:
    control.plan(reply={"kind": "answer", "text": "They ask about a card."})
    notes = server_at(control.address, kind).summarise(summary_messages("", [Turn("user", ASKED)]), 10.0)
    assert (notes.text, notes.model) == ("They ask about a card.", "sandbox-chat")
    assert notes.usage.tokens_in > 0
    assert control.requests()[0]["tools"] == []
    control.plan(fault="status", status=503)
    with pytest.raises(ModelAwayError):
        server_at(control.address, kind).summarise(summary_messages("", [Turn("user", ASKED)]), 10.0)
