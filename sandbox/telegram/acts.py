"""What a person does in a chat with the bot; each act becomes an update."""

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from aiogram import types

from sandbox.telegram.chat import Chat, Message
from sandbox.telegram.errors import ApiError
from sandbox.telegram.files import SentFile
from sandbox.telegram.html import Formatted
from sandbox.telegram.links import START_PAYLOAD
from sandbox.telegram.methods.albums import album_id, check_kinds
from sandbox.telegram.methods.edits import CAPTIONED
from sandbox.telegram.methods.media import content_of
from sandbox.telegram.methods.messages import caption_content, text_content
from sandbox.telegram.people import PersonDetails
from sandbox.telegram.schema import Wire, wire
from sandbox.telegram.text import TEXT_LIMIT, formatted
from sandbox.telegram.utf16 import utf16_length
from sandbox.telegram.world import World


class ActError(Exception):
    """A person cannot do this; the text says why."""


class NoSuchMessageError(ActError):
    """The person does not see this message."""


def _formatted(text: str, *, html: bool) -> Formatted:
    """Return what somebody types: as it is, or with the formatting that the HTML says."""
    try:
        return formatted(text, "HTML" if html else None, None)
    except ApiError as error:
        raise ActError(error.description) from error


class Done(NamedTuple):
    """What came of an act; `update_id` is None when the bot does not want such updates."""

    update_id: int | None
    message_id: int


def _own_message(chat: Chat, message_id: int, side: str) -> Message:
    message = chat.find(message_id)
    if message is None or message.side != side:
        raise NoSuchMessageError(f"there is no message {message_id} from the {side} in this chat")
    return message


