"""Telegram as a channel, against the sandbox: what a person sees, and what each error means for a retry."""

from collections.abc import AsyncIterator, Callable

import pytest

from sandbox.client import Json, SandboxClient
from services.errors import DeliveryError, OutcomeUnknown, PermanentError, ThrottledError, TransientError
from services.gateways.telegram import TelegramChannel
from services.ports import Button, Command, Outbound
from tests.deploy.waiting import until
from tests.services.messenger import ANNA, LONG, channel_to

HELLO = Outbound(html="Hello")


@pytest.fixture
async def channel(sandbox: SandboxClient) -> AsyncIterator[TelegramChannel]:
    async with channel_to(sandbox.address) as opened:
        yield opened


def fault(kind: str, **more: float) -> Callable[[SandboxClient], None]:
    return lambda sandbox: sandbox.faults({"method": "sendMessage", "kind": kind, **more})


async def test_html_arrives_as_formatting_under_the_number_returned(
    channel: TelegramChannel, sandbox: SandboxClient
) -> None:
    number = await channel.send(ANNA, Outbound(html="<b>Free</b> &amp; <i>easy</i>", protected=True))
    seen = sandbox.last(ANNA)
    assert (seen["message_id"], seen["text"]) == (number, "Free & easy")
    assert (seen["html"], seen["protected"]) == ("<b>Free</b> &amp; <i>easy</i>", True)


async def test_a_plain_message_has_no_keys_and_may_be_passed_on(
    channel: TelegramChannel, sandbox: SandboxClient
) -> None:
    await channel.send(ANNA, HELLO)
    seen = sandbox.last(ANNA)
    assert (seen["reply_markup"], seen["protected"]) == (None, False)


async def test_buttons_stand_in_their_rows(channel: TelegramChannel, sandbox: SandboxClient) -> None:
    rows = ((Button(label="Yes", data="a:1"), Button(label="No", data="a:2")), (Button(label="Later", data="a:3"),))
    await channel.send(ANNA, Outbound(html="?", buttons=rows))
    shown = sandbox.last(ANNA)["reply_markup"]["inline_keyboard"]
    assert [[(key["text"], key["callback_data"]) for key in row] for row in shown] == [
        [("Yes", "a:1"), ("No", "a:2")],
        [("Later", "a:3")],
    ]


async def test_a_contact_is_asked_for_and_the_key_taken_away(channel: TelegramChannel, sandbox: SandboxClient) -> None:
    await channel.send(ANNA, Outbound(html="?", contact_label="My number"))
    [[key]] = sandbox.chat(ANNA)["keyboard"]["keyboard"]
    assert (key["text"], key["request_contact"]) == ("My number", True)
    await channel.send(ANNA, HELLO)
    assert sandbox.chat(ANNA)["keyboard"] is not None
    await channel.send(ANNA, Outbound(html="Thanks", clear_keyboard=True))
    assert sandbox.chat(ANNA)["keyboard"] is None


@pytest.mark.parametrize(
    ("fails", "error"),
    [
        (lambda sandbox: sandbox.describe(ANNA, blocked=True), PermanentError("blocked")),
        (fault("status", status=400), PermanentError("bad_request")),
        (fault("status", status=500), TransientError("unavailable")),
        (fault("status", status=502), TransientError("unavailable")),
        (fault("drop_before"), OutcomeUnknown("connection_lost")),
        (fault("drop_after"), OutcomeUnknown("connection_lost")),
    ],
)
async def test_errors_are_sorted_by_what_they_mean(
    channel: TelegramChannel, sandbox: SandboxClient, fails: Callable[[SandboxClient], None], error: DeliveryError
) -> None:
    fails(sandbox)
    with pytest.raises(type(error)) as raised:
        await channel.send(ANNA, HELLO)
    assert raised.value.reason == error.reason


