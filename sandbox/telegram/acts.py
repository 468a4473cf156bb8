"""What a person does in a chat with the bot; each act becomes an update."""

import time
from typing import Any, NamedTuple

from aiogram import types

from sandbox.telegram.chat import Chat, Message
from sandbox.telegram.errors import ApiError
from sandbox.telegram.links import START_PAYLOAD
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

    def say(self, text: str, reply_to: int | None = None) -> Done:
        """Send text, at most 4096 UTF-16 units of it, as Telegram's clients do."""
        return self.send(self._text(text), reply_to)

    def _text(self, text: str) -> Wire:
        content = text_content(formatted(text, None, None))
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

    def share_contact(self, card: Wire | None = None) -> Done:
        """Send the person's own card, or somebody else's."""
        return self.send({"contact": card or self.person.contact()})

    def send_file(self, kind: str, name: str | None, content: bytes, caption: str = "") -> Done:
        """Send a photo, a voice message or a document."""
        try:
            file = self._world.files.add(kind, name, content)
        except ApiError as error:
            raise ActError(error.description) from error
        return self.send({**content_of(file), **caption_content(formatted(caption, None, None))})

    def send_sticker(self, emoji: str) -> Done:
        """Send a sticker for an emoji."""
        return self.send(content_of(self._world.files.add("sticker", None, emoji.encode()), emoji=emoji))

    def send_poll(self, question: str, options: list[str]) -> Done:
        """Send a poll."""
        choices = [
            {"persistent_id": str(number), "text": text, "voter_count": 0} for number, text in enumerate(options)
        ]
        flags = dict.fromkeys(("is_closed", "allows_multiple_answers", "allows_revoting", "members_only"), False)
        poll = {"id": str(time.time_ns()), "question": question, "options": choices, "total_voter_count": 0}
        return self.send({"poll": {**poll, **flags, "is_anonymous": True, "type": "regular"}})

    def send_location(self, latitude: float, longitude: float) -> Done:
        """Send a place."""
        return self.send({"location": {"latitude": latitude, "longitude": longitude}})

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

    def edit(self, message_id: int, text: str) -> Done:
        """Change the text of an own message."""
        message = _own_message(self.chat, message_id, "user")
        if "text" not in message.wire:
            raise ActError(f"message {message_id} has no text")
        kept = {name: value for name, value in message.wire.items() if name not in ("text", "entities")}
        changed = {**kept, **self._text(text), "edit_date": int(time.time())}
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
