"""What an answer that grows needs of Telegram, against the sandbox: drafts, edits, taking back, taking a place."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from sandbox.client import SandboxClient
from services.errors import OutcomeUnknown, PermanentError
from services.gateways.telegram import TelegramChannel
from services.ports import Button, Outbound
from tests.services.messenger import ANNA, channel_to
from tests.services.test_telegram_channel import channel

__all__ = ["channel"]

BUTTONS = ((Button(label="A person", data="person"),),)


async def test_a_draft_is_shown_until_the_message(channel: TelegramChannel, sandbox: SandboxClient) -> None:
    for text in ("One &amp;", "One &amp; two."):
        await channel.draft(ANNA, 7, text)
    view = sandbox.chat(ANNA)
    assert (view["draft"]["draft_id"], view["draft"]["text"]) == (7, "One & two.")
    await channel.send(ANNA, Outbound(html="One &amp; two. Three."))
    assert sandbox.chat(ANNA)["draft"] is None


async def test_a_message_takes_the_place_of_another_however_often_it_is_sent(
    channel: TelegramChannel, sandbox: SandboxClient
) -> None:
    number = await channel.send(ANNA, Outbound(html="One."))
    await channel.edit(ANNA, number, "One. Two.")
    whole = Outbound(html="One. Two. <b>Three.</b>", buttons=BUTTONS, replaces=number)
    assert [await channel.send(ANNA, whole) for _ in range(2)] == [number, number]
    seen = [message for message in sandbox.chat(ANNA)["messages"] if message["from"] == "bot"]
    assert [(message["message_id"], message["html"]) for message in seen] == [(number, whole.html)]
    assert seen[0]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "person"


async def test_where_the_place_is_gone_it_is_sent_as_a_new_one(
    channel: TelegramChannel, sandbox: SandboxClient
) -> None:
    number = await channel.send(ANNA, Outbound(html="One."))
    await channel.delete(ANNA, number)
    assert sandbox.last(ANNA)["text"] != "One."
    with pytest.raises(PermanentError):
        await channel.edit(ANNA, number, "One. Two.")
    again = await channel.send(ANNA, Outbound(html="One. Two.", replaces=number))
    assert again != number
    assert sandbox.last(ANNA)["text"] == "One. Two."


async def test_a_replacement_whose_fate_is_unknown_may_be_sent_again(
    channel: TelegramChannel, sandbox: SandboxClient
) -> None:
    number = await channel.send(ANNA, Outbound(html="One."))
    sandbox.faults({"method": "editMessageText", "kind": "drop_after", "times": 1})
    whole = Outbound(html="One. Two.", replaces=number)
    with pytest.raises(OutcomeUnknown):
        await channel.send(ANNA, whole)
    assert await channel.send(ANNA, whole) == number
    assert sandbox.last(ANNA)["text"] == "One. Two."


@pytest.fixture
async def old_server() -> AsyncIterator[str]:
    """Run a Bot API server of a time before drafts: it knows no such method."""

    async def unknown(_request: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)

    app = web.Application()
    app.router.add_post("/{path:.*}", unknown)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_a_server_without_drafts_refuses_them_for_good(old_server: str) -> None:
    async with channel_to(old_server) as old:
        with pytest.raises(PermanentError):
            await old.draft(ANNA, 7, "One.")