async def test_what_was_cut_after_its_effect_had_arrived(channel: TelegramChannel, sandbox: SandboxClient) -> None:
    fault("drop_after", times=1)(sandbox)
    with pytest.raises(OutcomeUnknown):
        await channel.send(ANNA, HELLO)
    assert sandbox.last(ANNA)["text"] == "Hello"


@pytest.mark.parametrize(
    ("chat_id", "html", "reason"), [(99, "Hello", "chat_not_found"), (ANNA, "<b>Hello", "bad_request")]
)
async def test_what_will_never_work(channel: TelegramChannel, chat_id: int, html: str, reason: str) -> None:
    with pytest.raises(PermanentError) as raised:
        await channel.send(chat_id, Outbound(html=html))
    assert raised.value.reason == reason


@pytest.mark.parametrize("as_timedelta", ["true", "false"])
@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")
async def test_too_many_tells_how_long_to_wait(
    channel: TelegramChannel, sandbox: SandboxClient, monkeypatch: pytest.MonkeyPatch, as_timedelta: str
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", as_timedelta)
    fault("retry_after", retry_after=7)(sandbox)
    with pytest.raises(ThrottledError) as raised:
        await channel.send(ANNA, HELLO)
    assert raised.value.seconds == 7.0


async def test_a_connection_that_was_refused_has_sent_nothing(dead_port: int) -> None:
    async with channel_to(f"http://127.0.0.1:{dead_port}") as channel:
        with pytest.raises(TransientError) as raised:
            await channel.send(ANNA, HELLO)
    assert raised.value.reason == "unavailable"


@pytest.mark.parametrize(("whole", "read"), [(0.2, LONG), (LONG, 0.2)])
async def test_an_answer_that_does_not_come_leaves_the_outcome_unknown(
    sandbox: SandboxClient, whole: float, read: float
) -> None:
    fault("delay", seconds=0.8)(sandbox)
    async with channel_to(sandbox.address, whole=whole, read=read) as channel:
        with pytest.raises(OutcomeUnknown) as raised:
            await channel.send(ANNA, HELLO)
    assert raised.value.reason == "timeout"
    await until(lambda: sandbox.last(ANNA)["text"] == "Hello")  # and does not arrive in the chat of the next test


async def test_signs_are_given(channel: TelegramChannel, sandbox: SandboxClient) -> None:
    await channel.typing(ANNA)
    number = await channel.send(ANNA, Outbound(html="?", buttons=((Button(label="Yes", data="a:1"),),)))
    sandbox.send(ANNA, button={"message_id": number, "data": "a:1"})
    [query] = sandbox.result("getUpdates", offset=-1)
    await channel.acknowledge(query["callback_query"]["id"])
    calls = [line["method"] for line in sandbox.journal() if line["kind"] == "call"]
    assert calls == ["sendChatAction", "sendMessage", "getUpdates", "answerCallbackQuery"]


async def test_signs_that_are_refused_say_so(channel: TelegramChannel) -> None:
    with pytest.raises(PermanentError):
        await channel.typing(99)
    with pytest.raises(PermanentError):
        await channel.acknowledge("long gone")


async def test_menus_have_scopes(channel: TelegramChannel, sandbox: SandboxClient) -> None:
    await channel.menu([Command("help", "Help")])
    await channel.menu([Command("help", "Помощь")], language_code="ru")
    await channel.menu([Command("admin", "Panel")], chat_id=ANNA)

    def offered(**scope: str | Json) -> list[tuple[str, str]]:
        return [(one["command"], one["description"]) for one in sandbox.result("getMyCommands", **scope)]

    assert offered() == [("help", "Help")]
    assert offered(language_code="ru") == [("help", "Помощь")]
    assert offered(scope={"type": "chat", "chat_id": ANNA}) == [("admin", "Panel")]


async def test_a_menu_that_is_refused_says_so(channel: TelegramChannel, sandbox: SandboxClient) -> None:
    sandbox.faults({"method": "setMyCommands", "kind": "status", "status": 400})
    with pytest.raises(PermanentError):
        await channel.menu([Command("admin", "Panel")], chat_id=99)
