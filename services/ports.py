"""Ports: what use cases need of the outside, without knowing who provides it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from services.knowledge.passages import Found
from services.outbound import Button, File, Outbound

__all__ = [
    "Accepted",
    "Barred",
    "Button",
    "Carrier",
    "Channel",
    "Command",
    "Documents",
    "Inbox",
    "KeptFiles",
    "Library",
    "Outbound",
    "OwnFiles",
    "Roles",
    "Signals",
    "Wakeups",
    "Words",
]


Documents = Callable[[int, str], bytes]
"""Makes a document for a chat by the name that a File has as its source; raises LookupError for what is gone."""


@dataclass(frozen=True)
class Command:
    """A command that a person is offered, with a line that says what it does."""

    name: str
    description: str


class Channel(Protocol):
    """A messenger that people are reached through."""

    async def send(self, chat_id: int, message: Outbound) -> int:
        """Send a message and return the messenger's number of it; raises DeliveryError."""

    async def send_album(self, chat_id: int, message: Outbound) -> tuple[int, ...]:
        """Send a message of several files and return the number of each; raises DeliveryError."""

    async def typing(self, chat_id: int) -> None:
        """Show that an answer is being written; raises DeliveryError."""

    async def draft(self, chat_id: int, draft_id: int, html: str) -> None:
        """Show what there is of an answer that is being written; raises DeliveryError."""

    async def edit(self, chat_id: int, message_id: int, html: str) -> None:
        """Give a message that was sent another text; raises DeliveryError."""

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Take a message back; raises DeliveryError."""

    async def acknowledge(self, callback_id: str) -> None:
        """Tell the messenger that a button press was seen; raises DeliveryError."""

    async def menu(
        self, commands: Sequence[Command], *, language_code: str | None = None, chat_id: int | None = None
    ) -> None:
        """Offer commands to everybody, to speakers of a language, or in one chat; raises DeliveryError."""


class Signals(Protocol):
    """Signs that may get lost: nobody waits for them and nothing is recorded."""

    def typing(self, chat_id: int) -> None:
        """Show that an answer is being written."""

    def acknowledge(self, callback_id: str) -> None:
        """Tell the messenger that a button press was seen."""

    def delete(self, chat_id: int, message_id: int) -> None:
        """Take a message away where the messenger lets us."""


@dataclass(frozen=True)
class Accepted:
    """An update on its way into the inbox; `body` is a dumped Envelope.

    One that is not `readable` has a form that the bot does not know; its `chat_id` is 0 if not even that is known.
    """

    update_id: int
    chat_id: int
    kind: str
    body: str
    traceparent: str | None = None
    readable: bool = True


class Inbox(Protocol):
    """Where the front puts what it let through."""

    def accept(self, updates: Sequence[Accepted]) -> None:
        """Store updates durably, each once, and wake the workers; returns when they are committed."""


class Wakeups(Protocol):
    """Hints to workers that there are rows to work on; losing one costs time, never a row."""

    def inbox(self, chat_ids: Collection[int]) -> None:
        """There are new updates in these chats."""

    def answers(self, conversation_ids: Collection[UUID], delay: float = 0.0) -> None:
        """Conversations are due for an answer after some seconds."""

    def delivery(self, delay: float = 0.0) -> None:
        """There are messages to send, after some seconds."""

    def broadcasts(self) -> None:
        """There is a broadcast to feed."""

    def summaries(self) -> None:
        """There are dialogs to sum up."""

    def knowledge(self) -> None:
        """There is a version of the knowledge to check."""

    def waiting(self) -> None:
        """There are customers who wait for a person and may be told something."""

    def erasures(self) -> None:
        """There are customers who want to be forgotten."""

    def desk(self) -> None:
        """Somebody waits, or an operator has room."""


class KeptFiles(Protocol):
    """Files that the messenger keeps for the bot."""

    def read(self, file_id: str, most: int) -> AbstractContextManager[Iterator[bytes]]:
        """Open a file of at most `most` bytes, piece by piece; raises FileError."""


class Carrier(KeptFiles, Protocol):
    """A messenger that takes files to keep them for the bot."""

    def give(self, chat_id: int, file: File, content: bytes) -> File:
        """Send a file into a chat; returns it as the messenger keeps it. Raises FileRefusedError, FilesAwayError."""


class OwnFiles(Protocol):
    """Files in our own storage that the messenger does not have yet."""

    def content(self, uid: UUID) -> bytes:
        """Return a file whole, in clear; raises FileError."""


class Library(Protocol):
    """The bank's knowledge, ready to be asked."""

    @property
    def version(self) -> str:
        """A name of what is searched now: another one as soon as the knowledge is another."""

    def search(self, question: str, language: str) -> Found:
        """Return the passages nearest to a question, and how sure they hold the answer."""


class Roles(Protocol):
    """Who of the staff may do what."""

    def roles_of(self, telegram_id: int) -> frozenset[str]:
        """Return an account's roles; raises when they cannot be read."""


class Barred(Protocol):
    """Whom the bank bars."""

    def barred(self) -> Mapping[int, bool]:
        """Return whom the bank bars, by account, and whether each was told so."""


class Words(Protocol):
    """The catalogues of what the bot says."""

    @property
    def languages(self) -> Sequence[str]:
        """The languages there are."""

    def text(self, lang: str, key: str, **params: object) -> str:
        """Return a text as HTML with its parameters put in (escaped)."""

    def plural(self, lang: str, key: str, n: int, **params: object) -> str:
        """Return a text whose form depends on a number."""

    def pick(self, language_code: str | None) -> str:
        """Return the catalogue's language nearest to what a messenger says."""
