"""Whom a broadcast is for and when it goes: segments, files of accounts, moments, and the night."""

from datetime import UTC, datetime, timedelta

import pytest

from database.db import Database
from database.models import BroadcastKind, BroadcastState
from services.broadcast.jobs import BroadcastVerb
from services.broadcast.rules import BroadcastRules
from services.errors import FileGoneError
from services.jobs import Say
from services.jobs_spoken import Share
from services.outbound import File, FileKind
from tests.services.bank import MODERATOR
from tests.services.broadcasting import Newsroom
from utils.hours import Hours, read_week


@pytest.fixture
def room(database: Database) -> Newsroom:
    return Newsroom(database)


def test_the_segment_narrows_and_widens_by_buttons(room: Newsroom) -> None:
    with room.database.unit_of_work() as uow:
        uow.audience.tag("vip", [1, 2, 99])
        for account, language, tier in ((1, "ru", "typed"), (2, "en", "confirmed"), (3, "ru", "confirmed")):
            user = uow.users.get(account)
            assert user
            user.language, user.tier = language, tier
            user.seen_at = datetime.now(UTC) - timedelta(days=40 if account == 3 else 1)
    broadcast_id = room.drafted()

    def reach(act: BroadcastVerb, word: str) -> int:
        [told] = room.presses(act, broadcast_id, word=word)
        return int(told.partition("broadcast.reach n=")[2].split()[0])

    assert reach(BroadcastVerb.LANG, "ru") == 2
    assert reach(BroadcastVerb.TIER, "typed") == 1
    assert reach(BroadcastVerb.TIER, "typed") == 2
    assert reach(BroadcastVerb.ACTIVE, "30") == 1
    assert reach(BroadcastVerb.SILENT, "30") == 1
    assert reach(BroadcastVerb.ALL, "") == 5
    assert reach(BroadcastVerb.TAG, "vip") == 2
    [told] = room.presses(BroadcastVerb.TAG, broadcast_id, word="none")
    assert told == "en:broadcast.no_tag tag=none"
    assert reach(BroadcastVerb.LANG, "ru") == 1
    room.presses(BroadcastVerb.SEND, broadcast_id)
    room.feeder.run()
    assert room.copies(broadcast_id) == [1]


def test_a_file_names_the_accounts(room: Newsroom) -> None:
    broadcast_id = room.drafted()
    room.presses(BroadcastVerb.LIST, broadcast_id)
    assert room.bank.does(Say(text="1, 2"), MODERATOR) == ["en:broadcast.list_how"]
    room.files.files["ids"] = b"account;name\n2;Anna\n1\n2\nmany\n77\n"
    document = File(kind=FileKind.DOCUMENT, id="ids", name="ids.csv")
    assert room.bank.does(Share(file=document), MODERATOR) == ["en:broadcast.list_read"]
    assert room.presses(BroadcastVerb.SEND, broadcast_id) == ["en:broadcast.list_waits"]
    assert room.feeder.run() is True
    found, card = room.bank.told(MODERATOR)[-2:]
    assert found == "en:broadcast.list_found read=4 known=2 wrong=1 lines=5"
    assert "whom=en:broadcast.listed" in card
    room.presses(BroadcastVerb.SEND, broadcast_id)
    room.feeder.run()
    assert room.copies(broadcast_id) == [1, 2]


@pytest.mark.parametrize("content", [b"", b"name\nAnna\n", FileGoneError()])
def test_a_file_without_accounts_is_told(room: Newsroom, content: bytes) -> None:
    broadcast_id = room.drafted()
    room.presses(BroadcastVerb.LIST, broadcast_id)
    room.files.files["ids"] = content
    room.bank.does(Share(file=File(kind=FileKind.DOCUMENT, id="ids", name="ids.txt")), MODERATOR)
    room.feeder.run()
    assert "en:broadcast.list_failed" in room.bank.told(MODERATOR)
    assert room.feeder.run() is False
    assert room.row(broadcast_id).segment == {}


