"""The dialogue of a broadcast: what may be sent, to whom, when; each mistake told; nothing lost by a restart."""

from datetime import UTC, datetime, timedelta

import pytest

from database.db import Database
from database.models import BroadcastKind, BroadcastState
from services.access import Role
from services.broadcast.jobs import BroadcastVerb, LeaveDraft, OpenBroadcast, Subscribe
from services.delivery import Dispatcher
from services.gateways.memory_limiter import MemoryLimiter
from services.jobs import AskForPerson, Say, TakeChat
from services.jobs_spoken import Share
from services.outbound import File, FileKind
from services.rates import Rates
from tests.database.threads import let_time_pass
from tests.services.bank import MODERATOR
from tests.services.broadcasting import Newsroom
from tests.twins import Clock

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


def test_words_to_a_customer_who_was_taken_since_reach_the_customer(room: Newsroom) -> None:
    room.bank.does(AskForPerson(), 1)
    asked(room)
    room.bank.does(TakeChat(conversation_id=room.bank.conversation(1).id), MODERATOR)
    room.bank.does(Say(text="How can I help?"), MODERATOR)
    assert "How can I help?" in room.bank.told(1)[-1]
    with room.database.reading() as uow:
        draft = uow.broadcasts.unfinished(MODERATOR)
        assert draft
        said = uow.broadcasts.body(draft.id)
    assert "help" not in said


def test_cancel_leaves_the_draft(room: Newsroom) -> None:
    broadcast_id = room.drafted()
    room.presses(BroadcastVerb.CONTENT, broadcast_id)
    assert room.bank.does(LeaveDraft(), MODERATOR) == ["en:broadcast.cancelled"]
    assert room.state(broadcast_id) == BroadcastState.CANCELLED
    assert room.bank.does(LeaveDraft(), MODERATOR) == ["en:broadcast.nothing_to_leave"]
    assert room.bank.does(LeaveDraft(), 1) == ["en:broadcast.nothing_to_leave"]
    assert "broadcast" not in str(room.bank.does(Say(text="A question?"), MODERATOR))


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


def test_each_reads_the_way_out_in_their_own_language(room: Newsroom) -> None:
    with room.database.unit_of_work() as uow:
        for user in uow.users.hold([2, 3]):
            user.language = {2: "ru", 3: "fr"}[user.telegram_id]
    room.running()
    room.feeder.run()
    postman = Dispatcher(room.database, MemoryLimiter(Clock()), Rates(per_second=1000.0), 20.0)
    copies = {one.chat_id: one.message for one in postman.take(100).parcels if one.message.html == "News"}
    assert {chat_id: message.buttons[0][0].label for chat_id, message in copies.items()} == {
        chat_id: f"{'ru' if chat_id == 2 else 'en'}:broadcast.way_out" for chat_id in (1, 2, 3, 4, 5)
    }
