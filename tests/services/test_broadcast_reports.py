"""How far a broadcast is, in one message that is changed now and then; and the file that names everybody."""

import gzip
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from database.db import Database
from database.models import Broadcast, BroadcastKind, BroadcastState, Delivery
from database.queries.audience import Segment
from services.broadcast import deciding, drafting, overview
from services.broadcast.jobs import BroadcastVerb
from services.broadcast.overview import Form
from services.broadcast.table import Tables, table
from services.desk.desk import Desk
from services.desk.door import Door
from services.errors import DeskRefusal
from tests.database.fixtures import another_bot
from tests.services.bank import ADMIN, MODERATOR, OTHER_MODERATOR
from tests.services.broadcasting import Newsroom


@pytest.fixture
def room(database: Database) -> Newsroom:
    return Newsroom(database)


@pytest.fixture
def door(room: Newsroom) -> Door:
    return Door(room.database, room.bank.tools)


def later(room: Newsroom, broadcast: object, seconds: float) -> None:
    """Let some seconds pass since the progress was shown last."""
    with room.database.unit_of_work() as uow:
        row = uow.session.get(Broadcast, broadcast)
        assert row is not None
        assert row.progress_at is not None
        row.progress_at -= timedelta(seconds=seconds)


def changes(room: Newsroom) -> list[tuple[int | None, str]]:
    found = [one for one in room.bank.outbound(MODERATOR) if ":broadcast.progress " in one.html]
    return [(one.replaces, one.html.partition("percent=")[2].partition(" ")[0]) for one in found]


def test_one_message_is_changed_now_and_then_and_never_while_a_change_is_on_its_way(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.broadcast.feeder._ROOM", 1)
    broadcast_id = room.running()
    assert changes(room) == [(None, "0")]
    later(room, broadcast_id, 60)
    room.feeder.run()
    assert changes(room) == [(None, "0")], "the first is still on its way"
    for _ in range(4):  # a chat gets one message at a time, and the author has read some by now
        room.deliver()
    room.feeder.run()
    assert changes(room) == [(None, "0"), (77, "20")]
    room.deliver()
    room.feeder.run()
    assert len(changes(room)) == 2, "that was a moment ago"
    later(room, broadcast_id, 60)
    room.feeder.run()
    assert changes(room)[2:] == [(77, "40")]
    room.deliver()
    room.presses(BroadcastVerb.PAUSE, broadcast_id)
    assert changes(room)[3:] == [(77, "60")]


def test_the_file_names_everybody_and_what_became_of_them(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.broadcast.feeder._ROOM", 1)
    monkeypatch.setattr("services.broadcast.table._PIECE", 2)
    broadcast_id = room.running()
    for end, reason in (
        (Delivery.SENT, None),
        (Delivery.FAILED, "blocked"),
        (Delivery.UNKNOWN, "unknown"),
        (Delivery.FAILED, "bad_request"),
    ):
        room.feeder.run()
        room.deliver(end, reason)
    room.presses(BroadcastVerb.STOP, broadcast_id)
    room.feeder.run()
    content = Tables(room.database)(MODERATOR, f"broadcast:{broadcast_id}").decode()
    head, *rows = [line.split(",") for line in content.splitlines()]
    assert head == ["telegram_id", "outcome", "reason", "at"]
    assert sorted(row[:3] for row in rows) == [
        ["1", "sent", ""],
        ["2", "blocked", ""],
        ["3", "unknown", ""],
        ["4", "failed", "bad_request"],
        ["5", "not_sent", ""],
    ]
    assert [row[3] != "" for row in sorted(rows)] == [True, False, False, False, False]
    assert gzip.decompress(Tables(room.database)(MODERATOR, f"broadcast_gz:{broadcast_id}")).decode() == content


def test_a_file_is_the_own_bots_alone(room: Newsroom) -> None:
    broadcast_id = room.running()
    room.feeder.run()
    room.presses(BroadcastVerb.PAUSE, broadcast_id)
    other = another_bot(room.database.engine)
    assert Tables(other)(MODERATOR, f"broadcast:{broadcast_id}").splitlines() == [b"telegram_id,outcome,reason,at"]


def test_a_file_of_many_is_packed_and_one_of_nothing_is_none(room: Newsroom) -> None:
    broadcast = room.row(room.drafted())
    broadcast.audience = 200_000
    assert table(broadcast).name.endswith(".csv.gz")
    with pytest.raises(LookupError):
        Tables(room.database)(1, f"other:{uuid4()}")


def test_a_form_is_taken_whole_or_not_at_all(door: Door) -> None:
    made = door.do(MODERATOR, drafting.begin)
    good = Form("<b>News</b>", "Map - https://bank.example", BroadcastKind.SERVICE, Segment(languages=("en",)), "")
    door.do(MODERATOR, lambda desk: overview.change(desk, made.id, good))
    for wrong, key in (
        (Form("<b>", "", "service", Segment(), ""), "broadcast.broken_html"),
        (Form("", "", "service", Segment(), ""), "broadcast.empty"),
        (Form("A", "B", "service", Segment(), ""), "broadcast.wrong_link"),
        (Form("A", "", "other", Segment(), ""), "button.stale"),
        (Form("A", "", "service", Segment(tag="none"), ""), "broadcast.no_tag"),
        (Form("A", "", "service", Segment(), "2020-01-01 10:00"), "broadcast.past"),
    ):
        with pytest.raises(DeskRefusal) as refused:
            door.do(MODERATOR, partial(overview.change, broadcast_id=made.id, form=wrong))
        assert refused.value.key == key
    opened = door.look(MODERATOR, lambda desk: overview.opened(desk, made.id))
    assert (opened.message.html, opened.links) == ("<b>News</b>", "Map - https://bank.example")
    assert (opened.segment, opened.broadcast.kind) == (Segment(languages=("en",)), "service")
    assert opened.audience is not None
    assert opened.audience.reached == 5


def test_a_list_shows_ones_own_or_all_to_who_approves(room: Newsroom, door: Door) -> None:
    draft = door.do(MODERATOR, drafting.begin)
    sent = room.running()

    def seen(by: int) -> set[object]:
        return {line.broadcast.id for line in door.look(by, overview.recent)}

    assert seen(MODERATOR) == {draft.id, sent}
    assert seen(ADMIN) == {sent}, "a draft is its author's alone"
    assert seen(OTHER_MODERATOR) == set()
    with pytest.raises(DeskRefusal):
        seen(1)
    acts = door.look(ADMIN, lambda desk: overview.opened(desk, sent)).acts
    assert acts == ("pause", "stop", "preview")


def test_a_page_decides_as_the_messenger_does(room: Newsroom, door: Door) -> None:
    sent = room.running()

    def stop(desk: Desk) -> Broadcast:
        return deciding.stop(desk, sent)

    with pytest.raises(DeskRefusal):
        door.do(OTHER_MODERATOR, stop)
    door.do(ADMIN, stop)
    assert room.state(sent) == BroadcastState.CANCELLED
