"""Answers that grow in the chat: when they are shown, what makes them stop, and what stays when all is said."""

import asyncio

import pytest
from sqlalchemy.exc import OperationalError

from database.db import Database
from database.models import ConversationState
from services.drafts import Draft
from services.errors import DeliveryError, OutcomeUnknown, ThrottledError, TransientError
from services.jobs import AskForPerson, SwitchAi, TakeChat
from services.limits import Limiter
from services.rates import Rates
from tests.services.bank import ADMIN, MODERATOR
from tests.services.growing import ANSWER, REFUSED, Scene, loop, scene
from tests.twins import Away

__all__ = ["loop", "scene"]


def test_whole_sentences_are_shown_and_the_answer_is_one_message(scene: Scene) -> None:
    [message] = scene.answers()
    assert scene.drafts == ["The card is free.", "The card is free. It costs nothing."]
    assert ANSWER in message.html
    assert message.replaces is None
    assert (scene.channel.sent, scene.channel.deleted) == ([], [])


def test_it_is_not_shown_more_often_than_it_may(scene: Scene) -> None:
    scene.writer.pieces = tuple(f"One. Two. {'Three. ' * number}And" for number in range(40))
    scene.writer.seconds = 0.1
    scene.answers()
    assert len(scene.drafts) == 5, "six looks in four seconds, of which the chat's rate leaves five"


def test_a_draft_leaves_the_answer_its_place_in_the_limits(scene: Scene) -> None:
    scene.writer.pieces = tuple(f"One. {'Two. ' * number}And" for number in range(9))
    scene.writer.seconds = 0.7
    scene.answers()
    limits = scene.rates.limits(scene.streams.bot_key, 1, burst=3)
    assert scene.streams.limiter.take([limits])[0].granted
    assert len(scene.drafts) < 9, "some were skipped"


@pytest.mark.parametrize(
    ("limiter", "rates"), [(Away(), Rates()), (None, Rates(chat_burst=1))], ids=["no limiter", "no room"]
)
def test_without_room_nothing_is_shown_and_the_answer_comes(
    database: Database, loop: asyncio.AbstractEventLoop, limiter: Limiter | None, rates: Rates
) -> None:
    scene = Scene(database, loop, limiter=limiter, rates=rates)
    assert ANSWER in scene.answers()[0].html
    assert scene.drafts == []


def test_a_broadcast_that_uses_up_the_bots_rate_leaves_no_drafts(scene: Scene) -> None:
    for chat in range(100, 140):
        scene.streams.limiter.take([scene.rates.limits(scene.streams.bot_key, chat, burst=100)])
    scene.writer.seconds = 0.1
    scene.answers()
    assert scene.drafts == []


def test_the_switch_stops_an_answer_under_way(scene: Scene) -> None:
    scene.writer.after = {1: lambda: scene.bank.does(SwitchAi(on=False), ADMIN)}
    assert scene.answers() == []
    assert scene.drafts == ["The card is free."], "nothing more is shown"
    assert ["handover.ai_off" in text for text in scene.bank.told()] == [True]
    assert scene.bank.outcomes() == ["overtaken"]


def test_a_person_who_takes_over_stops_it(scene: Scene) -> None:
    def take_over() -> None:
        scene.bank.does(AskForPerson())
        scene.bank.does(TakeChat(conversation_id=scene.bank.conversation().id), MODERATOR)

    scene.writer.after = {1: take_over}
    assert scene.answers() == []
    assert scene.drafts == ["The card is free."]
    assert scene.bank.conversation().state == ConversationState.WITH_OPERATOR
    assert scene.bank.outcomes() == ["overtaken"]


