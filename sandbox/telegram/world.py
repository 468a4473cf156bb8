"""The world of the sandbox: the bot, the people, their chats, and everyone who wants to know of changes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from aiogram import types
from aiogram.types.base import TelegramObject

from sandbox.faults import Faults
from sandbox.settings import Settings
from sandbox.telegram.chat import Chat, Message, Notice, Side
from sandbox.telegram.commands import Menus
from sandbox.telegram.errors import BadRequestError, ForbiddenError
from sandbox.telegram.files import Files
from sandbox.telegram.journal import Journal
from sandbox.telegram.limits import Limiter, Limits
from sandbox.telegram.people import Person, new_person
from sandbox.telegram.queries import CallbackQueries
from sandbox.telegram.schema import Wire, wire
from sandbox.telegram.updates import UpdateQueue

_ERA = 1_735_689_600
"""2025-01-01: message ids count from here, so that they fit Telegram's 31 bits for years."""

_IDS_PER_SECOND = 8


@dataclass(frozen=True, slots=True)
class Change:
    """What listeners are told: a chat, and the message if one changed; no chat when all started afresh."""

    chat: Chat | None
    message: Message | None


Listener = Callable[[Change], None]


class World:
    """All state of one bot's sandbox. It lives on one event loop and is changed only there.

    Ids start from the wall clock, so that no restart repeats them.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.journal = Journal(settings.journal_size)
        self.updates = UpdateQueue(time.time_ns() // 1000, self.journal)
        self.menus = Menus()
        self.profile: dict[str, dict[str, str]] = {}
        self.next_message_id = int((time.time() - _ERA) * _IDS_PER_SECOND)
        self.seq = 0
        self.closing = False
        self._listeners: list[Listener] = []
        self.reset()

    def reset(self) -> None:
        """Start afresh; counters, webhook, menus and listeners stay."""
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files = Files()
        self.faults = Faults()
        self.limiter = Limiter(self.settings.limits)
        self.queries = CallbackQueries(self.settings.callback_seconds)
        self.journal.clear()
        self.updates.pending.clear()
        self._tell(Change(None, None))

    def close(self) -> None:
        """Let everyone go who waits for something to happen."""
        self.closing = True
        self.updates.wake()
        for chat in self.chats.values():
            chat.changed.fire()

    def set_limits(self, limits: Limits) -> None:
        """Use other limits from now on."""
        self.limiter = Limiter(limits)

    @property
    def bot(self) -> dict[str, Any]:
        """The Bot API's User of the bot, as messages carry it."""
        settings = self.settings
        return {
            "id": settings.bot_id,
            "is_bot": True,
            "first_name": settings.bot_name,
            "username": settings.bot_username,
        }

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell a listener of every change, at once and on the loop; return what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def person(self, person_id: int) -> Person:
        """Return a person, made up when not known yet."""
        person = self.people.get(person_id)
        if person is None:
            person = self.people[person_id] = new_person(person_id)
        return person

    def chat(self, chat_id: int) -> Chat:
        """Return a chat; a private one is made when there is none."""
        chat = self.chats.get(chat_id)
        if chat is None:
            chat = self.chats[chat_id] = Chat(chat_id, person=self.person(chat_id))
        return chat

    def group(self, chat_id: int, title: str) -> Chat:
        """Make or rename a group that the bot is a member of."""
        chat = self.chats.setdefault(chat_id, Chat(chat_id, started=True))
        chat.group = {"id": chat_id, "type": "supergroup", "title": title}
        return chat

    def reachable(self, chat_id: int | str) -> Chat:
        """Return a chat the bot may write to; raise BadRequestError or ForbiddenError as Telegram does."""
        try:
            chat = self.chats.get(int(chat_id))
        except ValueError:
            chat = None
        if chat is None or not chat.started:
            raise BadRequestError("chat not found")
        if chat.person is not None and chat.person.blocked:
            raise ForbiddenError("bot was blocked by the user")
        return chat

    def compose(self, chat: Chat, side: Side, author: Wire, content: Wire, markup: Wire | None = None) -> Message:
        """Make a message with the next id, checked against aiogram's Message, and put it into the chat."""
        now = time.time()
        raw = {
            "message_id": self.next_message_id,
            "date": int(now),
            "chat": chat.wire(),
            "from": author,
            **content,
        }
        if markup and "inline_keyboard" in markup:
            raw["reply_markup"] = markup
        message = Message(wire(types.Message, raw), side, now, markup)
        self.next_message_id += 1
        self.put(chat, message)
        return message

    def put(self, chat: Chat, message: Message) -> None:
        """Note that a message is new or has changed, and tell everyone."""
        self.seq += 1
        chat.put(message, self.seq)
        chat.changed.fire()
        self._tell(Change(chat, message))

    def notice(self, chat: Chat, body: Wire) -> Notice:
        """Make a fleeting notice with the next seq; the caller puts it in its place and calls `noticed`."""
        self.seq += 1
        chat.seq = self.seq
        return Notice(self.seq, time.time(), body)

    def noticed(self, chat: Chat) -> None:
        """Tell everyone that something other than a message changed in a chat."""
        chat.changed.fire()
        self._tell(Change(chat, None))

    def _tell(self, change: Change) -> None:
        for listener in tuple(self._listeners):
            listener(change)

    def emit(self, kind: str, chat_id: int, body: Wire) -> int | None:
        """Queue an update whose body is in wire form; return its id, None if the bot does not want it."""
        return self.updates.push(kind, chat_id, lambda update_id: orjson.dumps({"update_id": update_id, kind: body}))

    def emit_checked(self, kind: str, chat_id: int, model: type[TelegramObject], raw: Wire) -> int | None:
        """Queue an update after checking its body against its type."""
        return self.emit(kind, chat_id, wire(model, raw))
