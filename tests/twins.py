"""Local twins of everything outside a use case: they record what they are told and fail as they are told."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

from contexts.prompt import Message
from services.drafts import Draft
from services.jobs import Envelope, Job, Sender
from services.knowledge.passages import Chunk, Found, Passage
from services.limits import Allowance, Limit
from services.policy import Policy
from services.ports import Accepted
from services.running.defaults import Catalogue, Defaults
from services.running.sheet import Sheet

FEE = Chunk("fee", "How much is the card?", "The card is free.", "Cards", "en", ("Card fee",), "cards", "v7")
NO_SHEET = Sheet(cast("Defaults", None), cast("Catalogue", None))  # where nobody looks at settings
LIMITS = Chunk("limits", "What are the limits?", "100 000 a day.", "Cards", "en")


@dataclass
class TwinWakeups:
    """Records hints to workers."""

    chats: list[int] = field(default_factory=list)
    conversations: list[tuple[UUID, float]] = field(default_factory=list)
    deliveries: int = 0
    feeds: int = 0
    sums: int = 0
    checks: int = 0
    waits: int = 0
    desks: int = 0
    erasing: int = 0

    def inbox(self, chat_ids: Collection[int]) -> None:
        """There are new updates in these chats."""
        self.chats += chat_ids

    def answers(self, conversation_ids: Collection[UUID], delay: float = 0.0) -> None:
        """Conversations are due for an answer after some seconds."""
        self.conversations += [(conversation_id, delay) for conversation_id in conversation_ids]

    def delivery(self, delay: float = 0.0) -> None:
        """There are messages to send, after some seconds."""
        del delay
        self.deliveries += 1

    def broadcasts(self) -> None:
        """There is a broadcast to feed."""
        self.feeds += 1

    def summaries(self) -> None:
        """There are dialogs to sum up."""
        self.sums += 1

    def knowledge(self) -> None:
        """There is a version of the knowledge to check."""
        self.checks += 1

    def waiting(self) -> None:
        """There are customers who wait for a person and may be told something."""
        self.waits += 1

    def erasures(self) -> None:
        """There are customers who want to be forgotten."""
        self.erasing += 1

    def desk(self) -> None:
        """Somebody waits, or an operator has room."""
        self.desks += 1


@dataclass
class TwinSignals:
    """Records signs."""

    typings: list[int] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    deleted: list[tuple[int, int]] = field(default_factory=list)

    def delete(self, chat_id: int, message_id: int) -> None:
        """Take a message away."""
        self.deleted.append((chat_id, message_id))

    def typing(self, chat_id: int) -> None:
        """Show that an answer is being written."""
        self.typings.append(chat_id)

    def acknowledge(self, callback_id: str) -> None:
        """Tell the messenger that a button press was seen."""
        self.acknowledged.append(callback_id)


@dataclass
class TwinRunning:
    """Settings that stay as they are."""

    policy: Policy

    def text(self, lang: str, key: str) -> str | None:
        """Return nothing: the catalogues' texts hold."""
        del lang, key
        return None


class TwinWords:
    """Catalogues in which each text is its key, with the words that a test looks for behind it."""

    languages = ("en", "ru")

    def text(self, lang: str, key: str, **params: object) -> str:
        """Return the language, the key and the parameters."""
        return " ".join([f"{lang}:{key}", *(f"{name}={value}" for name, value in params.items())])

    def plural(self, lang: str, key: str, n: int, **params: object) -> str:
        """Return the same, with the number."""
        return self.text(lang, key, n=n, **params)

    def pick(self, language_code: str | None) -> str:
        """Return the code if it is known, else Russian."""
        return language_code if language_code in self.languages else "ru"


@dataclass
class TwinLibrary:
    """Knowledge that answers everything with the same, but in the languages in `elsewhere`; `asked` keeps questions."""

    found: Found = field(default_factory=lambda: Found((Passage(FEE, 0.9), Passage(LIMITS, 0.5)), 0.9, answerable=True))
    asked: list[str] = field(default_factory=list)
    meanwhile: Callable[[], None] | None = None
    version: str = "1"
    elsewhere: Mapping[str, Found] = field(default_factory=dict)

    def search(self, question: str, language: str) -> Found:
        """Return what is set, after whatever else happens meanwhile (once)."""
        self.asked.append(question)
        if meanwhile := self.meanwhile:
            self.meanwhile = None
            meanwhile()
        return self.elsewhere.get(language, self.found)


@dataclass
class TwinModel:
    """A model that replies what it is told to; `prompts` keeps what it was asked."""

    draft: Draft | Exception
    pieces: Sequence[str] = ()
    prompts: list[Sequence[Message]] = field(default_factory=list)

    def reply(self, messages: Sequence[Message], heard: Callable[[str], None] | None = None) -> Draft:
        """Return the draft, or raise, after the pieces were heard."""
        self.prompts.append(messages)
        for piece in self.pieces:
            if heard:
                heard(piece)
        if isinstance(self.draft, Exception):
            raise self.draft
        return self.draft


class Away:
    """A limiter whose Redis is away."""

    def take(self, requests: Sequence[Sequence[Limit]]) -> list[Allowance]:
        """Raise ConnectionError."""
        del requests
        raise ConnectionError("away")

    def pause(self, key: str, seconds: float) -> None:
        """Raise ConnectionError."""
        del key, seconds
        raise ConnectionError("away")


@dataclass
class Clock:
    """A clock that moves when told."""

    now: float = 1000.0

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.now


def envelope(job: Job, telegram_id: int = 1, *, unchecked: bool = False, callback_id: str | None = None) -> str:
    """Return a job of a person as the inbox keeps it."""
    sender = Sender(telegram_id=telegram_id, name=f"Person {telegram_id}", language_code="en")
    return Envelope(sender=sender, job=job, unchecked=unchecked, callback_id=callback_id).model_dump_json()


def accepted(update_id: int, job: Job, telegram_id: int = 1, *, unchecked: bool = False) -> Accepted:
    """Return an update of a person on its way into the inbox."""
    return Accepted(update_id, telegram_id, job.kind, envelope(job, telegram_id, unchecked=unchecked))
