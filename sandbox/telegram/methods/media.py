"""Sending files, and letting the bot fetch those that people sent."""

from typing import Any

from aiogram import methods, types
from aiogram.types.input_file_union import InputFileUnion

from sandbox.telegram.errors import BadRequestError
from sandbox.telegram.files import DOWNLOAD_LIMIT, StoredFile
from sandbox.telegram.methods.messages import caption_content, send
from sandbox.telegram.schema import Wire, chosen, wire
from sandbox.telegram.server import BotServer
from sandbox.telegram.text import caption_text
from sandbox.telegram.world import World

_PHOTO_SIDE = 800
_STICKER_SIDE = 512


def content_of(file: StoredFile, **details: Any) -> Wire:
    """Return the field of a message that holds a file; `details` adds what the kind knows of it."""
    match file.kind:
        case "photo":
            return {"photo": [{**file.common(), "width": _PHOTO_SIDE, "height": _PHOTO_SIDE}]}
        case "voice":
            return {"voice": {**file.common(), "duration": details.get("duration", 1), "mime_type": "audio/ogg"}}
        case "sticker":
            sticker = {"type": "regular", "width": _STICKER_SIDE, "height": _STICKER_SIDE}
            flags = {"is_animated": False, "is_video": False}
            return {"sticker": {**file.common(), **sticker, **flags, "emoji": details.get("emoji") or "🙂"}}
    return {"document": {**file.common(), "file_name": file.name, "mime_type": file.mime_type}}


def _stored(world: World, kind: str, given: InputFileUnion) -> StoredFile:
    if isinstance(given, types.BufferedInputFile):
        return world.files.add(kind, given.filename, given.data)
    if not isinstance(given, str):
        raise BadRequestError(f"there is no {kind} in the request")
    if given.startswith(("http://", "https://")):
        raise BadRequestError("failed to get HTTP URL content: the sandbox fetches nothing from outside")
    file = world.files.get(given)
    if file.kind != kind:
        raise BadRequestError(f"can't use file of type {file.kind.title()} as {kind.title()}")
    return file


def send_photo(server: BotServer, call: methods.SendPhoto) -> Wire:
    """Send a photo with a caption."""
    server.world.reachable(call.chat_id)
    caption = caption_text(call.caption, chosen(call.parse_mode), call.caption_entities)
    content = content_of(_stored(server.world, "photo", call.photo))
    return send(server.world, call, {**content, **caption_content(caption)})


def send_document(server: BotServer, call: methods.SendDocument) -> Wire:
    """Send a file of any kind with a caption."""
    server.world.reachable(call.chat_id)
    caption = caption_text(call.caption, chosen(call.parse_mode), call.caption_entities)
    content = content_of(_stored(server.world, "document", call.document))
    return send(server.world, call, {**content, **caption_content(caption)})


def send_voice(server: BotServer, call: methods.SendVoice) -> Wire:
    """Send a voice message with a caption."""
    server.world.reachable(call.chat_id)
    caption = caption_text(call.caption, chosen(call.parse_mode), call.caption_entities)
    content = content_of(_stored(server.world, "voice", call.voice), duration=_seconds(call.duration))
    return send(server.world, call, {**content, **caption_content(caption)})


def _seconds(duration: Any) -> int:
    return duration if isinstance(duration, int) else 1


def send_sticker(server: BotServer, call: methods.SendSticker) -> Wire:
    """Send a sticker."""
    server.world.reachable(call.chat_id)
    return send(server.world, call, content_of(_stored(server.world, "sticker", call.sticker), emoji=call.emoji))


def get_file(server: BotServer, call: methods.GetFile) -> Wire:
    """Tell where a file can be fetched."""
    file = server.world.files.by_id.get(call.file_id)
    if file is None:
        raise BadRequestError("invalid file_id")
    if len(file.content) > DOWNLOAD_LIMIT:
        raise BadRequestError("file is too big")
    return wire(types.File, {**file.common(), "file_path": file.path})
