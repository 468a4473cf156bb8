"""The front: what it does with updates that it has seen before, or cannot read."""

from typing import Any

import pytest

from handlers.telegram.reading import Unreadable
from middlewares.chain import Incoming
from services import jobs
from tests.handlers.test_front import TwinInbox, front
from tests.handlers.updates import PERSON, message, pressed, said


@pytest.fixture
def inbox() -> TwinInbox:
    """Return an empty inbox."""
    return TwinInbox()


def test_guards_are_asked_once_about_an_update_however_often_its_commit_fails(inbox: TwinInbox) -> None:
    asked: list[int] = []
    takes = front(inbox, lambda incoming: asked.append(incoming.sender.telegram_id))
    first, second = said("one"), said("two")
    inbox.error = OSError("the database is away")
    for _ in range(3):
        with pytest.raises(OSError, match="away"):
            takes.accept([first])
    inbox.error = None
    takes.accept([first, second])
    assert [row.update_id for row in inbox.batches[0]] == [first.update_id, second.update_id]
    assert len(asked) == 2
    takes.accept([first])
    assert len(asked) == 3, "what is committed is forgotten"


def test_what_cannot_be_read_is_kept_without_asking_guards(inbox: TwinInbox) -> None:
    def fail(_: Incoming) -> None:
        raise AssertionError

    front(inbox, fail).accept([Unreadable(7, 5), Unreadable(8)])
    assert [(row.update_id, row.chat_id, row.readable) for row in inbox.batches[0]] == [(7, 5, False), (8, 0, False)]
    assert [envelope.job for envelope in inbox.envelopes()] == [jobs.Unsupported(what="other")] * 2


@pytest.mark.parametrize(
    "content",
    [
        {"text": "half a smile \ud83d"},
        {"text": "fine", "from": PERSON | {"first_name": "\ud83d"}},
        {"text": "fine", "from": PERSON | {"id": "five"}},
        {"text": 5, "entities": [{"type": "bot_command", "offset": 0, "length": 1}]},
    ],
)
def test_what_cannot_be_kept_as_it_is_holds_up_nothing_behind_it(inbox: TwinInbox, content: dict[str, Any]) -> None:
    strange, usual = message(**content), said("usual")
    front(inbox).accept([strange, usual])
    [lost, kept] = inbox.batches[0]
    assert (lost.update_id, lost.chat_id, lost.readable) == (strange.update_id, 5, False)
    assert (kept.update_id, kept.kind, kept.readable) == (usual.update_id, "say", True)


def test_a_button_that_cannot_be_kept_holds_up_nothing_either(inbox: TwinInbox) -> None:
    front(inbox).accept([pressed("lang:en", callback_id="\ud83d"), said("usual")])
    assert [row.readable for row in inbox.batches[0]] == [False, True]
