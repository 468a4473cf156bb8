"""Approval: a broadcast to many needs a second person, never its author; all of it is in the audit log."""

from datetime import UTC, datetime, timedelta

import pytest

from database.db import Database
from database.models import BroadcastState
from database.queries.audit import Wanted
from services.access import Role
from services.audit.export import exported
from services.broadcast import deciding
from services.broadcast.board import question_of
from services.broadcast.jobs import BroadcastVerb
from services.broadcast.rules import BroadcastRules
from services.desk.desk import Desk
from services.jobs import Say
from tests.services.bank import ADMIN, MODERATOR, OTHER_MODERATOR
from tests.services.broadcasting import SUPERVISOR, Newsroom


@pytest.fixture
def room(database: Database) -> Newsroom:
    return Newsroom(database, BroadcastRules(approval_above=2))


def submitted(room: Newsroom, author: int = MODERATOR) -> object:
    broadcast_id = room.drafted("News", author)
    room.presses(BroadcastVerb.SEND, broadcast_id, author)
    return broadcast_id


def acts(room: Newsroom) -> list[tuple[str, int | None]]:
    found = [event for event in exported(room.database, Wanted()) if event.act.startswith("broadcast")]
    return [(event.act.removeprefix("broadcast_"), event.actor) for event in found]


def test_those_who_may_approve_are_shown_the_message_and_asked(room: Newsroom) -> None:
    broadcast_id = room.running()
    assert room.state(broadcast_id) == BroadcastState.SUBMITTED
    assert room.feeder.run() is False
    for reader in (ADMIN, SUPERVISOR):
        message, question = room.bank.outbound(reader)[-2:]
        assert message.html == "News"
        assert question.html.startswith("en:broadcast.approve_this")
    assert room.bank.told(OTHER_MODERATOR) == []
    room.presses(BroadcastVerb.APPROVE, broadcast_id, SUPERVISOR)
    assert room.state(broadcast_id) == BroadcastState.RUNNING
    assert "en:broadcast.approved when=" in str(room.bank.told(MODERATOR))
    [told] = room.presses(BroadcastVerb.APPROVE, broadcast_id, ADMIN)
    assert told.endswith("broadcast.state.running"), "somebody else was first"
    room.feeder.run()
    room.deliver()
    room.feeder.run()
    assert acts(room) == [
        ("drafted", MODERATOR),
        ("submitted", MODERATOR),
        ("approved", SUPERVISOR),
        ("started", SUPERVISOR),
        ("ended", None),
    ]


@pytest.mark.parametrize(
    ("act", "who", "decided"),
    [
        (BroadcastVerb.APPROVE, SUPERVISOR, "approved"),
        (BroadcastVerb.REJECT, SUPERVISOR, "rejected"),
        (BroadcastVerb.WITHDRAW, MODERATOR, "taken_back"),
        (BroadcastVerb.STOP, MODERATOR, "cancelled"),
    ],
)
def test_once_it_is_decided_every_card_says_so_and_has_no_buttons(
    room: Newsroom, act: BroadcastVerb, who: int, decided: str
) -> None:
    broadcast_id = room.running()
    for number in (30, 31):  # the message, then the question
        room.deliver(number=number)
    room.presses(act, broadcast_id, who)
    for reader in (ADMIN, SUPERVISOR):
        card = room.bank.outbound(reader)[-1]
        assert card.replaces == (7 if reader == who else 31)
        if reader != who:
            assert f"broadcast.question.{decided} who={who}" in card.html
            assert card.buttons == ()
    room.deliver(number=31)
    assert room.row(broadcast_id).questions == []


def test_who_decides_in_the_browser_has_a_card_that_says_so_too(room: Newsroom) -> None:
    broadcast_id = room.running()
    for number in (30, 31):  # the message, then the question
        room.deliver(number=number)
    with room.database.unit_of_work() as uow:
        deciding.approve(Desk(uow, room.bank.tools, SUPERVISOR), broadcast_id, question_of(room.row(broadcast_id)))
    assert [room.bank.outbound(reader)[-1].replaces for reader in (ADMIN, SUPERVISOR)] == [31, 31]


def test_nobody_approves_their_own(room: Newsroom) -> None:
    broadcast_id = room.drafted("News", ADMIN)
    room.presses(BroadcastVerb.SEND, broadcast_id, ADMIN)
    for act in (BroadcastVerb.APPROVE, BroadcastVerb.REJECT):
        assert room.presses(act, broadcast_id, ADMIN) == ["en:broadcast.own"]
    assert room.state(broadcast_id) == BroadcastState.SUBMITTED
    [told] = room.presses(BroadcastVerb.APPROVE, broadcast_id, MODERATOR)
    assert told.endswith("refused.not_allowed")


