"""The life of a version: two people, dates by the database's clock, one decision, the way back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from database.db import Database
from database.models import VersionState
from services.knowledge.errors import (
    DecidedError,
    LifecycleError,
    NothingBeforeError,
    NotPermittedError,
    SamePersonError,
    UnchangedError,
    UnknownDocumentError,
    UnknownVersionError,
)
from services.knowledge.lifecycle import Dates
from tests.database.fixtures import another_bot
from tests.database.threads import together
from tests.services.room import ADMIN, CARDS, EDITOR, FEE, MODERATOR, SUPERVISOR, Room

NEW = {**CARDS, FEE: "The card is 9 a month."}


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


def now(database: Database) -> datetime:
    with database.reading() as uow:
        return uow.now()


def test_a_draft_holds_once_a_second_person_approved_it(room: Room) -> None:
    draft = room.uploads(CARDS)
    assert room.holds() == {}
    assert room.woken == 1
    room.approves(draft)
    assert room.holds() == {"cards": 1}
    version = room.editing.open(draft).version
    assert (version.uploaded_by, version.decided_by, version.state) == (EDITOR, SUPERVISOR, VersionState.APPROVED)
    assert version.decided_at
    assert version.effective_from
    assert version.effective_from <= version.decided_at


@pytest.mark.parametrize("by", [SUPERVISOR, ADMIN])
def test_nobody_approves_what_they_uploaded(room: Room, by: int) -> None:
    draft = room.uploads(CARDS, by=by)
    with pytest.raises(SamePersonError):
        room.approves(draft, by)
    room.approves(draft, ADMIN if by == SUPERVISOR else SUPERVISOR)
    with pytest.raises(SamePersonError):
        room.editing.schedule(draft, by, Dates())


@pytest.mark.parametrize(("by", "may_upload"), [(EDITOR, True), (MODERATOR, False), (1, False)])
def test_who_may_not(room: Room, by: int, may_upload: bool) -> None:  # noqa: FBT001 - a column of a table
    draft = room.uploads(CARDS, by=ADMIN)
    acts: list[Callable[[], object]] = [
        lambda: room.editing.approve(draft, by, Dates()),
        lambda: room.editing.reject(draft, by, ""),
        lambda: room.editing.schedule(draft, by, Dates()),
        lambda: room.editing.roll_back("cards", "en", by),
        lambda: room.editing.retire("cards", "en", by),
        lambda: room.questions.add(by, []),
        lambda: room.questions.remove(by, FEE, "en"),
        *(() if may_upload else (lambda: room.uploads(NEW, by=by),)),
        *(() if may_upload else (lambda: room.editing.documents(by), lambda: room.editing.open(draft, reader=by))),
    ]
    for act in acts:
        with pytest.raises(NotPermittedError):
            act()
    assert room.editing.open(draft).version.state == VersionState.DRAFT


def test_a_role_taken_away_counts_at_once(room: Room) -> None:
    draft = room.uploads(CARDS)
    with room.database.unit_of_work() as uow:
        uow.roles.revoke(SUPERVISOR, "supervisor")
    with pytest.raises(NotPermittedError):
        room.approves(draft)


def test_a_draft_is_decided_once(room: Room) -> None:
    draft = room.uploads(CARDS)
    room.checker.run()

    def decide(number: int) -> bool:
        try:
            if number % 2:
                room.editing.approve(draft, SUPERVISOR, Dates())
            else:
                room.editing.reject(draft, ADMIN, "no")
        except DecidedError:
            return False
        return True

    assert sum(together(decide)) == 1


def test_uploads_at_once_get_numbers_of_their_own(room: Room) -> None:
    together(lambda number: room.uploads({**CARDS, "New?": str(number)}))
    numbers = [version.number for version in room.editing.documents()[0].versions]
    assert numbers == [8, 7, 6, 5, 4, 3, 2, 1]


def test_a_rejected_draft_holds_never_and_an_editor_may_withdraw_their_own(room: Room) -> None:
    for by in (SUPERVISOR, EDITOR):
        draft = room.uploads(CARDS)
        version = room.editing.reject(draft, by, "wrong fee")
        assert (version.state, version.reason, version.decided_by) == (VersionState.REJECTED, "wrong fee", by)
        with pytest.raises(DecidedError):
            room.approves(draft)
    assert room.holds() == {}


def test_rolling_back_brings_the_version_before(room: Room) -> None:
    room.publishes(CARDS)
    second = room.publishes(NEW)
    assert room.editing.roll_back("cards", "en", SUPERVISOR).number == 1
    assert room.holds() == {"cards": 1}
    retired = room.editing.open(second).version
    assert (retired.state, retired.retired_by) == (VersionState.RETIRED, SUPERVISOR)
    with pytest.raises(NothingBeforeError):
        room.editing.roll_back("cards", "en", SUPERVISOR)
    with pytest.raises(UnknownDocumentError):
        room.editing.roll_back("cards", "ru", SUPERVISOR)


def test_a_retired_document_is_gone_with_what_was_scheduled(room: Room) -> None:
    room.publishes(CARDS)
    room.publishes({"What else?": "Nothing."}, "more")
    room.approves(room.uploads(NEW), dates=Dates(now(room.database) + timedelta(days=1)))
    assert room.editing.retire("cards", "en", ADMIN) == 2
    assert room.holds() == {"more": 1}
    with pytest.raises(UnknownDocumentError):
        room.editing.retire("cards", "en", ADMIN)


def test_the_same_file_is_not_taken_twice(room: Room) -> None:
    draft = room.uploads(CARDS)
    with pytest.raises(UnchangedError):
        room.uploads(CARDS)
    room.approves(draft)
    with pytest.raises(UnchangedError):
        room.uploads(CARDS)


def test_versions_of_another_bot_are_not_there(room: Room) -> None:
    draft = room.uploads(CARDS)
    other = Room(another_bot(room.database.engine))
    for version_id in (draft, uuid4()):
        for act in (other.editing.open, lambda key: other.editing.reject(key, ADMIN, "")):
            with pytest.raises(LifecycleError) as refused:
                act(version_id)
            assert isinstance(refused.value, UnknownVersionError)
    assert other.editing.documents() == []
