"""Rows that do not open, because their key is gone or they were tampered with, hold up nobody else."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from database.models import Author, Delivery, InboxRow, InboxState, Message
from tests.e2e.conftest import Person
from tests.e2e.own import FACT, QUESTION, Place, own_place
from tests.system import wait_until

pytestmark = pytest.mark.e2e

_GARBAGE = b"nothing that was ever sealed"


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Run an installation whose worker is started by the test."""
    with own_place(tmp_path_factory.mktemp("unreadable"), "sqlite", {"LEASE_SECONDS": "3"}, ["bot"]) as running:
        yield running


def test_rows_that_do_not_open_hold_up_nobody(place: Place) -> None:
    place.system.start("worker")
    update_lost, dialog_lost, reply_lost, other = people = [place.person() for _ in range(4)]
    for person in people:
        person.says(QUESTION)
        person.sees(FACT)
    place.wait_quiet()
    place.system.kill("worker")
    update_lost.says(QUESTION)
    dialog_lost.says(QUESTION)
    other.says(QUESTION)
    wait_until(lambda: _waiting(place) == 3, what="updates that wait")
    _spoil(place, update_lost, dialog_lost, reply_lost)
    place.system.start("worker")
    other.sees(FACT)
    update_lost.sees("Не получилось обработать ваше сообщение")
    reply_lost.says(QUESTION)
    reply_lost.sees(FACT)
    assert _state_of_garbage(place, reply_lost) == (Delivery.DEAD, "unreadable")
    dialog_lost.sees(FACT)  # what was said before is only context


def _waiting(place: Place) -> int:
    with place.database.reading() as uow:
        return uow.inbox.counts().get(InboxState.NEW, 0)


def _spoil(place: Place, update_lost: Person, dialog_lost: Person, reply_lost: Person) -> None:
    with place.database.unit_of_work() as uow:
        last_attempt = update(InboxRow).where(InboxRow.chat_id == update_lost.id, InboxRow.state == InboxState.NEW)
        uow.session.execute(last_attempt.values(body=_GARBAGE, attempt=7))
        uow.session.execute(update(Message).where(Message.chat_id == dialog_lost.id).values(body=_GARBAGE))
        message = uow.messages.send(reply_lost.id, "", author=Author.SYSTEM)
        message.body, message.failures = _GARBAGE, 11 * 240


def _state_of_garbage(place: Place, person: Person) -> tuple[str, str | None]:
    with place.database.reading() as uow:
        messages = select(Message).where(Message.chat_id == person.id, Message.author == Author.SYSTEM)
        message = uow.session.scalars(messages).one()
        return message.state, message.reason
