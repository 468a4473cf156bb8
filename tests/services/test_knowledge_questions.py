"""The golden questions after an approval: what is still to come is asked again, what ends is not held up."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from database.db import Database
from database.models import AuditAct, AuditEvent, CheckState
from database.queries.golden import NewQuestion
from services.knowledge.errors import NoAnswerNamedError, UncheckedError, WorseError
from services.knowledge.lifecycle import Dates
from tests.services.room import ADMIN, CARDS, FEE, LIMITS, SUPERVISOR, Room

LESS = {LIMITS: CARDS[LIMITS]}


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


def test_a_version_to_come_passes_the_questions_again_when_its_dates_are_changed(room: Room) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    room.publishes(CARDS)
    room.asks("limits for cash", LIMITS)
    less = room.uploads(LESS)
    room.approves(less, dates=Dates(tomorrow))
    room.asks("how much is a card", FEE)
    with pytest.raises(UncheckedError):
        room.editing.schedule(less, SUPERVISOR, Dates(tomorrow))
    room.checker.run()
    with pytest.raises(WorseError) as refused:
        room.editing.schedule(less, SUPERVISOR, Dates(tomorrow))
    assert refused.value.questions == ("how much is a card",)
    assert room.editing.open(less).version.effective_from == tomorrow
    room.questions.remove(ADMIN, "how much is a card", "en")
    with pytest.raises(UncheckedError):
        room.editing.schedule(less, SUPERVISOR, Dates(tomorrow))
    room.checker.run()
    later = tomorrow + timedelta(days=1)
    assert room.editing.schedule(less, SUPERVISOR, Dates(later)).effective_from == later


def test_an_end_is_never_held_up_by_the_questions_but_they_are_told(room: Room) -> None:
    room.publishes(LESS)
    room.asks("how much is a card", FEE)
    better = room.publishes(CARDS)
    golden = room.editing.open(better).golden
    assert golden
    assert [place.question for place in golden.gained] == ["how much is a card"]
    room.editing.schedule(better, SUPERVISOR, Dates(end=datetime.now(UTC) + timedelta(hours=1)))
    assert room.editing.roll_back("cards", "en", ADMIN).number == 1
    assert room.editing.retire("cards", "en", ADMIN) == 1
    assert room.holds() == {}


def test_a_question_says_where_its_answer_stands(room: Room) -> None:
    for new in (NewQuestion("Where?", "en"), NewQuestion(" ", "en", "Here")):
        with pytest.raises(NoAnswerNamedError):
            room.questions.add(ADMIN, [new])
    assert room.questions.all() == []


def test_changes_are_written_down_once(room: Room) -> None:
    for _ in range(2):
        room.asks("how much is a card", FEE)
    for _ in range(2):
        room.questions.remove(ADMIN, "how much is a card", "en")
    with room.database.reading() as uow:
        wanted = select(AuditEvent).where(
            AuditEvent.bot_id == room.database.bot_id, AuditEvent.act == AuditAct.GOLDEN_CHANGED
        )
        written = [(event.actor, event.details) for event in uow.session.scalars(wanted.order_by(AuditEvent.id))]
    assert written == [(ADMIN, '{"added":1}'), (ADMIN, '{"removed":1}')]


def test_the_last_check_of_each_version_that_counts_is_told(room: Room) -> None:
    room.publishes(LESS)
    room.asks("how much is a card", FEE)
    room.uploads(CARDS)
    assert [(one.version.number, one.state) for one in room.questions.checked()] == [
        (1, CheckState.DONE),
        (2, CheckState.WAITING),
    ]
    assert room.questions.check(in_force=True) == 2
    room.checker.run()
    first, second = room.questions.checked()
    assert first.result
    assert second.result
    assert (first.result.places[0].after, second.result.places[0].after) == (None, 1)
