"""Telegram as a channel: messages and signs through the Bot API, each bounded in time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, InvalidToken, TelegramError

from services.errors import OutcomeUnknown, PermanentError
from services.gateways.telegram import sending
from services.gateways.telegram.errors import sorted_out
from services.ports import Command, Documents, Outbound

# What Telegram says of an edit whose message was deleted, or is not the bot's to change.
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")


def _no_document(chat_id: int, source: str) -> bytes:
    raise LookupError(f"nobody makes {source} for {chat_id}")


class TelegramChannel:
    """Sends through a PTB bot, which lives on the loop that calls; `timeout` bounds a whole send, in seconds.

    `documents` makes those that are made as they leave.
    """

    def __init__(self, bot: Bot, timeout: float, documents: Documents = _no_document) -> None:
        self._bot = bot
        self._timeout = timeout
        self._documents = documents

    async def send(self, chat_id: int, message: Outbound) -> int:
        """Send a message and return Telegram's number of it; raises DeliveryError."""
        # Connecting, writing and waiting together must end before the message's lease does.
        async with self._bounded():
            if message.replaces is not None and await self._replaced(chat_id, message.replaces, message):
                return message.replaces
            if message.removes is not None:
                await self._removed(chat_id, message.removes)
                return message.removes
            content = await self._made(chat_id, message)
            return (await sending.send_one(self._bot, chat_id, message, content)).message_id

    async def _made(self, chat_id: int, message: Outbound) -> bytes | None:
        """Return the bytes of a message's document that is made now; raises PermanentError for one of what is gone."""
        source = message.files[0].source if message.files else ""
        try:
            return await asyncio.to_thread(self._documents, chat_id, source) if source else None
        except LookupError as error:
            raise PermanentError("document_gone") from error

    async def send_album(self, chat_id: int, message: Outbound) -> tuple[int, ...]:
        """Send an album and return Telegram's number of each of its files; raises DeliveryError."""
        async with self._bounded():
            return tuple(sent.message_id for sent in await sending.send_album(self._bot, chat_id, message))

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
        try:
            await sending.edit(self._bot, chat_id, message_id, message)
        except BadRequest as error:
            said = error.message.lower()
            if "not modified" in said:  # an edit that arrived before, and is there
                return True
            if any(gone in said for gone in _GONE):
                return False
            raise
        return True

    async def _removed(self, chat_id: int, message_id: int) -> None:
        """Take a message back, one that is not there any more too."""
        try:
            await self._bot.delete_message(chat_id, message_id)
        except BadRequest as error:
            if "message to delete not found" not in error.message.lower():
                raise

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
