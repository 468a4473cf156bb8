"""Albums: several files that go as one, each a message of its own."""

import secrets

from aiogram import methods, types
from aiogram.types.reply_markup_union import ReplyMarkupUnion

from sandbox.telegram.errors import BadRequestError, NotBuiltError
from sandbox.telegram.methods.media import content_of, stored
from sandbox.telegram.methods.messages import Sending, caption_content, send
from sandbox.telegram.schema import Wire, chosen
from sandbox.telegram.server import BotServer
from sandbox.telegram.text import caption_text
from sandbox.telegram.world import World

MOST_FILES = 10
_ALONE = frozenset({"audio", "document"})  # kinds that go with their own only

Medium = (
    types.InputMediaPhoto
    | types.InputMediaVideo
    | types.InputMediaAudio
    | types.InputMediaDocument
    | types.InputMediaAnimation
)


def album_id() -> str:
    """Return a new `media_group_id`."""
    return str(secrets.randbits(53))


def check_kinds(kinds: list[str]) -> None:
    """Raise BadRequestError for files that Telegram does not put into one album (TDLib, MessagesManager.cpp)."""
    if not kinds:
        raise BadRequestError("there are no messages to send")
    if len(kinds) > MOST_FILES:
        raise BadRequestError("too many messages to send as an album")
    if mixed := next((kind for kind in kinds if kind in _ALONE and set(kinds) != {kind}), None):
        raise BadRequestError(f"{mixed.title()} can't be mixed with other media types")


def medium_content(world: World, medium: object) -> Wire:
    """Return the fields of a message that hold a file with its caption."""
    if not isinstance(medium, Medium):
        raise NotBuiltError(f"media of type {getattr(medium, 'type', '?')}")
    caption = caption_text(medium.caption, chosen(medium.parse_mode), medium.caption_entities)
    return {**content_of(stored(world, str(medium.type), medium.media)), **caption_content(caption)}


class _Part:
    """What `send` needs of a call that has no keyboard."""

    def __init__(self, call: methods.SendMediaGroup) -> None:
        self.chat_id = call.chat_id
        self.protect_content = call.protect_content
        self.reply_parameters = call.reply_parameters
        self.reply_markup: ReplyMarkupUnion | None = None


def send_media_group(server: BotServer, call: methods.SendMediaGroup) -> list[Wire]:
    """Send files as an album: all of them or, when one is refused, none."""
    server.world.reachable(call.chat_id)
    check_kinds([str(medium.type) for medium in call.media])
    contents = [medium_content(server.world, medium) for medium in call.media]
    part: Sending = _Part(call)
    album = {"media_group_id": album_id()}
    return [send(server.world, part, {**content, **album}) for content in contents]
