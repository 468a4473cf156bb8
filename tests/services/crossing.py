"""A customer and a moderator who speak with each other, over real rows; what is sent gets numbers of the messenger."""

import itertools
from dataclasses import dataclass, field

from database.db import Database
from database.models import Author, Delivery, Message
from services.access import Role
from services.delivery import Dispatcher
from services.gateways.memory_limiter import MemoryLimiter
from services.jobs import AskForPerson, Say, TakeChat
from services.jobs_spoken import Share
from services.outbound import File, FileKind, Outbound
from services.rates import Rates
from services.sending import sent
from tests.database.threads import let_time_pass
from tests.services.bank import MODERATOR, Bank

CUSTOMER = 1
FIRST = 5000  # the messenger's number of the first message that is sent


@dataclass
class Line:
    """What both do, and what each of them is sent."""

    database: Database
    bank: Bank = field(init=False)

    def __post_init__(self) -> None:
        """Let both know the bank."""
        self.bank = Bank(self.database)
        self.bank.register(CUSTOMER, MODERATOR)
        self.bank.grant(MODERATOR, Role.MODERATOR)
        self._numbers = itertools.count(FIRST)
        self._dispatcher = Dispatcher(self.database, MemoryLimiter(), Rates(1e9, 1e9, 1000), lease=30)

    def connect(self) -> None:
        """Let the customer ask for a person, and the moderator take the chat."""
        self.wait()
        self.take()

    def wait(self) -> None:
        """Let the customer ask for a person."""
        self.bank.does(AskForPerson(), CUSTOMER)

    def take(self) -> None:
        """Let the moderator take the chat; all that was said so far is delivered."""
        self.bank.does(TakeChat(conversation_id=self.bank.conversation(CUSTOMER).id), MODERATOR)
        self.deliver()

    def deliver(self) -> list[tuple[int, Outbound]]:
        """Send everything, as if time went by; returns what was sent to whom."""
        given: list[tuple[int, Outbound]] = []
        for _ in range(50):
            let_time_pass(self.database)
            parcels = self._dispatcher.take(100).parcels
            if not parcels:
                break
            for parcel in parcels:
                kept = parcel.message.replaces or parcel.message.removes
                numbers = [kept] if kept else [next(self._numbers) for _ in parcel.message.files or (None,)]
                given.append((parcel.chat_id, parcel.message))
                self._dispatcher.settle([sent(parcel, *numbers)])
        return given

    def says(self, job: Say | Share, who: int) -> list[Outbound]:
        """Let somebody say something, and return what the other side is sent."""
        self.bank.does(job, who)
        return [message for chat_id, message in self.deliver() if chat_id != who]

    def rows(self, chat_id: int, author: Author) -> list[Message]:
        """Return somebody's rows in a chat, whatever became of them."""
        with self.database.reading() as uow:
            found = uow.session.query(Message).filter_by(bot_id=self.database.bot_id, chat_id=chat_id, author=author)
            return list(found.order_by(Message.id))

    def waiting(self, chat_id: int) -> list[Outbound]:
        """Return what is on its way to a chat."""
        with self.database.reading() as uow:
            rows = [row for row in self.bank.messages(chat_id) if row.state == Delivery.PENDING]
            return [Outbound.model_validate_json(uow.messages.opened(row)) for row in rows]


def file(kind: FileKind = FileKind.PHOTO, number: int = 1, **more: object) -> File:
    """Return a file that the messenger keeps."""
    return File.model_validate({"kind": kind, "id": f"file-{number}", "size": 1000, "mime": "image/jpeg"} | more)
