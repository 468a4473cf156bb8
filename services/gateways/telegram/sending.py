"""One message as calls of the Bot API: text, a file, an album, a place or a card, and an edit of one that was sent."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaAnimation,
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.constants import ParseMode

from services.outbound import UNCAPTIONED, Button, File, FileKind, Outbound, Place

Contents = Mapping[UUID | str, bytes]
"""The bytes of files that Telegram does not have yet, by what names them: `own` or `source`."""

NOTHING: Contents = {}
Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove
Grouped = InputMediaAudio | InputMediaDocument | InputMediaPhoto | InputMediaVideo

_GROUPED: dict[FileKind, type[Grouped]] = {
    FileKind.PHOTO: InputMediaPhoto,
    FileKind.VIDEO: InputMediaVideo,
    FileKind.AUDIO: InputMediaAudio,
    FileKind.DOCUMENT: InputMediaDocument,
}
_MEDIA: dict[FileKind, type[Grouped] | type[InputMediaAnimation]] = {
    **_GROUPED,
    FileKind.ANIMATION: InputMediaAnimation,
}


async def send_one(bot: Bot, chat_id: int, message: Outbound, own: Contents = NOTHING) -> Message:
    """Send a message that is one message for the Bot API too; raises TelegramError."""
    common = {**_common(message), "reply_markup": _markup(message)}
    if message.files:
        [file] = message.files
        words = {} if file.kind in UNCAPTIONED else {"caption": message.html or None, "parse_mode": ParseMode.HTML}
        send_file = getattr(bot, f"send_{file.kind}")  # send_photo, send_video_note and so on: the file comes second
        sent: Message = await send_file(chat_id, _given(file, own), **words, **common)
        return sent
    if message.place:
        return await _send_place(bot, chat_id, message.place, common)
    if card := message.card:
        return await bot.send_contact(chat_id, card.phone, card.first_name, card.last_name or None, **common)
    return await bot.send_message(chat_id, message.html, parse_mode=ParseMode.HTML, **common)


async def _send_place(bot: Bot, chat_id: int, place: Place, common: dict[str, Any]) -> Message:
    point = (place.latitude, place.longitude)
    if place.title:
        return await bot.send_venue(chat_id, *point, place.title, place.address, **common)
    return await bot.send_location(chat_id, *point, **common)


async def send_album(bot: Bot, chat_id: int, message: Outbound, own: Contents = NOTHING) -> tuple[Message, ...]:
    """Send several files as one album; raises TelegramError."""
    first, *others = message.files
    captions = [(first, message.html), *((file, file.html) for file in others)]
    grouped = [_grouped(file, html, own) for file, html in captions]
    return await bot.send_media_group(chat_id, grouped, **_common(message))


async def edit(bot: Bot, chat_id: int, message_id: int, message: Outbound) -> None:
    """Put a message in the place of another one of the same kind; raises TelegramError."""
    markup = _markup(message)
    kept = markup if isinstance(markup, InlineKeyboardMarkup) else None
    there: dict[str, Any] = {"chat_id": chat_id, "message_id": message_id, "reply_markup": kept}
    if not message.files:
        await bot.edit_message_text(message.html, parse_mode=ParseMode.HTML, **there)
    elif (file := message.files[0]).kind in _MEDIA and file.own is None:
        await bot.edit_message_media(_medium(file, message.html), **there)
    else:  # a voice message has no other file to give, and one of our own stays the same
        await bot.edit_message_caption(caption=message.html, parse_mode=ParseMode.HTML, **there)


def _common(message: Outbound) -> dict[str, Any]:
    """Return what all methods that send share."""
    # What was answered may have been deleted meanwhile: that is no reason to lose the answer.
    answered = ReplyParameters(message.reply_to, allow_sending_without_reply=True) if message.reply_to else None
    return {
        "protect_content": message.protected or None,
        "reply_parameters": answered,
        "allow_paid_broadcast": message.paid or None,
    }


def _given(file: File, own: Contents, *, attach: bool = False) -> str | InputFile:
    """Return a file by Telegram's number of it, or the bytes of one that it does not have yet; an album attaches."""
    name = file.own or file.source
    return InputFile(own[name], filename=file.name or None, attach=attach) if name else file.id


def _grouped(file: File, html: str, own: Contents) -> Grouped:
    return _GROUPED[file.kind](_given(file, own, attach=True), caption=html or None, parse_mode=ParseMode.HTML)


def _medium(file: File, html: str) -> Grouped | InputMediaAnimation:
    return _MEDIA[file.kind](file.id, caption=html or None, parse_mode=ParseMode.HTML)


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    return InlineKeyboardButton(button.label, callback_data=button.data)


def _markup(message: Outbound) -> Markup | None:
    if message.buttons:
        return InlineKeyboardMarkup([[_button(button) for button in row] for row in message.buttons])
    if message.contact_label:
        button = KeyboardButton(message.contact_label, request_contact=True)
        return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)
    return ReplyKeyboardRemove() if message.clear_keyboard else None