def test_one_that_is_given_back_may_be_changed_and_asked_for_again(room: Newsroom) -> None:
    broadcast_id = room.running()
    assert room.presses(BroadcastVerb.CONTENT, broadcast_id)[0].startswith("en:broadcast.decided")
    room.presses(BroadcastVerb.REJECT, broadcast_id, SUPERVISOR)
    assert "en:broadcast.rejected" in room.bank.told(MODERATOR)
    assert room.state(broadcast_id) == BroadcastState.DRAFT
    room.presses(BroadcastVerb.SEND, broadcast_id)
    room.presses(BroadcastVerb.WITHDRAW, broadcast_id)
    assert room.presses(BroadcastVerb.APPROVE, broadcast_id, SUPERVISOR)[0].startswith("en:broadcast.decided")
    assert [act for act, _ in acts(room)] == ["drafted", "submitted", "rejected", "submitted", "taken_back"]


@pytest.mark.parametrize("act", ["approve", "reject"])
def test_an_answer_to_what_was_taken_back_and_changed_is_none(room: Newsroom, act: str) -> None:
    broadcast_id = room.running()
    earlier = room.of_question(act)
    room.presses(BroadcastVerb.WITHDRAW, broadcast_id)
    room.presses(BroadcastVerb.CONTENT, broadcast_id)
    room.bank.does(Say(text="Something else"), MODERATOR)
    room.presses(BroadcastVerb.SEND, broadcast_id)
    assert room.bank.does(earlier, SUPERVISOR) == ["en:button.stale"]
    assert room.state(broadcast_id) == BroadcastState.SUBMITTED
    room.bank.does(room.of_question(act), SUPERVISOR)
    assert room.state(broadcast_id) == (BroadcastState.RUNNING if act == "approve" else BroadcastState.DRAFT)


def test_without_anybody_to_approve_the_author_is_told(room: Newsroom) -> None:
    with room.database.unit_of_work() as uow:
        uow.roles.revoke(ADMIN, Role.ADMIN)
        uow.roles.revoke(SUPERVISOR, Role.SUPERVISOR)
    broadcast_id = room.drafted()
    assert room.presses(BroadcastVerb.SEND, broadcast_id) == ["en:broadcast.nobody_approves limit=2"]
    assert room.state(broadcast_id) == BroadcastState.DRAFT


def test_an_audience_that_grows_past_the_limit_until_the_start_needs_it_after_all(room: Newsroom) -> None:
    with room.database.unit_of_work() as uow:
        uow.audience.tag("few", [1, 2])
    broadcast_id = room.drafted()
    room.presses(BroadcastVerb.TAG, broadcast_id, word="few")
    room.presses(BroadcastVerb.AT, broadcast_id, word="hour")
    room.presses(BroadcastVerb.SEND, broadcast_id)
    assert room.state(broadcast_id) == BroadcastState.SCHEDULED
    with room.database.unit_of_work() as uow:
        uow.audience.tag("few", [3])
        row = uow.broadcasts.lock(broadcast_id)
        assert row
        row.starts_at = datetime.now(UTC) - timedelta(seconds=1)
    room.feeder.run()
    assert room.state(broadcast_id) == BroadcastState.SUBMITTED
    assert room.copies(broadcast_id) == []
    assert "broadcast.state.submitted" in room.bank.told(MODERATOR)[-1], "the author knows that it has not begun"


def test_one_whose_author_may_send_none_any_more_needs_a_second_person(database: Database) -> None:
    room = Newsroom(database)
    broadcast_id = room.drafted()
    room.presses(BroadcastVerb.AT, broadcast_id, word="hour")
    room.presses(BroadcastVerb.SEND, broadcast_id)
    with room.database.unit_of_work() as uow:
        uow.roles.revoke(MODERATOR, Role.MODERATOR)
        row = uow.broadcasts.lock(broadcast_id)
        assert row
        row.starts_at = datetime.now(UTC) - timedelta(seconds=1)
    told = room.bank.told(MODERATOR)
    room.feeder.run()
    assert (room.state(broadcast_id), room.bank.told(MODERATOR)) == (BroadcastState.SUBMITTED, told)
    room.presses(BroadcastVerb.APPROVE, broadcast_id, SUPERVISOR)
    assert room.state(broadcast_id) == BroadcastState.RUNNING


def test_an_approved_one_waits_for_its_moment(room: Newsroom) -> None:
    broadcast_id = room.drafted()
    room.presses(BroadcastVerb.AT, broadcast_id, word="morning")
    room.presses(BroadcastVerb.SEND, broadcast_id)
    room.presses(BroadcastVerb.APPROVE, broadcast_id, ADMIN)
    assert room.state(broadcast_id) == BroadcastState.SCHEDULED
    room.presses(BroadcastVerb.STOP, broadcast_id, ADMIN)
    assert room.state(broadcast_id) == BroadcastState.CANCELLED
    assert room.feeder.run() is False
