"""The front: what it does with updates that it has seen before, or cannot read."""

import pytest

from handlers.telegram.reading import Unreadable
from middlewares.chain import Incoming
from services import jobs
from tests.handlers.test_front import TwinInbox, front
from tests.handlers.updates import said


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
