"""The golden questions' gate: what does worse is not published, and is told by the questions that lose."""

import pytest

from database.db import Database
from database.errors import StaleLease
from database.models import CheckState
from database.queries.golden import MOST_ATTEMPTS
from services.knowledge.checks import Checker
from services.knowledge.errors import UncheckedError, WorseError
from services.knowledge.lifecycle import Dates
from services.knowledge.load import load
from services.sweep import Sweeper
from tests.services.room import ADMIN, CARDS, EDITOR, FEE, LIMITS, SUPERVISOR, Room
from tests.twins import TwinWakeups

LESS = {LIMITS: CARDS[LIMITS]}


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


def places(room: Room, version_id: object) -> list[tuple[str, int | None, int | None]]:
    golden = room.editing.open(version_id).golden  # type: ignore[arg-type]  # a key of this room's
    assert golden
    return [(place.question, place.before, place.after) for place in golden.places]


def test_nothing_is_approved_before_it_was_checked(room: Room) -> None:
    draft = room.uploads(CARDS)
    with pytest.raises(UncheckedError):
        room.editing.approve(draft, SUPERVISOR, Dates())
    assert room.holds() == {}
    room.checker.run()
    room.editing.approve(draft, SUPERVISOR, Dates())
    assert room.holds() == {"cards": 1}


def test_a_version_that_does_worse_is_not_published_and_its_questions_are_named(room: Room) -> None:
    room.publishes(CARDS)
    room.asks("how much is a card", FEE)
    room.asks("limits for cash", LIMITS)
    draft = room.uploads(LESS)
    with pytest.raises(WorseError) as refused:
        room.approves(draft)
    assert refused.value.questions == ("how much is a card",)
    assert "how much is a card" in str(refused.value)
    assert places(room, draft) == [("how much is a card", 1, None), ("limits for cash", 1, 1)]
    assert room.holds() == {"cards": 1}


def test_a_version_that_does_as_well_or_better_is(room: Room) -> None:
    room.publishes(LESS)
    room.asks("how much is a card", FEE)
    room.asks("limits for cash", LIMITS)
    better = room.uploads(CARDS)
    room.approves(better)
    assert places(room, better) == [("how much is a card", None, 1), ("limits for cash", 1, 1)]
    room.publishes({**CARDS, FEE: "The card is 9 a month."})
    assert room.holds() == {"cards": 3}


def test_another_document_can_do_worse_too(room: Room) -> None:
    room.publishes(CARDS)
    room.asks("how much is the card", document="cards")
    crowd = {f"How much is the card {n}?": "How much is the card? The card." for n in range(4)}
    with pytest.raises(WorseError):
        room.publishes(crowd, "more")


def test_a_check_counts_only_while_what_it_rests_on_stays(room: Room) -> None:
    draft = room.uploads(CARDS)
    room.checker.run()
    room.asks("how much is a card", FEE)
    with pytest.raises(UncheckedError):
        room.editing.approve(draft, SUPERVISOR, Dates())
    room.checker.run()
    room.publishes({"What else?": "Nothing."}, "more")
    with pytest.raises(UncheckedError):
        room.editing.approve(draft, SUPERVISOR, Dates())
    room.approves(draft)


def test_a_question_taken_out_of_service_counts_no_more(room: Room) -> None:
    room.publishes(CARDS)
    room.asks("how much is a card", FEE)
    room.asks("how much is a card", FEE)
    assert len(room.questions.all()) == 1
    assert room.questions.remove(ADMIN, "how much is a card", "en")
    assert not room.questions.remove(ADMIN, "how much is a card", "en")
    room.publishes(LESS)
    assert room.holds() == {"cards": 2}


def test_a_twin_takes_over_the_questions_of_its_language(room: Room) -> None:
    """The first version of a language takes its speakers away from the default language's index."""
    room.publishes(CARDS)
    with room.database.unit_of_work() as uow:
        uow.roles.grant(EDITOR, "editor", None)
    room.asks("how much is a card", FEE)
    preview = room.editing.preview("cards.uz.txt", b"### Nima?\nHech narsa.\n")
    uzbek = room.editing.upload(EDITOR, preview, "cards", "uz").id
    room.approves(uzbek)
    assert places(room, uzbek) == []


def test_a_check_that_fails_leaves_the_version_unchecked(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: object) -> object:
        raise MemoryError

    room.asks("how much is a card", FEE)
    draft = room.uploads(CARDS)
    Checker(room.database, broken, "en").run()  # type: ignore[arg-type]  # what it returns never matters
    assert room.editing.open(draft).check == CheckState.FAILED
    assert "a check of the knowledge failed" in caplog.text
    room.approves(draft)


def test_a_check_is_made_once_and_taken_over_when_its_worker_died(room: Room) -> None:
    draft = room.uploads(CARDS)
    with room.database.unit_of_work() as uow:
        first = uow.golden.claim(lease=60)
    with room.database.unit_of_work() as uow:
        assert uow.golden.claim(lease=60) is None
        uow.golden.settle(first, "", {})  # type: ignore[arg-type]  # it was there to claim
    room.questions.check()
    for _ in range(MOST_ATTEMPTS):
        with room.database.unit_of_work() as uow:
            claim = uow.golden.claim(lease=-1)
            assert claim
            assert claim.version_id == draft
    with room.database.unit_of_work() as uow:
        assert uow.golden.claim(lease=-1) is None
    assert room.editing.open(draft).check == CheckState.FAILED
    with room.database.unit_of_work() as uow, pytest.raises(StaleLease):
        uow.golden.settle(first, "", {})  # type: ignore[arg-type]  # the same


def test_the_sweep_wakes_somebody_for_a_check_that_waits(room: Room) -> None:
    room.uploads(CARDS)
    wakeups = TwinWakeups()
    Sweeper(room.database, wakeups).sweep()
    assert wakeups.checks == 1


def test_the_operators_file_is_published_with_a_warning(
    room: Room, tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path_factory.mktemp("own") / "context.txt"
    file.write_text("".join(f"### {q}\n{a}\n" for q, a in CARDS.items()))
    load(room.database, {"en": file})
    room.asks("how much is a card", FEE)
    room.checker.run()
    assert "does worse" not in caplog.text
    file.write_text(f"### {LIMITS}\n{CARDS[LIMITS]}\n")
    load(room.database, {"en": file})
    room.checker.run()
    assert "the knowledge in force does worse on the golden questions" in caplog.text
    assert room.holds() == {"context": 2}


def test_a_file_that_was_rolled_back_does_not_return_by_itself(
    room: Room, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("own") / "context.txt"
    for answer in ("Free.", "9 a month."):
        file.write_text(f"### {FEE}\n{answer}\n")
        load(room.database, {"en": file})
    room.editing.roll_back("context", "en", ADMIN)
    assert load(room.database, {"en": file}) == []
    assert room.holds() == {"context": 1}
