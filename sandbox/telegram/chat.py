"""A chat as it stands: its messages in order of change, what the bot is doing, and the keyboard on screen."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, Literal

from sandbox.telegram.people import Person
from sandbox.telegram.pulse import Pulse

Side = Literal["bot", "user"]


@dataclass(slots=True)
class Message:
    """One message: `wire` is what the bot is given, the rest is what only the person's side knows.

    `markup` is the keyboard that came with it (reply keyboards are no part of `wire`); `seq` grows with each
    change.
    """

    wire: dict[str, Any]
    side: Side
    at: float
    markup: dict[str, Any] | None = None
    seq: int = 0
    edited: bool = False
    deleted: bool = False

    @property
    def id(self) -> int:
        """The message's number."""
        return int(self.wire["message_id"])

    @property
    def protected(self) -> bool:
        """Whether it may not be forwarded or copied."""
        return bool(self.wire.get("has_protected_content"))


@dataclass(slots=True)
class Notice:
    """Something fleeting that the person sees: a chat action, a draft or the answer to a button."""

    seq: int
    at: float
    body: dict[str, Any]


@dataclass(slots=True)
class Chat:
    """A private chat (its id is the person's) or a group (`group` is its Bot API Chat)."""

    id: int
    person: Person | None = None
    group: dict[str, Any] | None = None
    started: bool = False
    messages: OrderedDict[int, Message] = field(default_factory=OrderedDict)
    actions: deque[Notice] = field(default_factory=lambda: deque(maxlen=100))
    toasts: deque[Notice] = field(default_factory=lambda: deque(maxlen=100))
    draft: Notice | None = None
    keyboard: Message | None = None
    pinned: list[int] = field(default_factory=list)
    seq: int = 0
    message_seq: int = 0
    changed: Pulse = field(default_factory=Pulse)

    @property
    def kind(self) -> str:
        """The Bot API's type of the chat."""
        return "private" if self.group is None else str(self.group["type"])

    def wire(self) -> dict[str, Any]:
        """Return the Bot API's Chat."""
        if self.person is not None:
            return self.person.private_chat()
        return dict(self.group or {"id": self.id, "type": "group"})

    def put(self, message: Message, seq: int) -> None:
        """Add a message or note its change under a new seq; the dictionary stays in order of seq."""
        message.seq = self.seq = self.message_seq = seq
        if message.side == "bot" and message.id not in self.messages:
            self.draft = None
            self._show_keyboard(message)
        self.messages[message.id] = message
        self.messages.move_to_end(message.id)

    def _show_keyboard(self, message: Message) -> None:
        markup = message.markup or {}
        if "keyboard" in markup:
            self.keyboard = message
        elif "remove_keyboard" in markup:
            self.keyboard = None

    def since(self, seq: int) -> list[Message]:
        """Return the messages that changed after `seq`, oldest change first."""
        newest = list(takewhile(lambda message: message.seq > seq, reversed(self.messages.values())))
        newest.reverse()
        return newest

    def find(self, message_id: int) -> Message | None:
        """Return a message that still exists."""
        message = self.messages.get(message_id)
        return None if message is None or message.deleted else message
