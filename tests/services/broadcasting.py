"""Broadcasts in a bank of one process: staff who press buttons, a feeder that is run by hand, copies that are sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import select

from database.db import Database
from database.models import Broadcast, Delivery, Message, Priority
from database.queries.delivery import Outcome
from database.queries.tally import Tally
from services.access import Role
from services.broadcast.board import question_of
from services.broadcast.feeder import BroadcastFeeder
from services.broadcast.jobs import AtBroadcast, BroadcastVerb, OpenBroadcast
from services.broadcast.rules import BroadcastRules
from services.errors import FileError
from services.outbound import File, Outbound
from services.rates import Rates
from tests.services.bank import ADMIN, MODERATOR, OTHER_MODERATOR, POLICY, Bank

CUSTOMERS = (1, 2, 3, 4, 5)
SUPERVISOR = 905


@dataclass
class TwinFiles:
    """Files that the messenger keeps: what each holds, or what reading it raises."""

    files: dict[str, bytes | FileError] = field(default_factory=dict)

    @contextmanager
    def read(self, file_id: str, most: int) -> Iterator[Iterator[bytes]]:
        """Open a file."""
        del most
        content = self.files[file_id]
        if isinstance(content, FileError):
            raise content
        yield iter([content[:3], content[3:]])


@dataclass
class TwinCarrier(TwinFiles):
    """A messenger that takes files into a chat: what it was given, or what giving raises."""

    own: dict[UUID, bytes] = field(default_factory=dict)
    given: list[tuple[int, str, bytes]] = field(default_factory=list)
    refuses: FileError | None = None

    def give(self, chat_id: int, file: File, content: bytes) -> File:
        """Take a file."""
        if self.refuses:
            raise self.refuses
        self.given.append((chat_id, file.name, content))
        return file.model_copy(update={"id": f"kept-{file.name}", "own": None})

    def content(self, uid: UUID) -> bytes:
        """Return a file of our own storage."""
        return self.own[uid]


@dataclass
class Newsroom:
    """A bank with customers, authors and people who approve."""

    database: Database
    rules: BroadcastRules = field(default_factory=BroadcastRules)
    files: TwinCarrier = field(default_factory=TwinCarrier)

    def __post_init__(self) -> None:
        """Let people in."""
        self.bank = Bank(self.database, replace(POLICY, broadcasts=self.rules))
        self.bank.register(*CUSTOMERS)
        for account, role in ((MODERATOR, Role.MODERATOR), (OTHER_MODERATOR, Role.MODERATOR), (ADMIN, Role.ADMIN)):
            self.bank.grant(account, role)
        self.bank.grant(SUPERVISOR, Role.SUPERVISOR)

    @property
    def feeder(self) -> BroadcastFeeder:
        """A worker's feeder, with a small stock."""
        return BroadcastFeeder(self.database, self.bank.tools, Rates(per_second=0.1), self.files, self.files)

    def drafted(self, text: str = "News", author: int = MODERATOR) -> UUID:
        """Let somebody draft a broadcast."""
        self.bank.does(OpenBroadcast(text=text), author)
        return self.of_last_card(author)

    def of_last_card(self, reader: int) -> UUID:
        """Return the broadcast under whose card the last buttons stand."""
        return UUID(self.bank.outbound(reader)[-1].buttons[0][0].data.split(":")[2])

    def presses(self, act: BroadcastVerb, broadcast_id: UUID, who: int = MODERATOR, word: str = "") -> list[str]:
        """Let somebody press a button, under the newest question; returns what they are told."""
        if act in {BroadcastVerb.APPROVE, BroadcastVerb.REJECT}:
            word = question_of(self.row(broadcast_id))
        return self.bank.does(AtBroadcast(act=act, broadcast_id=broadcast_id, word=word, message_id=7), who)

    def of_question(self, act: str, reader: int = SUPERVISOR) -> AtBroadcast:
        """Return what the newest button of an act that somebody was shown stands for."""
        shown = [one.data for message in self.bank.outbound(reader) for row in message.buttons for one in row]
        data = [each for each in shown if each.startswith(f"broadcast:{act}:")][-1]
        assert len(data) <= 64, "what a button may hold"
        _, verb, broadcast_id, *words = data.split(":")
        return AtBroadcast(act=BroadcastVerb(verb), broadcast_id=UUID(broadcast_id), word="".join(words), message_id=7)

    def running(self, text: str = "News") -> UUID:
        """Let somebody draft and send a broadcast."""
        broadcast_id = self.drafted(text)
        self.presses(BroadcastVerb.SEND, broadcast_id)
        return broadcast_id

    def row(self, broadcast_id: UUID) -> Broadcast:
        """Return a broadcast's row."""
        with self.database.reading() as uow:
            found = uow.broadcasts.get(broadcast_id)
            assert found is not None
            return found

    def state(self, broadcast_id: UUID) -> str:
        """Return a broadcast's state."""
        return self.row(broadcast_id).state

    def tally(self, broadcast_id: UUID) -> Tally:
        """Return the numbers of a broadcast."""
        with self.database.reading() as uow:
            return uow.tallies.of(broadcast_id)

    def says(self, broadcast_id: UUID) -> Outbound:
        """Return what a broadcast says."""
        with self.database.reading() as uow:
            return Outbound.model_validate_json(uow.broadcasts.body(broadcast_id))

    def copies(self, broadcast_id: UUID) -> list[int]:
        """Return the chats that a broadcast was written to."""
        with self.database.reading() as uow:
            wanted = select(Message.chat_id).where(Message.broadcast_id == broadcast_id)
            return list(uow.session.scalars(wanted.order_by(Message.chat_id)))

    def deliver(self, end: Delivery = Delivery.SENT, reason: str | None = None, number: int | None = 77) -> None:
        """Send everything that waits, copies and words to the staff."""
        with self.database.unit_of_work() as uow:
            going = uow.delivery.candidates(1000)
            started = uow.delivery.start([item.id for item in going], 30)
            ends = {item.id: end if item.priority == Priority.BROADCAST else Delivery.SENT for item in started}
            uow.delivery.settle([Outcome(item.id, item.attempt, ends[item.id], number, reason) for item in started])

    def reports(self, reader: int = MODERATOR) -> list[str]:
        """Return the reports that somebody got."""
        return [text for text in self.bank.told(reader) if ":broadcast.report " in text]
