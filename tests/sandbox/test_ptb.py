"""python-telegram-bot itself against the sandbox: the library that the product speaks through."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import telegram
from telegram import (
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter

from sandbox.client import SandboxClient

ANNA = 71


def bot_for(sandbox: SandboxClient, token: str | None = None) -> telegram.Bot:
    return telegram.Bot(
        token or sandbox.bot_token,
        base_url=f"{sandbox.address}/bot",
        base_file_url=f"{sandbox.address}/file/bot",
    )


@pytest.fixture
async def bot(sandbox: SandboxClient) -> AsyncIterator[telegram.Bot]:
    sandbox.send(ANNA, text="/start", first_name="Анна", language_code="ru")
    async with bot_for(sandbox) as bot:
        yield bot


async def test_a_wrong_token_is_told(sandbox: SandboxClient) -> None:
    with pytest.raises(InvalidToken):
        async with bot_for(sandbox, "1:wrong"):
            pass


async def test_a_command_comes_as_ptb_expects_it(bot: telegram.Bot) -> None:
    (update,) = await bot.get_updates(timeout=1, allowed_updates=telegram.Update.ALL_TYPES)
    assert update.message is not None
    assert update.message.parse_entities(["bot_command"])
    assert update.effective_user is not None
    assert (update.effective_user.first_name, update.effective_user.language_code) == ("Анна", "ru")
    assert await bot.get_updates(offset=update.update_id + 1) == ()


async def test_sending_editing_and_deleting(bot: telegram.Bot, sandbox: SandboxClient) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])
    message = await bot.send_message(ANNA, "<b>Hi</b>", parse_mode="HTML", reply_markup=keyboard, protect_content=True)
    assert (message.text, message.text_html, message.has_protected_content) == ("Hi", "<b>Hi</b>", True)
    edited = await bot.edit_message_text("Bye", ANNA, message.message_id)
    assert isinstance(edited, telegram.Message)
    assert edited.edit_date is not None
    await bot.edit_message_reply_markup(ANNA, message.message_id, reply_markup=keyboard)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(ANNA, message.message_id, reply_markup=keyboard)
    assert await bot.delete_message(ANNA, message.message_id)
    assert await bot.delete_messages(ANNA, [message.message_id])
    assert sandbox.chat(ANNA)["messages"][-1]["deleted"]


async def test_drafts_actions_and_buttons(bot: telegram.Bot, sandbox: SandboxClient) -> None:
    assert await bot.send_chat_action(ANNA, "typing")
    assert await bot.send_message_draft(ANNA, 5, "Wri")
    assert sandbox.chat(ANNA)["draft"]["text"] == "Wri"
    keyboard = InlineKeyboardMarkup.from_button(InlineKeyboardButton("Yes", callback_data="yes"))
    message = await bot.send_message(ANNA, "?", reply_markup=keyboard)
    sandbox.send(ANNA, button={"message_id": message.message_id, "data": "yes"})
    query = (await bot.get_updates(offset=-1))[0].callback_query
    assert query is not None
    assert query.message is not None
    assert query.message.message_id == message.message_id
    assert await query.answer("Done")
    with pytest.raises(BadRequest, match="Query is too old"):
        await query.answer()


async def test_a_contact_is_requested_and_comes(bot: telegram.Bot, sandbox: SandboxClient) -> None:
    keyboard = telegram.ReplyKeyboardMarkup([[KeyboardButton("My number", request_contact=True)]])
    await bot.send_message(ANNA, "?", reply_markup=keyboard)
    assert sandbox.chat(ANNA)["keyboard"]["keyboard"][0][0]["request_contact"] is True
    sandbox.send(ANNA, contact="self")
    message = (await bot.get_updates(offset=-1))[0].message
    assert message is not None
    assert message.contact is not None
    assert message.contact.user_id == ANNA


async def test_files_go_both_ways(bot: telegram.Bot) -> None:
    for message in (
        await bot.send_photo(ANNA, b"\xff\xd8photo", caption="<i>see</i>", parse_mode="HTML"),
        await bot.send_document(ANNA, b"document", filename="tariffs.pdf"),
        await bot.send_voice(ANNA, b"OggS", duration=3),
        await bot.send_sticker(ANNA, b"RIFF"),
    ):
        attachment = message.effective_attachment
        held = attachment[-1] if isinstance(attachment, tuple) else attachment
        assert isinstance(held, telegram.PhotoSize | telegram.Document | telegram.Voice | telegram.Sticker)
        file = await bot.get_file(held.file_id)
        assert len(await file.download_as_bytearray()) == held.file_size


async def test_copies_forwards_pins_menus_and_descriptions(bot: telegram.Bot, sandbox: SandboxClient) -> None:
    message = await bot.send_message(ANNA, "hi")
    assert (await bot.copy_message(ANNA, ANNA, message.message_id)).message_id > message.message_id
    forwarded = await bot.forward_message(ANNA, ANNA, message.message_id)
    assert isinstance(forwarded.forward_origin, telegram.MessageOriginUser)
    await bot.pin_chat_message(ANNA, message.message_id)
    assert (await bot.get_chat(ANNA)).pinned_message == message
    await bot.unpin_chat_message(ANNA)
    commands = [BotCommand("help", "Помощь")]
    await bot.set_my_commands(commands, scope=BotCommandScopeChat(ANNA), language_code="ru")
    assert await bot.get_my_commands(BotCommandScopeChat(ANNA), "ru") == tuple(commands)
    assert sandbox.chat(ANNA)["commands"] == [{"command": "help", "description": "Помощь"}]
    await bot.delete_my_commands(BotCommandScopeChat(ANNA), "ru")
    await bot.set_my_description("A bank", "en")
    await bot.set_my_short_description("Short")
    assert (await bot.get_my_description("en")).description == "A bank"
    assert (await bot.get_my_short_description("en")).short_description == "Short"


async def test_refusals_become_ptbs_errors(
    bot: telegram.Bot, sandbox: SandboxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(99, "hi")
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await bot.send_message(ANNA, "<b>", parse_mode="HTML")
    sandbox.limits(chat_per_second=0.1, chat_burst=1)
    await bot.send_message(ANNA, "one")
    with pytest.raises(RetryAfter):
        await bot.send_message(ANNA, "two")
    sandbox.limits()
    sandbox.describe(ANNA, blocked=True)
    with pytest.raises(Forbidden):
        await bot.send_message(ANNA, "hi")


async def test_a_cut_connection_is_a_network_error(bot: telegram.Bot, sandbox: SandboxClient) -> None:
    sandbox.faults({"method": "sendMessage", "kind": "drop_after", "times": 1})
    with pytest.raises(NetworkError):
        await bot.send_message(ANNA, "hi")
    assert sandbox.chat(ANNA)["messages"][-1]["text"] == "hi"
    await bot.send_message(ANNA, "again")


async def test_webhooks_and_conflicts(bot: telegram.Bot) -> None:
    older = asyncio.create_task(bot.get_updates(offset=2**53, timeout=20, read_timeout=25))
    await bot.set_webhook("http://127.0.0.1:9/hook", secret_token="secret", max_connections=3)
    with pytest.raises(Conflict):
        await older
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections) == ("http://127.0.0.1:9/hook", 3)
    assert await bot.delete_webhook(drop_pending_updates=True)