class Actor:
    """One person in one chat: the private one, or a group that `chat_id` names."""

    def __init__(self, world: World, person_id: int, chat_id: int | None = None) -> None:
        self._world = world
        self.person = world.person(person_id)
        if chat_id is not None and chat_id not in world.chats:
            raise NoSuchMessageError(f"there is no chat {chat_id}")
        self.chat = world.chat(chat_id or person_id)
        if self.person.blocked:
            raise ActError("this person has blocked the bot; unblock it first")

    def send(self, content: Wire, reply_to: int | None = None) -> Done:
        """Send any message."""
        if reply_to is not None:
            message = self.chat.find(reply_to)
            if message is None:
                raise NoSuchMessageError(f"there is no message {reply_to} in this chat")
            content = {**content, "reply_to_message": message.wire}
        self.chat.started = True
        message = self._world.compose(self.chat, "user", self.person.user(), content)
        return Done(self._world.emit("message", self.chat.id, message.wire), message.id)

    def say(self, text: str, reply_to: int | None = None, *, html: bool = False) -> Done:
        """Send text, at most 4096 UTF-16 units of it, as Telegram's clients do; formatted where it is HTML."""
        return self.send(self._text(text, html=html), reply_to)

    def _text(self, text: str, *, html: bool = False) -> Wire:
        content = text_content(_formatted(text, html=html))
        if not content["text"]:
            raise ActError("text must be non-empty")
        if utf16_length(content["text"]) > TEXT_LIMIT:
            raise ActError("text is too long: clients split it at 4096 UTF-16 units")
        return content

    def start(self, payload: str) -> Done:
        """Open the deep link `t.me/<bot>?start=<payload>`."""
        if not START_PAYLOAD.fullmatch(payload):
            raise ActError("a start payload has 1–64 characters of A-Z, a-z, 0-9, _ and -")
        return self.say(f"/start {payload}")

    def share_contact(self, card: Wire | None = None, reply_to: int | None = None) -> Done:
        """Send the person's own card, or somebody else's."""
        return self.send({"contact": card or self.person.contact()}, reply_to)

    def send_files(self, files: Sequence[SentFile], reply_to: int | None = None) -> Done:
        """Send a file, or several as an album; returns what came of the first."""
        try:
            if len(files) > 1:
                check_kinds([file.kind for file in files])
            contents = [self._file(file) for file in files]
        except ApiError as error:
            raise ActError(error.description) from error
        album = {"media_group_id": album_id()} if len(files) > 1 else {}
        first, *_ = [self.send({**content, **album}, reply_to) for content in contents]
        return first

    def _file(self, file: SentFile) -> Wire:
        stored = self._world.files.add(file.kind, file.name, file.content)
        return {**content_of(stored), **caption_content(_formatted(file.caption, html=file.html))}

    def send_sticker(self, emoji: str, reply_to: int | None = None) -> Done:
        """Send a sticker for an emoji."""
        return self.send(content_of(self._world.files.add("sticker", None, emoji.encode()), emoji=emoji), reply_to)

    def throw(self, emoji: str) -> Done:
        """Throw a die, or a dart."""
        return self.send({"dice": {"emoji": emoji, "value": 1 + time.time_ns() % 5}})

    def send_poll(self, question: str, options: list[str]) -> Done:
        """Send a poll."""
        choices = [
            {"persistent_id": str(number), "text": text, "voter_count": 0} for number, text in enumerate(options)
        ]
        flags = dict.fromkeys(("is_closed", "allows_multiple_answers", "allows_revoting", "members_only"), False)
        poll = {"id": str(time.time_ns()), "question": question, "options": choices, "total_voter_count": 0}
        return self.send({"poll": {**poll, **flags, "is_anonymous": True, "type": "regular"}})

    def send_location(self, latitude: float, longitude: float, reply_to: int | None = None) -> Done:
        """Send a place."""
        return self.send({"location": {"latitude": latitude, "longitude": longitude}}, reply_to)

    def press(self, message_id: int, data: str) -> Done:
        """Press an inline button of a message of the bot."""
        message = _own_message(self.chat, message_id, "bot")
        rows = (message.markup or {}).get("inline_keyboard", [])
        if not any(button.get("callback_data") == data for row in rows for button in row):
            raise ActError(f"message {message_id} has no button with this data")
        query: dict[str, Any] = {
            "id": self._world.queries.ask(self.chat.id),
            "from": self.person.user(),
            "message": message.wire,
            "chat_instance": str(self.chat.id),
            "data": data,
        }
        update_id = self._world.emit_checked("callback_query", self.chat.id, types.CallbackQuery, query)
        return Done(update_id, message_id)

    def edit(self, message_id: int, text: str, *, html: bool = False) -> Done:
        """Change the text of an own message, or the caption of an own file."""
        message = _own_message(self.chat, message_id, "user")
        if "text" not in message.wire and not any(kind in message.wire for kind in CAPTIONED):
            raise ActError(f"message {message_id} has no text")
        words = ("text", "entities", "caption", "caption_entities")
        kept = {name: value for name, value in message.wire.items() if name not in words}
        caption = caption_content(_formatted(text, html=html)) if "text" not in message.wire else None
        said = self._text(text, html=html) if caption is None else caption
        changed = {**kept, **said, "edit_date": int(time.time())}
        message.wire = wire(types.Message, changed)
        message.edited = True
        self._world.put(self.chat, message)
        return Done(self._world.emit("edited_message", self.chat.id, message.wire), message_id)


def describe(world: World, person_id: int, details: PersonDetails) -> int | None:
    """Take over what is said about a person; tell the bot of a block, and return that update's id."""
    person = world.person(person_id)
    was_blocked = person.blocked
    person.describe(details)
    chat = world.chat(person_id)
    update_id = None
    if person.blocked != was_blocked and chat.started:
        update_id = _tell_membership(world, chat, blocked=person.blocked)
    world.noticed(chat)
    return update_id


def _tell_membership(world: World, chat: Chat, *, blocked: bool) -> int | None:
    member = {"status": "member", "user": world.bot}
    kicked = {"status": "kicked", "user": world.bot, "until_date": 0}
    before, after = (member, kicked) if blocked else (kicked, member)
    raw = {
        "chat": chat.wire(),
        "from": world.person(chat.id).user(),
        "date": int(time.time()),
        "old_chat_member": before,
        "new_chat_member": after,
    }
    return world.emit_checked("my_chat_member", chat.id, types.ChatMemberUpdated, raw)