@pytest.mark.parametrize("content", [b"name\nAnna\n", FileGoneError()])
def test_a_file_without_accounts_takes_nothing_from_the_one_before(room: Newsroom, content: bytes) -> None:
    broadcast_id = room.drafted()
    for file_id, held in (("ids", b"1\n2\n"), ("names", content)):
        room.presses(BroadcastVerb.LIST, broadcast_id)
        room.files.files[file_id] = held
        room.bank.does(Share(file=File(kind=FileKind.DOCUMENT, id=file_id, name="ids.txt")), MODERATOR)
        room.feeder.run()
    assert room.bank.told(MODERATOR)[-2] == "en:broadcast.list_failed"
    room.presses(BroadcastVerb.SEND, broadcast_id)
    room.feeder.run()
    assert room.copies(broadcast_id) == [1, 2]


def test_a_moment_may_be_typed_and_must_be_to_come(room: Newsroom) -> None:
    broadcast_id = room.drafted()
    for text, told in (
        ("tomorrow", "broadcast.wrong_moment zone=UTC"),
        ("2020-01-01 10:00", "broadcast.past"),
        ("2090-01-01 10:00 Mars/Base", "broadcast.wrong_zone zone=Mars/Base"),
        ("2090-13-01 10:00", "broadcast.wrong_moment zone=UTC"),
    ):
        room.presses(BroadcastVerb.WHEN, broadcast_id)
        assert room.bank.does(Say(text=text), MODERATOR) == [f"en:{told}"]
    room.bank.does(Say(text="2090-01-01 10:00 Asia/Almaty"), MODERATOR)
    assert room.row(broadcast_id).starts_at == datetime(2090, 1, 1, 5, tzinfo=UTC)
    room.presses(BroadcastVerb.SEND, broadcast_id)
    assert room.state(broadcast_id) == BroadcastState.SCHEDULED
    assert room.feeder.run() is False
    with room.database.unit_of_work() as uow:
        row = uow.broadcasts.lock(broadcast_id)
        assert row
        row.starts_at = datetime.now(UTC) - timedelta(seconds=1)
    assert room.feeder.run() is True
    assert room.state(broadcast_id) == BroadcastState.RUNNING
    assert len(room.copies(broadcast_id)) == 5


def test_a_moment_that_passed_while_one_thought_is_told(room: Newsroom) -> None:
    broadcast_id = room.drafted()
    room.presses(BroadcastVerb.AT, broadcast_id, word="hour")
    with room.database.unit_of_work() as uow:
        row = uow.broadcasts.lock(broadcast_id)
        assert row
        row.starts_at = datetime.now(UTC) - timedelta(seconds=1)
    assert room.presses(BroadcastVerb.SEND, broadcast_id) == ["en:broadcast.past"]
    room.presses(BroadcastVerb.AT, broadcast_id, word="now")
    assert room.row(broadcast_id).starts_at is None


def at_night() -> BroadcastRules:
    """Return rules whose hours are tomorrow's."""
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).weekday()
    return BroadcastRules(hours=Hours(week=read_week(f"{days[tomorrow]} 9:00-21:00")))


def test_what_is_not_urgent_waits_for_the_morning(database: Database) -> None:
    room = Newsroom(database, at_night())
    broadcast_id = room.running()
    assert room.state(broadcast_id) == BroadcastState.SCHEDULED
    starts = room.row(broadcast_id).starts_at
    assert starts is not None
    assert starts.hour == 9
    room.presses(BroadcastVerb.WITHDRAW, broadcast_id)
    room.presses(BroadcastVerb.AT, broadcast_id, word="now")
    for kind in (BroadcastKind.SERVICE, BroadcastKind.URGENT):
        room.presses(BroadcastVerb.KIND, broadcast_id, word=kind)
    room.presses(BroadcastVerb.SEND, broadcast_id)
    assert room.state(broadcast_id) == BroadcastState.RUNNING


def test_one_that_runs_into_the_night_is_held_until_it_ends(room: Newsroom) -> None:
    broadcast_id = room.running()
    room.feeder.run()
    assert len(room.copies(broadcast_id)) == 5
    night = Newsroom.__new__(Newsroom)
    night.database, night.files, night.bank = room.database, room.files, room.bank
    object.__setattr__(room.bank.policy, "broadcasts", at_night())
    try:
        assert night.feeder.run() is True
        assert room.copies(broadcast_id) == [], "what waited is taken back"
        assert night.feeder.run() is False
        assert room.state(broadcast_id) == BroadcastState.RUNNING
    finally:
        object.__setattr__(room.bank.policy, "broadcasts", BroadcastRules())
    room.feeder.run()
    assert len(room.copies(broadcast_id)) == 5
