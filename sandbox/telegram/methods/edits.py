"""Changing and deleting what was sent."""

import time

from aiogram import methods, types

from sandbox.telegram.chat import Chat, Message
from sandbox.telegram.errors import BadRequestError, NotBuiltError
from sandbox.telegram.keyboards import checked_markup
from sandbox.telegram.methods.albums import check_kinds, medium_content
from sandbox.telegram.methods.messages import KINDS, caption_content, text_content
from sandbox.telegram.schema import Wire, chosen, wire
from sandbox.telegram.server import BotServer
from sandbox.telegram.text import caption_text, message_text
from sandbox.telegram.world import World

_LONGEST_AGE = 48 * 3600
_MOST_AT_ONCE = 100
CAPTIONED = ("photo", "video", "animation", "audio", "document", "voice")
KEYBOARD_ONLY: Wire = {}  # content of an edit that leaves the message itself as it is
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


Editing = (
    methods.EditMessageText | methods.EditMessageCaption | methods.EditMessageMedia | methods.EditMessageReplyMarkup
)


def _editable(world: World, call: Editing) -> tuple[Chat, Message]:
    if call.inline_message_id is not None:
        raise NotBuiltError("inline messages")
    if call.chat_id is None or call.message_id is None:
        raise BadRequestError("message identifier is not specified")
    chat = world.reachable(call.chat_id)
    message = chat.find(call.message_id)
    if message is None:
        raise BadRequestError("message to edit not found")
    if message.side != "bot" or (message.markup or {"inline_keyboard": []}).keys() != {"inline_keyboard"}:
        raise BadRequestError("message can't be edited")
    return chat, message


def _change(world: World, chat: Chat, message: Message, content: Wire, markup: Wire | None) -> Wire:
    if markup is not None and not any(markup["inline_keyboard"]):
        markup = None
    changed = {name: value for name, value in message.wire.items() if name not in ("edit_date", "reply_markup")}
    if content:
        gone = ("entities", "caption", "caption_entities", *(KINDS if content.keys() & set(KINDS) else ()))
        changed = {name: value for name, value in changed.items() if name not in gone}
    changed |= content
    if markup is not None:
        changed["reply_markup"] = markup
    if changed == {name: value for name, value in message.wire.items() if name != "edit_date"}:
        raise BadRequestError(_NOT_MODIFIED)
    message.wire = wire(types.Message, {**changed, "edit_date": int(time.time())})
    message.markup = markup
    message.edited = message.edited or content is not KEYBOARD_ONLY
    world.put(chat, message)
    return message.wire


def edit_message_text(server: BotServer, call: methods.EditMessageText) -> Wire:
    """Give a message another text; without a keyboard in the call it loses its keyboard."""
    chat, message = _editable(server.world, call)
    if "text" not in message.wire:
        raise BadRequestError("there is no text in the message to edit")
    text = message_text(call.text or "", chosen(call.parse_mode), call.entities)
    return _change(server.world, chat, message, text_content(text), checked_markup(call.reply_markup, chat))


def edit_message_caption(server: BotServer, call: methods.EditMessageCaption) -> Wire:
    """Give a file another caption, or none."""
    chat, message = _editable(server.world, call)
    if not any(kind in message.wire for kind in CAPTIONED):
        raise BadRequestError("there is no caption in the message to edit")
    caption = caption_text(call.caption, chosen(call.parse_mode), call.caption_entities)
    content = caption_content(caption) or {"caption": ""}
    return _change(server.world, chat, message, content, checked_markup(call.reply_markup, chat))


def edit_message_media(server: BotServer, call: methods.EditMessageMedia) -> Wire:
    """Put another file with its caption in the place of one."""
    chat, message = _editable(server.world, call)
    content = medium_content(server.world, call.media)
    if "media_group_id" in message.wire:
        check_kinds([next(kind for kind in KINDS if kind in held) for held in (message.wire, content)])
    return _change(server.world, chat, message, content, checked_markup(call.reply_markup, chat))


def edit_message_reply_markup(server: BotServer, call: methods.EditMessageReplyMarkup) -> Wire:
    """Give a message another inline keyboard, or none."""
    chat, message = _editable(server.world, call)
    return _change(server.world, chat, message, KEYBOARD_ONLY, checked_markup(call.reply_markup, chat))


def _delete(world: World, chat: Chat, message: Message) -> None:
    message.deleted = True
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
    world.put(chat, message)


def delete_message(server: BotServer, call: methods.DeleteMessage) -> bool:
    """Delete a message of either side, not older than 48 hours."""
    chat = server.world.reachable(call.chat_id)
    message = chat.find(call.message_id)
    if message is None:
        raise BadRequestError("message to delete not found")
    if time.time() - message.at > _LONGEST_AGE:
        raise BadRequestError("message can't be deleted for everyone")
    _delete(server.world, chat, message)
    return True


def delete_messages(server: BotServer, call: methods.DeleteMessages) -> bool:
    """Delete up to 100 messages; those that are not there are passed over."""
    chat = server.world.reachable(call.chat_id)
    if not call.message_ids:
        raise BadRequestError("message identifiers are not specified")
    if len(call.message_ids) > _MOST_AT_ONCE:
        raise BadRequestError("too many message identifiers specified")
    for message_id in call.message_ids:
        message = chat.find(message_id)
        if message is not None:
            _delete(server.world, chat, message)
    return True