def test_where_drafts_are_refused_a_message_grows_and_the_answer_replaces_it(scene: Scene) -> None:
    scene.channel.draft_errors.append(REFUSED)
    scene.writer.pieces = ("One. Two", "One. Two. Three", "One. Two. Three. Four", "One. Two. Three. Four. Five")
    [message] = scene.answers()
    assert scene.drafts == []
    [(chat, first)] = scene.channel.sent
    assert (chat, first.partition("text=")[2]) == (1, "One. Two.")
    assert [html.partition("text=")[2] for _, html in scene.channel.edits][-1] == "One. Two. Three. Four."
    assert message.replaces == 1
    assert scene.channel.deleted == []


def test_what_grew_is_taken_back_when_somebody_came_first(scene: Scene) -> None:
    scene.channel.draft_errors.append(REFUSED)
    scene.writer.after = {2: lambda: scene.bank.does(SwitchAi(on=False), ADMIN)}
    assert scene.answers() == []
    assert len(scene.channel.sent) == 1
    assert scene.channel.deleted == [1]


@pytest.mark.parametrize("kind", ["handover", "not_found"])
def test_what_grew_gives_way_to_whatever_the_model_meant(scene: Scene, kind: str) -> None:
    scene.channel.draft_errors.append(REFUSED)
    scene.writer.draft = Draft(kind, "", (), "twin")  # type: ignore[arg-type]  # one of the kinds
    told = scene.answers()
    assert [message.replaces for message in told] == ([1] if kind == "not_found" else [])
    assert scene.channel.deleted == ([1] if kind == "handover" else [])


@pytest.mark.parametrize(
    ("error", "shown"),
    [(TransientError("unavailable"), 1), (OutcomeUnknown("timeout"), 1), (ThrottledError(5.0), 0)],
)
def test_a_look_that_was_lost_costs_nothing_more(scene: Scene, error: DeliveryError, shown: int) -> None:
    scene.channel.draft_errors.append(error)
    assert ANSWER in scene.answers()[0].html
    assert len(scene.drafts) == shown
    granted = scene.streams.limiter.take([scene.rates.limits(scene.streams.bot_key, 7, burst=3)])[0].granted
    assert granted is (not isinstance(error, ThrottledError)), "what the messenger asks for holds for the whole bot"


def test_a_first_message_that_may_be_there_is_not_followed_by_another(scene: Scene) -> None:
    scene.channel.draft_errors.append(REFUSED)
    scene.channel.errors[1].append(OutcomeUnknown("timeout"))
    scene.writer.pieces = tuple(f"One. {'Two. ' * number}And" for number in range(5))
    [message] = scene.answers()
    assert (scene.channel.sent, scene.channel.edits, message.replaces) == ([], [], None)


def test_a_slow_messenger_is_not_given_the_next_look_before_the_last_is_done(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = asyncio.Event()
    shown: list[str] = []

    async def slow(_chat: int, _draft: int, html: str) -> None:
        shown.append(html)
        await done.wait()

    monkeypatch.setattr(scene.channel, "draft", slow)
    scene.writer.after = {3: lambda: scene.loop.call_soon_threadsafe(done.set)}
    assert ANSWER in scene.answers()[0].html
    assert len(shown) == 1


def test_when_too_many_grow_the_next_comes_whole(scene: Scene) -> None:
    taken = 0
    while scene.streams.slots.acquire(blocking=False):
        taken += 1
    assert taken == 32
    assert ANSWER in scene.answers()[0].html
    assert scene.drafts == []
    scene.streams.slots.release()
    scene.answers()
    assert scene.drafts
    assert scene.streams.slots.acquire(blocking=False), "given back"


def test_a_database_that_is_away_for_a_moment_does_not_stop_the_words(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise OperationalError("select", None, Exception("away"))

    scene.writer.after = {
        0: lambda: monkeypatch.setattr(scene.database, "reading", away),
        3: monkeypatch.undo,
    }
    assert ANSWER in scene.answers()[0].html
    assert len(scene.drafts) == 2


def test_a_look_that_fails_in_a_way_nobody_thought_of_does_not_cost_the_answer(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr(scene.channel, "draft", broken)
    assert ANSWER in scene.answers()[0].html
    assert "a look at an answer failed" in caplog.text
