"""Telegram as a channel: messages and signs through the Bot API, its errors sorted by what they mean for a retry."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiohttp
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from services.errors import BLOCKED, DeliveryError, OutcomeUnknown, PermanentError, ThrottledError, TransientError
from services.ports import Command, Outbound

# Errors that happen before any byte of the request has left.
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)

# What Telegram says of an edit whose message was deleted, or is not the bot's to change.
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


class TelegramChannel:
    """Sends through a PTB bot, which lives on the loop that calls; `timeout` bounds a whole send, in seconds."""

    def __init__(self, bot: Bot, timeout: float) -> None:
        self._bot = bot
        self._timeout = timeout

    async def send(self, chat_id: int, message: Outbound) -> int:
        """Send a message and return Telegram's number of it; raises DeliveryError."""
        # Connecting, writing and waiting together must end before the message's lease does.
        async with self._bounded():
            if message.replaces is not None and await self._replaced(chat_id, message.replaces, message):
                return message.replaces
            sent = await self._bot.send_message(
                chat_id,
                message.html,
                parse_mode=ParseMode.HTML,
                reply_markup=_markup(message),
                protect_content=message.protected or None,
            )
        return sent.message_id

    async def draft(self, chat_id: int, draft_id: int, html: str) -> None:
        """Show a draft; raises DeliveryError, PermanentError too where the server knows no drafts."""
        async with self._bounded():
            try:
                await self._bot.send_message_draft(chat_id, draft_id, html, parse_mode=ParseMode.HTML)
            except InvalidToken as error:  # PTB's word for 404: an older Bot API server has no such method
                raise PermanentError("bad_request") from error

    async def edit(self, chat_id: int, message_id: int, html: str) -> None:
        """Give a message another text; raises DeliveryError, PermanentError when it is not there any more."""
        async with self._bounded():
            if not await self._replaced(chat_id, message_id, Outbound(html=html)):
                raise PermanentError("bad_request")

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Take a message back; raises DeliveryError."""
        async with self._bounded():
            await self._bot.delete_message(chat_id, message_id)

    async def _replaced(self, chat_id: int, message_id: int, message: Outbound) -> bool:
        """Put a message in the place of another; False when that one cannot be changed, as when it was deleted."""
        markup = _markup(message)
        try:
            await self._bot.edit_message_text(
                message.html,
                chat_id=chat_id,
                message_id=message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=markup if isinstance(markup, InlineKeyboardMarkup) else None,
            )
        except BadRequest as error:
            said = error.message.lower()
            if "not modified" in said:  # an edit that arrived before, and is there
                return True
            if any(gone in said for gone in _GONE):
                return False
            raise
        return True

    @asynccontextmanager
    async def _bounded(self) -> AsyncIterator[None]:
        """Bound a whole call, and sort its errors out."""
        try:
            async with asyncio.timeout(self._timeout):
                yield
        except TimeoutError as error:
            raise OutcomeUnknown("timeout") from error
        except TelegramError as error:
            raise sorted_out(error) from error

    async def typing(self, chat_id: int) -> None:
        """Show "typing"; raises DeliveryError."""
        try:
            await self._bot.send_chat_action(chat_id, ChatAction.TYPING)
        except TelegramError as error:
            raise sorted_out(error) from error

    async def acknowledge(self, callback_id: str) -> None:
        """Stop the button's spinner; raises DeliveryError."""
        try:
            await self._bot.answer_callback_query(callback_id)
        except TelegramError as error:
            raise sorted_out(error) from error

    async def menu(
        self, commands: Sequence[Command], *, language_code: str | None = None, chat_id: int | None = None
    ) -> None:
        """Set the menu of a scope; raises DeliveryError."""
        scope = BotCommandScopeChat(chat_id) if chat_id is not None else None
        offered = [BotCommand(command.name, command.description) for command in commands]
        try:
            await self._bot.set_my_commands(offered, scope=scope, language_code=language_code)
        except TelegramError as error:
            raise sorted_out(error) from error


def sorted_out(error: TelegramError) -> DeliveryError:
    """Return what an error means for a retry.

    BadRequest and TimedOut are NetworkErrors in PTB, RetryAfter is not: the order of the cases matters.
    """
    match error:
        case RetryAfter():
            seconds = error.retry_after
            return ThrottledError(float(seconds if isinstance(seconds, int) else seconds.total_seconds()))
        case Forbidden():
            return PermanentError(BLOCKED)
        case BadRequest():
            return PermanentError("chat_not_found" if "chat not found" in error.message.lower() else "bad_request")
        case TimedOut() if not isinstance(error.__cause__, _NOT_SENT):
            return OutcomeUnknown("timeout")
        case NetworkError() if isinstance(error.__cause__, aiohttp.ClientError) and not isinstance(
            error.__cause__, _NOT_SENT
        ):
            return OutcomeUnknown("connection_lost")
        case _:
            return TransientError("unavailable")


def _markup(message: Outbound) -> Markup | None:
    if message.buttons:
        return InlineKeyboardMarkup(
            [
                [InlineKeyboardButton(button.label, callback_data=button.data) for button in row]
                for row in message.buttons
            ]
        )
    if message.contact_label:
        button = KeyboardButton(message.contact_label, request_contact=True)
        return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)
    return ReplyKeyboardRemove() if message.clear_keyboard else None
