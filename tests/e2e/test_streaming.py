"""Answers grow in the chat while a model writes them, end as one message, and stop when a person or the switch says."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.conftest import Person
from tests.e2e.own import QUESTION, SOURCE, Model, Place, own_model, own_place
from tests.system import ADMIN, ROOT, wait_until

pytestmark = pytest.mark.e2e

_SENTENCES = 4 * [  # what the knowledge says itself: nothing else would be shown
    "Карта «Маяк» бесплатна, если за месяц вы потратили по ней от 10 000 ₽.",
    "Иначе обслуживание стоит 99 ₽ в месяц.",
    "Первые два месяца платы нет в любом случае.",
]
_ANSWER = " ".join(_SENTENCES)
_REPLY = {"kind": "answer", "sources": [1], "text": _ANSWER}
_PACE = 0.04  # seconds between the model's words: three seconds for the answer


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    """Run a model server that writes slowly, in the two dialects that there are."""
    with own_model() as running:
        yield running


@pytest.fixture(scope="module")
def installation(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Run an installation that asks the model through the other API first."""
    settings = {
        "MODEL_ORDER": "anthropic,openai",
        "ANTHROPIC_API_KEY": "sandbox",
        "ANTHROPIC_BASE_URL": model.settings["OPENAI_BASE_URL"].removesuffix("/v1"),
        "ANTHROPIC_PRICE_IN": "1",
        "ANTHROPIC_PRICE_OUT": "5",
        **model.settings,
    }
    with own_place(tmp_path_factory.mktemp("streaming"), "postgresql", settings) as place:
        yield place


@pytest.fixture
def place(installation: Place, model: Model) -> Iterator[Place]:
    """Return the installation, with a model that writes the same to everybody."""
    model.plan(pace=_PACE, reply=_REPLY)
    yield installation
    model.plan()
    installation.mend()


def _chat(person: Person) -> dict[str, Any]:
    view: dict[str, Any] = person.system.sandbox.chat(person.id)
    return view


def _grows(person: Person) -> None:
    """Wait until a part of the answer is shown: as a draft, which is gone as soon as there is a message."""
    wait_until(lambda: _SENTENCES[0] in str((_chat(person)["draft"] or {}).get("text")), what="a draft")


def _said(person: Person) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = _chat(person)["messages"]
    return [message for message in messages if message["from"] == "bot" and _SENTENCES[0] in str(message["text"])]


def _calls(place: Place, person: Person, method: str) -> list[str]:
    """Return the texts of all calls of a method, in their order."""
    calls = [line for line in place.system.sandbox.journal() if line.get("method") == method]
    return [str(line["params"].get("text")) for line in calls if line["chat_id"] == person.id]


def test_an_answer_grows_as_a_draft_and_an_auditor_sees_why_it_was_said(place: Place) -> None:
    customer = place.person()
    customer.says(QUESTION)
    _grows(customer)
    customer.sees(_ANSWER, SOURCE)
    assert _chat(customer)["draft"] is None
    assert len(set(_calls(place, customer, "sendMessageDraft"))) >= 2
    assert len(_calls(place, customer, "sendMessage")) == 1
    [answer] = place.answers(customer)
    assert (answer.provider, answer.model) == ("anthropic", "claude-haiku-4-5")
    assert answer.cost == answer.tokens_in + 5 * answer.tokens_out > 0
    command = [sys.executable, "manage.py", "answers", "show", "--chat", str(customer.id), "--json"]
    told = subprocess.run(
        command, cwd=ROOT, env=dict(place.system.environment), check=True, capture_output=True, text=True
    )
    shown = json.loads(told.stdout)
    assert (shown["question"], shown["outcome"]) == (QUESTION, "answered")
    assert _ANSWER in shown["said"]
    assert QUESTION in shown["passages"][0]["title"]
    assert shown["trace"] in str(answer.traceparent)


def test_where_drafts_are_refused_one_message_grows_into_the_answer(place: Place) -> None:
    customer = place.person()
    place.system.sandbox.faults({"method": "sendMessageDraft", "kind": "status", "status": 400})
    customer.says(QUESTION)
    answer = customer.sees(_ANSWER, SOURCE)
    assert len(_said(customer)) == 1
    assert answer["reply_markup"], "the way to a person is under it"
    [piece] = _calls(place, customer, "sendMessage")
    assert _SENTENCES[0] in piece
    assert _ANSWER not in piece
    assert _ANSWER in _calls(place, customer, "editMessageText")[-1]


def test_the_switch_stops_an_answer_under_way(place: Place, model: Model) -> None:
    model.plan(pace=4 * _PACE, reply=_REPLY)  # the switch has to be pressed before it comes to its end
    customer, admin = place.person(), place.person(ADMIN)
    admin.says("/admin")
    panel = admin.sees("Помощник: включён")
    customer.says(QUESTION)
    _grows(customer)
    admin.presses(panel)
    customer.sees("Автоматический помощник сейчас отключён")
    assert _chat(customer)["draft"] is None
    place.wait_quiet()
    assert _said(customer) == []
    assert [answer.outcome for answer in place.answers(customer)] == ["overtaken"]
    admin.says("/admin")
    admin.presses(admin.sees("Помощник: выключен"))
    admin.sees("Помощник включён")
