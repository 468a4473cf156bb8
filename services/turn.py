"""One person's turn: the transaction, who speaks, and the ways to speak back."""

from dataclasses import dataclass
from typing import Protocol

from database.db import UnitOfWork
from database.models import Author, Conversation, Message, Priority, User
from services.jobs import Sender
from services.outbound import Button, Buttons, Outbound
from services.policy import Policy
from services.ports import Signals, Wakeups, Words
from services.running.port import RunningSettings
from services.running.sheet import Sheet


@dataclass(frozen=True)
class Tools:
    """What every use case may need besides the rows."""

    words: Words
    running: RunningSettings
    wakeups: Wakeups
    signals: Signals
    sheet: Sheet

    @property
    def policy(self) -> Policy:
        """How the bank wants its bot to behave at this moment."""
        return self.running.policy


class Speaker(Protocol):
    """A transaction in which somebody speaks: a turn in the messenger, or an act at the desk."""

    @property
    def uow(self) -> UnitOfWork:
        """The transaction."""

    @property
    def tools(self) -> Tools:
        """What it has besides the rows."""

    @property
    def traceparent(self) -> str | None:
        """The trace that it belongs to."""

    def send(self, chat_id: int, message: Outbound, author: Author, conversation: Conversation | None) -> Message:
        """Write a message to anybody."""

    def language_of(self, telegram_id: int) -> str:
        """Return the language to speak to somebody in."""


@dataclass
class Turn:
    """What a use case works with: everything it writes is committed together or not at all."""

    uow: UnitOfWork
    user: User
    sender: Sender
    tools: Tools
    traceparent: str | None = None

    @property
    def language(self) -> str:
        """The language to speak to this person in."""
        return self.user.language or self.tools.words.pick(self.sender.language_code)

    def text(self, key: str, /, **params: object) -> str:
        """Return a text in the person's language."""
        return self.tools.words.text(self.language, key, **params)

    def button(self, key: str, data: str) -> Button:
        """Return a button labelled in the person's language."""
        return Button(label=self.text(key), data=data)

    def say(self, key: str, /, *, buttons: Buttons = (), **params: object) -> None:
        """Reply to the person with a text of the catalogues."""
        self.reply(Outbound(html=self.text(key, **params), buttons=buttons))

    def reply(self, message: Outbound, conversation: Conversation | None = None) -> None:
        """Reply to the person with a message."""
        self.send(self.user.telegram_id, message, Author.SYSTEM, conversation)

    def send(
        self,
        chat_id: int,
        message: Outbound,
        author: Author,
        conversation: Conversation | None = None,
        priority: Priority = Priority.REPLY,
    ) -> Message:
        """Write a message to anybody; it leaves after the commit."""
        return self.uow.messages.send(
            chat_id,
            message.model_dump_json(exclude_defaults=True),
            author=author,
            conversation=conversation,
            priority=priority,
            traceparent=self.traceparent,
        )

    def conversation(self) -> Conversation:
        """Return the person's open conversation, opening one if there is none."""
        return self.uow.conversations.open_for(self.user.telegram_id) or self.uow.conversations.start(self.user)

    def language_of(self, telegram_id: int) -> str:
        """Return the language to speak to somebody else in."""
        other = self.uow.users.get(telegram_id)
        return (other.language if other else None) or self.tools.policy.language
