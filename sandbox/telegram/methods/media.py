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
_STICKER = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
_NOTE_SIDE = 384
_FRAME = {"width": 640, "height": 360}


def content_of(file: StoredFile, **details: Any) -> Wire:
    """Return the fields of a message that hold a file; `details` adds what the kind knows of it."""
    named = {"file_name": file.name, "mime_type": file.mime_type}
    lasting = {"duration": details.get("duration", 1)}
    more: dict[str, Wire] = {
        "photo": {"width": _PHOTO_SIDE, "height": _PHOTO_SIDE},
        "voice": {**lasting, "mime_type": "audio/ogg"},
        "audio": {**lasting, **named},
        "video": {**lasting, **named, **_FRAME},
        "video_note": {**lasting, "length": _NOTE_SIDE},
        "animation": {**lasting, **named, **_FRAME},
        "sticker": {**_STICKER, "emoji": details.get("emoji") or "🙂"},
        "document": named,
    }
    held = {**file.common(), **more[file.kind]}
    if file.kind == "animation":  # Telegram sets both
        return {"animation": held, "document": {**file.common(), **named}}
    return {file.kind: [held] if file.kind == "photo" else held}


def stored(world: World, kind: str, given: InputFileUnion) -> StoredFile:
    """Return the file that a call names or brings; raise BadRequestError for none, or one of another kind."""
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


Captioned = (
    methods.SendPhoto
    | methods.SendDocument
    | methods.SendVoice
    | methods.SendVideo
    | methods.SendAnimation
    | methods.SendAudio
)


def _send(server: BotServer, call: Captioned, kind: str, given: InputFileUnion, **details: Any) -> Wire:
    server.world.reachable(call.chat_id)
    caption = caption_text(call.caption, chosen(call.parse_mode), call.caption_entities)
    content = content_of(stored(server.world, kind, given), **details)
    return send(server.world, call, {**content, **caption_content(caption)})


def send_photo(server: BotServer, call: methods.SendPhoto) -> Wire:
    """Send a photo with a caption."""
    return _send(server, call, "photo", call.photo)


def send_document(server: BotServer, call: methods.SendDocument) -> Wire:
    """Send a file of any kind with a caption."""
    return _send(server, call, "document", call.document)


def send_voice(server: BotServer, call: methods.SendVoice) -> Wire:
    """Send a voice message with a caption."""
    return _send(server, call, "voice", call.voice, duration=_seconds(call.duration))


def send_video(server: BotServer, call: methods.SendVideo) -> Wire:
    """Send a video with a caption."""
    return _send(server, call, "video", call.video, duration=_seconds(call.duration))


def send_animation(server: BotServer, call: methods.SendAnimation) -> Wire:
    """Send a video without sound, with a caption."""
    return _send(server, call, "animation", call.animation, duration=_seconds(call.duration))


def send_audio(server: BotServer, call: methods.SendAudio) -> Wire:
    """Send music with a caption."""
    return _send(server, call, "audio", call.audio, duration=_seconds(call.duration))


def send_video_note(server: BotServer, call: methods.SendVideoNote) -> Wire:
    """Send a round video."""
    server.world.reachable(call.chat_id)
    return send(server.world, call, content_of(stored(server.world, "video_note", call.video_note)))


def _seconds(duration: Any) -> int:
    return duration if isinstance(duration, int) else 1


def send_sticker(server: BotServer, call: methods.SendSticker) -> Wire:
    """Send a sticker."""
    server.world.reachable(call.chat_id)
    return send(server.world, call, content_of(stored(server.world, "sticker", call.sticker), emoji=call.emoji))


def get_file(server: BotServer, call: methods.GetFile) -> Wire:
    """Tell where a file can be fetched."""
    file = server.world.files.by_id.get(call.file_id)
    if file is None:
        raise BadRequestError("invalid file_id")
    if len(file.content) > DOWNLOAD_LIMIT:
        raise BadRequestError("file is too big")
    return wire(types.File, {**file.common(), "file_path": file.path})
