"""Telegram as a channel: messages and signs through the Bot API, its errors sorted by what they mean for a retry."""

import asyncio
from collections.abc import Sequence

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
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from services.errors import BLOCKED, DeliveryError, OutcomeUnknown, PermanentError, ThrottledError, TransientError
from services.ports import Command, Outbound

# Errors that happen before any byte of the request has left.
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


class TelegramChannel:
    """Sends through a PTB bot, which lives on the loop that calls; `timeout` bounds a whole send, in seconds."""

    def __init__(self, bot: Bot, timeout: float) -> None:
        self._bot = bot
        self._timeout = timeout

    async def send(self, chat_id: int, message: Outbound) -> int:
        """Send a message and return Telegram's number of it; raises DeliveryError."""
        try:
            # Connecting, writing and waiting together must end before the message's lease does.
            async with asyncio.timeout(self._timeout):
                sent = await self._bot.send_message(
                    chat_id,
                    message.html,
                    parse_mode=ParseMode.HTML,
                    reply_markup=_markup(message),
                    protect_content=message.protected or None,
                )
        except TimeoutError as error:
            raise OutcomeUnknown("timeout") from error
        except TelegramError as error:
            raise sorted_out(error) from error
        return sent.message_id

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
