"""The dialogue of a broadcast: what may be sent, to whom, when; each mistake told; nothing lost by a restart."""

from datetime import UTC, datetime, timedelta

import pytest

from database.db import Database
from database.models import BroadcastKind, BroadcastState
from services.access import Role
from services.broadcast.jobs import BroadcastVerb, LeaveDraft, OpenBroadcast, Subscribe
from services.broadcast.rules import BroadcastRules
from services.errors import FileGoneError
from services.jobs import Say
from services.jobs_spoken import Share
from services.outbound import File, FileKind
from tests.database.threads import let_time_pass
from tests.services.bank import MODERATOR
from tests.services.broadcasting import Newsroom
from utils.hours import Hours, read_week

PHOTO = File(kind=FileKind.PHOTO, id="photo-1", size=1000, mime="image/jpeg")


@pytest.fixture
def room(database: Database) -> Newsroom:
    return Newsroom(database)


def asked(room: Newsroom) -> None:
    room.bank.does(OpenBroadcast(), MODERATOR)


def test_a_message_is_asked_for_and_taken_as_it_comes(room: Newsroom) -> None:
    [told] = room.bank.does(OpenBroadcast(), MODERATOR)
    assert told.endswith("broadcast.give.content")
    room.bank.does(Share(text="Look", html="<b>Look</b>", file=PHOTO), MODERATOR)
    broadcast_id = room.of_last_card(MODERATOR)
    assert (room.says(broadcast_id).html, room.says(broadcast_id).files) == ("<b>Look</b>", (PHOTO,))
    [told] = room.bank.does(OpenBroadcast(), MODERATOR)
    assert "text=Look" in told, "the draft is there after a restart: it is rows"
    assert room.of_last_card(MODERATOR) == broadcast_id


