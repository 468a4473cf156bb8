"""Telegram as a channel: messages and signs through the Bot API, each bounded in time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from logging import getLogger
from uuid import UUID

from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, InvalidToken, TelegramError

from services.errors import FileError, FilesAwayError, OutcomeUnknown, PermanentError, TransientError
from services.gateways.telegram import sending
from services.gateways.telegram.errors import sorted_out
from services.ports import Command, Documents, Outbound, OwnFiles

UPLOAD = 60.0  # seconds that a send may take which brings files along
_log = getLogger(__name__)
_UPLOADS = 2  # of those at a time: each holds its files in memory

# What Telegram says of an edit whose message was deleted, or is not the bot's to change.
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")


def _no_document(chat_id: int, source: str) -> bytes:
    raise LookupError(f"nobody makes {source} for {chat_id}")


class TelegramChannel:
    """Sends through a PTB bot, which lives on the loop that calls; `timeout` bounds a whole send, in seconds.

    `files` has those that Telegram does not have yet, `documents` makes those that are made as they leave.
    """

    def __init__(
        self, bot: Bot, timeout: float, files: OwnFiles | None = None, documents: Documents = _no_document
    ) -> None:
        self._bot = bot
        self._timeout = timeout
        self._files = files
        self._documents = documents
        self._uploads = asyncio.Semaphore(_UPLOADS)

    async def send(self, chat_id: int, message: Outbound) -> int:
        """Send a message and return Telegram's number of it; raises DeliveryError."""
        # Connecting, writing and waiting together must end before the message's lease does.
        async with self._sending(chat_id, message) as own:
            if message.replaces is not None and await self._replaced(chat_id, message.replaces, message):
                return message.replaces
            if message.removes is not None:
                await self._removed(chat_id, message.removes, pinned=message.pinned)
                return message.removes
            number = (await sending.send_one(self._bot, chat_id, message, own)).message_id
            if message.pinned:
                await self._pinned(chat_id, number)
            return number

    async def send_album(self, chat_id: int, message: Outbound) -> tuple[int, ...]:
        """Send an album and return Telegram's number of each of its files; raises DeliveryError."""
        async with self._sending(chat_id, message) as own:
            return tuple(sent.message_id for sent in await sending.send_album(self._bot, chat_id, message, own))

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

    async def _removed(self, chat_id: int, message_id: int, *, pinned: bool) -> None:
        """Take a message back, one that is not there any more too; one too old for that is at least pinned no more."""
        try:
            await self._bot.delete_message(chat_id, message_id)
        except BadRequest as error:
            if "message to delete not found" in error.message.lower():
                return
            if not pinned:
                raise
            await self._bot.unpin_chat_message(chat_id, message_id)

    async def _pinned(self, chat_id: int, message_id: int) -> None:
        """Pin a message that was sent; where that fails, it still was."""
        try:
            await self._bot.pin_chat_message(chat_id, message_id, disable_notification=True)
        except TelegramError as error:
            _log.info("a message was not pinned", extra={"error": type(error).__name__})

    @asynccontextmanager
    async def _sending(self, chat_id: int, message: Outbound) -> AsyncIterator[sending.Contents]:
        """Bound the sending of a message, and give the bytes of files that go along with it."""
        brought = [name for file in message.files if (name := file.own or file.source)]
        if not brought or message.replaces is not None or message.removes is not None:
            async with self._bounded():
                yield sending.NOTHING
            return
        began = False
        try:
            async with self._bounded(max(UPLOAD, self._timeout)), self._uploads:
                own = {name: await asyncio.to_thread(self._content, chat_id, name) for name in brought}
                began = True
                yield own
        except OutcomeUnknown as error:
            if began:
                raise
            raise TransientError("busy") from error  # it stood behind others, or its bytes were not had in time

    def _content(self, chat_id: int, name: UUID | str) -> bytes:
        try:
            if isinstance(name, str):
                return self._documents(chat_id, name)
            if self._files is not None:
                return self._files.content(name)
        except LookupError as error:
            raise PermanentError("document_gone") from error
        except FilesAwayError as error:
            raise TransientError("storage") from error
        except FileError as error:
            raise PermanentError("file_gone") from error
        except Exception as error:  # such as the database's: whatever it was, nothing has left yet
            _log.exception("what a message brings along cannot be had")
            raise TransientError("contents") from error
        raise PermanentError("file_gone")

    @asynccontextmanager
    async def _bounded(self, seconds: float | None = None) -> AsyncIterator[None]:
        """Bound a whole call, and sort its errors out."""
        try:
            async with asyncio.timeout(seconds or self._timeout):
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
