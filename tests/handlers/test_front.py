"""The front: what a batch becomes in the inbox, masked, and what never gets there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from telegram import Update

from handlers import front as front_module
from handlers.front import Front
from handlers.routes import Route
from middlewares.chain import Chain, Incoming
from services import jobs
from services.access import Permission
from services.jobs import Envelope, Refusal, Refused, Sender
from services.ports import Accepted
from tests.handlers.updates import GROUP, message, pressed, said

CARD = "4111 1111 1111 1111"


@dataclass
class TwinInbox:
    """Keeps the batches it is given, or raises."""

    batches: list[Sequence[Accepted]] = field(default_factory=list)
    error: Exception | None = None

    def accept(self, updates: Sequence[Accepted]) -> None:
        """Keep a batch."""
        if self.error:
            raise self.error
        self.batches.append(updates)

    def envelopes(self) -> list[Envelope]:
        """Return the jobs kept."""
        return [Envelope.model_validate_json(row.body) for batch in self.batches for row in batch]


@pytest.fixture
def inbox() -> TwinInbox:
    """Return an empty inbox."""
    return TwinInbox()


def front(inbox: TwinInbox, *acts: Callable[[Incoming], None]) -> Front:
    """Return a front whose guards do these acts to each update."""

    def guard(batch: Sequence[Incoming]) -> None:
        for incoming in batch:
            for act in acts:
                act(incoming)

    return Front(Chain([guard]), inbox)


def test_a_batch_is_one_call_in_its_order(inbox: TwinInbox) -> None:
    updates = [said("one"), pressed("person"), said("/end")]
    front(inbox).accept(updates)
    [rows] = inbox.batches
    assert [row.update_id for row in rows] == [update.update_id for update in updates]
    assert [(row.kind, row.chat_id) for row in rows] == [("say", 5), ("ask_for_person", 5), ("end", 5)]


def test_the_sender_travels_inside_the_job(inbox: TwinInbox) -> None:
    front(inbox).accept([said("hello")])
    [envelope] = inbox.envelopes()
    assert envelope.sender == Sender(telegram_id=5, name="Anna Petrova", language_code="ru")
    assert (envelope.callback_id, envelope.unchecked) == (None, False)


def test_what_guards_leave_is_kept(inbox: TwinInbox) -> None:
    def leave(incoming: Incoming) -> None:
        incoming.unchecked = True
        incoming.traceparent = "00-trace"

    front(inbox, leave).accept([said("hello")])
    assert inbox.envelopes()[0].unchecked
    assert inbox.batches[0][0].traceparent == "00-trace"


@pytest.mark.parametrize(
    ("text", "masked", "kind"),
    [
        (f"my card is {CARD}", "my card is •••• 1111", "card"),
        ("мой CVV 123", "мой CVV •••", "cvv"),
        ("код из смс 482913", "код из смс •••", "code"),
    ],
)
def test_secrets_are_masked_before_the_inbox(inbox: TwinInbox, text: str, masked: str, kind: str) -> None:
    front(inbox).accept([said(text)])
    assert inbox.envelopes()[0].job == jobs.Say(text=masked, masked=frozenset({kind}), message_id=1)


def test_no_row_holds_a_card_number(inbox: TwinInbox) -> None:
    commands = [said(f"/{command} {CARD}") for command in ("broadcast", "start", "lang", "mode", "help", "nonsense")]
    updates = [said(CARD), message(caption=CARD, photo=[]), pressed(f"lang:{CARD}"), pressed(f"mode:{CARD}")]
    front(inbox).accept(commands + updates)
    assert len(inbox.batches[0]) == len(commands + updates)
    for row in inbox.batches[0]:
        assert "4111" not in row.body
        assert "1111 1111" not in row.body


def test_a_long_text_is_kept_whole_and_masked(inbox: TwinInbox) -> None:
    text = "ы" * 4075 + " " + CARD  # 4096 characters with what follows are the most that Telegram sends
    front(inbox).accept([said(text)])
    assert inbox.envelopes()[0].job == jobs.Say(
        text="ы" * 4075 + " •••• 1111", masked=frozenset({"card"}), message_id=1
    )


def test_the_button_press_to_acknowledge_is_kept(inbox: TwinInbox) -> None:
    front(inbox).accept([pressed("person", callback_id="77"), pressed("garbage", callback_id="78")])
    assert [envelope.callback_id for envelope in inbox.envelopes()] == ["77", "78"]


@pytest.mark.parametrize(
    "data",
    [
        "take:no-number",
        "take:",
        "take",
        "take:1:2",
        "lang",
        "lang:en:ru",
        "consent:maybe:1",
        "consent:yes",
        "phone:",
        "phone:YES",
        "mode",
        "broadcast:send:7",
        "broadcast:drop:0192f0c0-0000-7000-8000-000000000001",
        "ai:perhaps",
        ":",
        "\x00\uffff",
        "a" * 64,
    ],
)
def test_garbage_in_a_button_is_a_stale_button(inbox: TwinInbox, data: str) -> None:
    front(inbox).accept([pressed(data)])
    assert inbox.envelopes()[0].job == jobs.StaleButton()


def test_a_handler_that_fails_holds_up_nobody(
    inbox: TwinInbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(update: Update) -> jobs.Job:
        if update.message and update.message.text == "strange":
            raise KeyError("a handler's own mistake")
        return jobs.End()

    monkeypatch.setattr(front_module, "match", lambda _update: Route("broken", Permission.TALK, broken))
    front(inbox).accept([said("strange"), said("usual")])
    assert [envelope.job for envelope in inbox.envelopes()] == [jobs.Unsupported(what="other"), jobs.End()]
    assert [vars(record)["route"] for record in caplog.records] == ["broken"]


def test_a_refusal_takes_the_jobs_place(inbox: TwinInbox) -> None:
    front(inbox, lambda incoming: incoming.refuse(Refusal.TOO_FAST, 4)).accept([said("secret words")])
    assert inbox.envelopes()[0].job == Refused(reason=Refusal.TOO_FAST, seconds=4)
    assert inbox.batches[0][0].kind == "refused"
    assert "secret words" not in inbox.batches[0][0].body


def test_a_silent_refusal_leaves_no_row(inbox: TwinInbox) -> None:
    front(inbox, lambda incoming: incoming.refuse(Refusal.TOO_FAST, silent=True)).accept([said("again")])
    assert inbox.batches == []


def test_a_batch_of_nothing_to_serve_is_acknowledged_without_a_row(inbox: TwinInbox) -> None:
    def never(_incoming: Incoming) -> None:
        raise AssertionError

    front(inbox, never).accept([message(GROUP, text="/start")])
    front(inbox, never).accept([])
    assert inbox.batches == []


def test_an_inbox_that_fails_is_heard() -> None:
    with pytest.raises(ConnectionError):
        front(TwinInbox(error=ConnectionError("away"))).accept([said("hello")])