def test_typed_tags_are_markup_and_a_broken_one_is_told(room: Newsroom) -> None:
    asked(room)
    [told] = room.bank.does(Say(text="<b>News\n<i>and</b> more"), MODERATOR)
    assert told == "en:broadcast.broken_html tag=</b> line=2"
    room.bank.does(Say(text='<b>News</b> & <a href="https://bank.example/a?b=1&c=2">more</a>'), MODERATOR)
    said = room.says(room.of_last_card(MODERATOR)).html
    assert said == '<b>News</b> &amp; <a href="https://bank.example/a?b=1&amp;c=2">more</a>'


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (Say(text="x" * 4097), "broadcast.too_long limit=4096"),
        (Share(text="x" * 1025, file=PHOTO), "broadcast.too_long limit=1024"),
        (Share(file=PHOTO.model_copy(update={"size": 11 * 2**20})), "media.too_large limit=10"),
        (Share(file=PHOTO, album="a"), "broadcast.no_album"),
        (Share(file=File(kind=FileKind.VOICE, id="v")), "broadcast.wrong_content"),
        (Share(file=File(kind=FileKind.DOCUMENT, id="d", name="a.exe")), "media.wrong_type types=jpg, pdf, png, txt"),
        (Say(text=" "), "broadcast.empty"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_the_reason(room: Newsroom, said: Say | Share, told: str) -> None:
    asked(room)
    assert room.bank.does(said, MODERATOR) == [f"en:{told}"]
    room.bank.does(Say(text="News"), MODERATOR)
    assert room.says(room.of_last_card(MODERATOR)).html == "News", "it is still asked for"


def test_links_are_lines_and_a_hyphen_takes_them_away(room: Newsroom) -> None:
    broadcast_id = room.drafted()
    for text, told in (
        ("Rates", "broadcast.wrong_link line=Rates"),
        ("Rates - https://localhost", "broadcast.wrong_link line=Rates - https://localhost"),
        ("\n".join(["A - https://a.example"] * 9), "broadcast.links_number limit=8"),
    ):
        room.presses(BroadcastVerb.LINKS, broadcast_id)
        assert room.bank.does(Say(text=text), MODERATOR) == [f"en:{told}"]
    room.bank.does(Say(text="Rates - https://bank.example/rates\nNews https://bank.example/news"), MODERATOR)
    links = [(link.label, link.url) for [link] in room.says(broadcast_id).buttons]
    assert links == [("Rates", "https://bank.example/rates"), ("News", "https://bank.example/news")]
    room.presses(BroadcastVerb.LINKS, broadcast_id)
    room.bank.does(Say(text="-"), MODERATOR)
    assert room.says(broadcast_id).buttons == ()


def test_words_much_later_or_to_somebody_are_not_the_drafts(room: Newsroom) -> None:
    asked(room)
    assert "broadcast" not in str(room.bank.does(Say(text="A word", reply_to=5), MODERATOR))
    with room.database.unit_of_work() as uow:
        user = uow.users.get(MODERATOR)
        assert user
        user.drafting_until = datetime.now(UTC) - timedelta(seconds=1)
    assert "broadcast" not in str(room.bank.does(Say(text="A question?"), MODERATOR))


def test_cancel_leaves_the_draft(room: Newsroom) -> None:
    broadcast_id = room.drafted()
    room.presses(BroadcastVerb.CONTENT, broadcast_id)
    assert room.bank.does(LeaveDraft(), MODERATOR) == ["en:broadcast.cancelled"]
    assert room.state(broadcast_id) == BroadcastState.CANCELLED
    assert room.bank.does(LeaveDraft(), MODERATOR) == ["en:broadcast.nothing_to_leave"]
    assert room.bank.does(LeaveDraft(), 1) == ["en:broadcast.nothing_to_leave"]
    assert "broadcast" not in str(room.bank.does(Say(text="A question?"), MODERATOR))


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


def test_marketing_carries_the_way_out_and_leaves_out_who_took_it(room: Newsroom) -> None:
    assert room.bank.does(Subscribe(on=False), 2) == ["en:subscription.off"]
    assert room.bank.does(Subscribe(on=False), 2) == ["en:subscription.off"]
    broadcast_id = room.drafted()
    room.presses(BroadcastVerb.PREVIEW, broadcast_id)
    [[way_out]] = room.bank.outbound(MODERATOR)[-1].buttons
    assert way_out.data == "subscribe:off"
    room.presses(BroadcastVerb.SEND, broadcast_id)
    room.feeder.run()
    assert room.copies(broadcast_id) == [1, 3, 4, 5]
    assert room.says(broadcast_id).buttons == ((way_out,),)
    assert room.tally(broadcast_id).opted_out == 1
    notice = room.drafted("Branches close early")
    room.presses(BroadcastVerb.KIND, notice, word=BroadcastKind.SERVICE)
    room.presses(BroadcastVerb.SEND, notice)
    room.deliver()
    room.feeder.run()
    assert room.copies(notice) == [1, 2, 3, 4, 5]
    assert room.says(notice).buttons == ()
    room.bank.accept(Subscribe(on=True), 2)
    room.bank.intake.advance([2])
    assert room.bank.user(2).opted_out_at is None


def test_a_dry_run_counts_and_sends_nothing(room: Newsroom) -> None:
    room.bank.does(Subscribe(on=False), 2)
    with room.database.unit_of_work() as uow:
        uow.users.block(3, blocked=True)
    broadcast_id = room.drafted()
    [told] = room.presses(BroadcastVerb.TRIAL, broadcast_id)
    assert "broadcast.trial reached=3 opted_out=1 blocked=1" in told
    assert told.endswith("approval=en:broadcast.trial_alone")
    assert room.state(broadcast_id) == BroadcastState.DRAFT
    assert room.feeder.run() is False
    assert room.copies(broadcast_id) == []


def test_a_stale_screen_of_a_draft_does_nothing(room: Newsroom) -> None:
    broadcast_id = room.running()
    for act, word in ((BroadcastVerb.LANG, "ru"), (BroadcastVerb.CONTENT, ""), (BroadcastVerb.AT, "now")):
        [told] = room.presses(act, broadcast_id, word=word)
        assert told.startswith("en:broadcast.decided")
    assert room.bank.user(MODERATOR).drafting is None


def test_a_demoted_author_loses_the_draft(room: Newsroom) -> None:
    asked(room)
    with room.database.unit_of_work() as uow:
        uow.roles.revoke(MODERATOR, Role.MODERATOR)
    assert room.bank.does(Say(text="News"), MODERATOR) == ["en:refused.not_allowed"]
    let_time_pass(room.database)
    assert room.feeder.run() is False
