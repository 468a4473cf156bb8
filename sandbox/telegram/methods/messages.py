"""Sending text: new messages, drafts, copies and forwards."""

from typing import Any, Protocol

from aiogram import methods, types
from aiogram.client.default import Default
from aiogram.types.reply_markup_union import ReplyMarkupUnion

from sandbox.telegram.chat import Chat, Message
from sandbox.telegram.errors import BadRequestError
from sandbox.telegram.html import Formatted
from sandbox.telegram.keyboards import checked_markup
from sandbox.telegram.schema import Wire, chosen
from sandbox.telegram.server import BotServer
from sandbox.telegram.text import caption_text, message_text, to_html
from sandbox.telegram.world import World

KINDS = (
    "text",
    "animation",
    "photo",
    "document",
    "voice",
    "video",
    "video_note",
    "audio",
    "sticker",
    "contact",
    "venue",
    "location",
    "poll",
    "dice",
)
"""What a message may hold; also the names of the fields. An animation is a document too, a venue a location."""


class Sending(Protocol):
    """What all send methods share."""

    chat_id: int | str
    protect_content: bool | Default | None
    reply_parameters: types.ReplyParameters | None
    reply_markup: ReplyMarkupUnion | None


def send(world: World, call: Sending, content: Wire) -> Wire:
    """Put a message of the bot into a chat, as any send method does."""
    chat = world.reachable(call.chat_id)
    content = {**content, **_reply(chat, call.reply_parameters)}
    if chosen(call.protect_content):
        content["has_protected_content"] = True
    markup = checked_markup(call.reply_markup, chat)
    return world.compose(chat, "bot", world.bot, content, markup).wire


def _reply(chat: Chat, parameters: types.ReplyParameters | None) -> Wire:
    if parameters is None:
        return {}
    message = chat.find(parameters.message_id) if parameters.message_id is not None else None
    if message is not None:
        quoted = {name: value for name, value in message.wire.items() if name != "reply_to_message"}
        return {"reply_to_message": quoted}
    if chosen(parameters.allow_sending_without_reply):
        return {}
    raise BadRequestError("message to be replied not found")


def text_content(text: Formatted) -> Wire:
    """Return the fields of a text message."""
    return {"text": text.text, "entities": text.entities} if text.entities else {"text": text.text}


def caption_content(text: Formatted) -> Wire:
    """Return the fields of a caption, none when it is empty."""
    if not text.text:
        return {}
    caption: Wire = {"caption": text.text}
    return {**caption, "caption_entities": text.entities} if text.entities else caption


def send_message(server: BotServer, call: methods.SendMessage) -> Wire:
    """Send a text message."""
    server.world.reachable(call.chat_id)
    text = message_text(call.text, chosen(call.parse_mode), call.entities)
    return send(server.world, call, text_content(text))


def send_message_draft(server: BotServer, call: methods.SendMessageDraft) -> bool:
    """Show text that is still being written; it stays until the next message of the bot."""
    world = server.world
    chat = world.reachable(call.chat_id)
    if chat.kind != "private":
        raise BadRequestError("drafts can be sent to private chats only")
    if not call.draft_id:
        raise BadRequestError("draft_id must be non-zero")
    body: dict[str, Any] = {"draft_id": call.draft_id, "text": "", "html": ""}
    if call.text:
        text = message_text(call.text, chosen(call.parse_mode), call.entities)
        body |= {"text": text.text, "html": to_html(text.text, text.entities)}
    chat.draft = world.notice(chat, body)
    world.noticed(chat)
    return True


def _source(world: World, call: methods.CopyMessage | methods.ForwardMessage, act: str) -> Message:
    chat = world.reachable(call.from_chat_id)
    message = chat.find(call.message_id)
    if message is None:
        raise BadRequestError(f"message to {act} not found")
    if message.protected:
        raise BadRequestError("the message can't be copied" if act == "copy" else "the message can't be forwarded")
    return message


def _carried(message: Message) -> Wire:
    names = (*KINDS, "entities", "caption", "caption_entities")
    return {name: message.wire[name] for name in names if name in message.wire}


def copy_message(server: BotServer, call: methods.CopyMessage) -> Wire:
    """Send what a message holds as a message of the bot's own."""
    world = server.world
    world.reachable(call.chat_id)
    message = _source(world, call, "copy")
    content = _carried(message)
    if call.caption is not None and "text" not in content:
        text = caption_text(call.caption, chosen(call.parse_mode), call.caption_entities)
        content.pop("caption_entities", None)
        content = {**content, "caption": "", **caption_content(text)}
    return {"message_id": send(world, call, content)["message_id"]}


def forward_message(server: BotServer, call: methods.ForwardMessage) -> Wire:
    """Send a message on with its author named."""
    world = server.world
    chat = world.reachable(call.chat_id)
    message = _source(world, call, "forward")
    origin = {"type": "user", "date": message.wire["date"], "sender_user": message.wire["from"]}
    content = {**_carried(message), "forward_origin": message.wire.get("forward_origin", origin)}
    if chosen(call.protect_content):
        content["has_protected_content"] = True
    return world.compose(chat, "bot", world.bot, content).wire
