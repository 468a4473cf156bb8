"""A bank in one process without any thread: use cases over real rows, with twins of all that is outside."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from database.db import Database
from database.models import Answer, Author, Conversation, Delivery, Message, Step, Tier, User
from services.access import Role
from services.answer import Answering
from services.drafts import LanguageModel
from services.gateways.memory_limiter import MemoryLimiter
from services.inbox import DatabaseInbox
from services.intake import Intake
from services.jobs import Job, Say, Unsupported
from services.lease import Heartbeat
from services.limits import Limiter
from services.policy import Policy
from services.ports import Outbound
from services.reply import Composer
from services.running.sheet import Sheet
from services.stream import Streams
from services.turn import Tools
from tests.database.people import person
from tests.database.threads import let_time_pass
from tests.twins import NO_SHEET, Clock, TwinLibrary, TwinRunning, TwinSignals, TwinWakeups, TwinWords, accepted

MODERATOR, OTHER_MODERATOR, ADMIN = 901, 902, 903
POLICY = Policy(language="en", debounce=0.0, debounce_max=0.0)


@dataclass
class Bank:
    """What a test does to a bank, and what people see of it."""

    database: Database
    policy: Policy = POLICY
    model: LanguageModel | None = None
    limiter: Limiter = field(default_factory=lambda: MemoryLimiter(Clock()))
    library: TwinLibrary = field(default_factory=TwinLibrary)
    wakeups: TwinWakeups = field(default_factory=TwinWakeups)
    signals: TwinSignals = field(default_factory=TwinSignals)
    composer: Composer | None = None
    streams: Streams | None = None
    sheet: Sheet = NO_SHEET

    def __post_init__(self) -> None:
        """Put the use cases together."""
        self._numbers = itertools.count(1)
        self.words = TwinWords()
        self.tools = Tools(self.words, TwinRunning(self.policy), self.wakeups, self.signals, self.sheet)
        self.inbox = DatabaseInbox(self.database, self.wakeups)
        self.intake = Intake(self.database, self.tools, self.limiter)
        self.heartbeat = Heartbeat(self.database, self.signals, self.policy.lease)
        self.composer = self.composer or Composer(self.library, self.words, self.model)
        self.answering = Answering(self.database, self.tools, self.composer, self.heartbeat, self.streams)

    def grant(self, telegram_id: int, role: Role) -> None:
        """Give a role."""
        with self.database.unit_of_work() as uow:
            uow.roles.grant(telegram_id, role, None)

    def register(self, *telegram_ids: int) -> None:
        """Make people known, with consent and phone."""
        with self.database.unit_of_work() as uow:
            for telegram_id in telegram_ids:
                user = person(uow, telegram_id)
                user.step, user.language = Step.DONE, "en"
                uow.users.consent(user, self.policy.consent_version, "en")
                uow.users.set_phone(user, f"+7912000{telegram_id:04}", Tier.CONFIRMED)

    def accept(self, job: Job, telegram_id: int = 1, *, unchecked: bool = False) -> int:
        """Put an update into the inbox; returns its number."""
        update_id = next(self._numbers)
        self.inbox.accept([accepted(update_id, job, telegram_id, unchecked=unchecked)])
        return update_id

    def does(self, job: Job, telegram_id: int = 1, *, unchecked: bool = False) -> list[str]:
        """Let a person do something, and return what they are told at once."""
        seen = len(self.told(telegram_id))
        self.accept(job, telegram_id, unchecked=unchecked)
        self.intake.advance([telegram_id])
        return self.told(telegram_id)[seen:]

    def asks(self, text: str, telegram_id: int = 1) -> list[str]:
        """Let a person say something."""
        return self.does(Say(text=text), telegram_id)

    def run(self) -> None:
        """Work until nothing is left to do, as if hours went by."""
        for _ in range(12):
            with self.database.reading() as uow:
                chats = uow.inbox.waiting_chats(1000)
            self.intake.advance(chats)
            self.answering.run_due()
            let_time_pass(self.database)

    def messages(self, telegram_id: int = 1) -> list[Message]:
        """Return everything that was written to a person, whatever became of it."""
        with self.database.reading() as uow:
            wanted = select(Message).where(
                Message.bot_id == self.database.bot_id,
                Message.chat_id == telegram_id,
                Message.author != Author.CUSTOMER,
            )
            return list(uow.session.scalars(wanted.order_by(Message.id)))

    def outbound(self, telegram_id: int = 1) -> list[Outbound]:
        """Return what a person is told, without what was taken back."""
        with self.database.reading() as uow:
            found = [item for item in self.messages(telegram_id) if item.state != Delivery.DROPPED]
            return [Outbound.model_validate_json(uow.messages.opened(item)) for item in found]

    def told(self, telegram_id: int = 1) -> list[str]:
        """Return what a person is told, as text."""
        return [message.html for message in self.outbound(telegram_id)]

    def answers(self, telegram_id: int = 1) -> list[str]:
        """Return what the AI told a person."""
        with self.database.reading() as uow:
            found = [m for m in self.messages(telegram_id) if m.author == Author.AI and m.state != Delivery.DROPPED]
            return [Outbound.model_validate_json(uow.messages.opened(item)).html for item in found]

    def conversation(self, telegram_id: int = 1) -> Conversation:
        """Return a person's newest conversation."""
        with self.database.reading() as uow:
            wanted = select(Conversation).where(
                Conversation.bot_id == self.database.bot_id, Conversation.chat_id == telegram_id
            )
            return uow.session.scalars(wanted.order_by(Conversation.created_at.desc()).limit(1)).one()

    def user(self, telegram_id: int = 1) -> User:
        """Return a person."""
        with self.database.reading() as uow:
            user = uow.users.get(telegram_id)
            assert user
            return user

    def outcomes(self) -> list[str]:
        """Return what became of the answers, in their order."""
        with self.database.reading() as uow:
            wanted = select(Answer.outcome).where(Answer.bot_id == self.database.bot_id)
            return list(uow.session.scalars(wanted.order_by(Answer.id)))

    def inbox_states(self) -> dict[str, int]:
        """Return how many updates are in each state."""
        with self.database.reading() as uow:
            return uow.inbox.counts()

    def meanwhile(self, act: Callable[[], object]) -> None:
        """Let something happen while the next answer is being composed."""
        self.library.meanwhile = lambda: (act(), None)[1]

    def due(self) -> list[UUID]:
        """Return conversations that wait for an answer."""
        with self.database.reading() as uow:
            return uow.conversations.due(older_than=0)


def numbered(number: int) -> Job:
    """Return an update whose reply tells its number."""
    return Unsupported(what=str(number))


def numbers(bank: Bank, chat: int) -> list[int]:
    """Return the numbers that replies to `numbered` updates told a chat, in their order."""
    return [int(text.rpartition(".")[2]) for text in bank.told(chat) if "unsupported." in text]
