"""One message as calls of the Bot API: text, a file, an album, a place or a card, and an edit of one that was sent."""

from typing import Any

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


async def send_one(bot: Bot, chat_id: int, message: Outbound, content: bytes | None = None) -> Message:
    """Send a message that is one message for the Bot API too, its file's bytes if need be; raises TelegramError."""
    common = {**_common(message), "reply_markup": _markup(message)}
    if message.files:
        [file] = message.files
        words = {} if file.kind in UNCAPTIONED else {"caption": message.html or None, "parse_mode": ParseMode.HTML}
        send_file = getattr(bot, f"send_{file.kind}")  # send_photo, send_video_note and so on: the file comes second
        given = file.id if content is None else InputFile(content, filename=file.name, attach=True)
        sent: Message = await send_file(chat_id, given, **words, **common)
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


async def send_album(bot: Bot, chat_id: int, message: Outbound) -> tuple[Message, ...]:
    """Send several files as one album; raises TelegramError."""
    first, *others = message.files
    captions = [(first, message.html), *((file, file.html) for file in others)]
    return await bot.send_media_group(chat_id, [_grouped(file, html) for file, html in captions], **_common(message))


async def edit(bot: Bot, chat_id: int, message_id: int, message: Outbound) -> None:
    """Put a message in the place of another one of the same kind; raises TelegramError."""
    markup = _markup(message)
    kept = markup if isinstance(markup, InlineKeyboardMarkup) else None
    there: dict[str, Any] = {"chat_id": chat_id, "message_id": message_id, "reply_markup": kept}
    if not message.files:
        await bot.edit_message_text(message.html, parse_mode=ParseMode.HTML, **there)
    elif (file := message.files[0]).kind in _MEDIA:
        await bot.edit_message_media(_medium(file, message.html), **there)
    else:  # a voice message has no other file to give
        await bot.edit_message_caption(caption=message.html, parse_mode=ParseMode.HTML, **there)


def _common(message: Outbound) -> dict[str, Any]:
    """Return what all methods that send share."""
    # What was answered may have been deleted meanwhile: that is no reason to lose the answer.
    answered = ReplyParameters(message.reply_to, allow_sending_without_reply=True) if message.reply_to else None
    return {"protect_content": message.protected or None, "reply_parameters": answered}


def _grouped(file: File, html: str) -> Grouped:
    return _GROUPED[file.kind](file.id, caption=html or None, parse_mode=ParseMode.HTML)


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
