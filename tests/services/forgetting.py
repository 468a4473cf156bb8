"""A customer with a whole life at the bank, and the workers that make the bank forget it."""

import itertools
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from database.db import Database
from database.models import Erasure, ErasureState, InboxRow, InboxState, LinkPurpose
from services.access import Role
from services.cache import Answers, CachingComposer
from services.data_keys import DataKeys
from services.delivery import Dispatcher
from services.desk.jobs import AtDesk, DeskVerb
from services.drafts import Draft
from services.gateways.folder_storage import FolderStorage
from services.gateways.memory_limiter import MemoryLimiter
from services.jobs import AskForPerson, End, Say, TakeChat
from services.jobs_spoken import Share
from services.outbound import FileKind, Outbound
from services.privacy_rights.certificate import Certifier
from services.privacy_rights.documents import Papers
from services.privacy_rights.erasing import Eraser
from services.privacy_rights.jobs import Exercise, Right
from services.privacy_rights.outside import Outside
from services.rates import Rates
from services.sending import sent
from services.waiting.jobs import AskCallback, ConfirmCallback, GiveThumb, Rate, TakeCallback, WantComment
from tests.database.people import person
from tests.database.threads import let_time_pass
from tests.services.bank import MODERATOR, Bank
from tests.services.crossing import file
from tests.services.keeping import TwinFiles
from tests.services.test_cache import TwinCache
from tests.twins import TwinModel

CUSTOMER, OTHER = 7_700_123, 8_800_456
NAME, PHONE = f"Person {CUSTOMER}", f"+7912000{CUSTOMER}"
ASKED, TOLD, SAID_BACK = "How much is the card for a heron?", "My heron is ill", "Your heron will be well"
NOTE, COMMENT, FILE = "Speaks of a heron", "The heron says thanks", "heron.pdf"
WORD = "en:privacy.word"


@dataclass
class Forgetting:
    """What a customer does at a bank, and what its workers do then."""

    database: Database
    folder: Path
    cache: TwinCache = field(default_factory=TwinCache)

    def __post_init__(self) -> None:
        """Put a bank together with all that keeps anything of a customer."""
        self.answers = Answers(self.cache, self.database.vault, self.database.bot_id, 600)
        self.bank = Bank(self.database, model=TwinModel(Draft("answer", "It is free.", (1,), "twin")))
        self.bank.composer = CachingComposer(self.bank.library, self.bank.words, self.bank.model, self.answers)
        self.bank.__post_init__()
        self.storage = FolderStorage(self.folder)
        self.certifier = Certifier(self.database.bot_id, [b"s" * 32])
        outside = Outside(self.storage, self.answers, self.bank.library)
        self.eraser = Eraser(self.database, self.bank.tools, outside, self.certifier)
        self.documents = Papers(self.database, self.bank.words, "en")
        self.files = TwinFiles()
        self._numbers = itertools.count(5000)
        self._dispatcher = Dispatcher(self.database, MemoryLimiter(), Rates(1e9, 1e9, 1000), lease=30)
        self.bank.grant(MODERATOR, Role.MODERATOR)
        self.bank.register(MODERATOR, CUSTOMER, OTHER)

    def lives(self, customer: int = CUSTOMER) -> None:
        """Let a customer do all that leaves anything at the bank."""
        self._asks(customer)
        self._speaks(customer)
        self._rates(customer)
        self._is_called(customer)
        with self.database.unit_of_work() as uow:
            uow.links.opened(uow.links.make(LinkPurpose.CAMPAIGN, "spring", 30), person(uow, customer))
            DataKeys(uow).of(customer)
            dead = select(InboxRow).where(InboxRow.bot_id == self.database.bot_id, InboxRow.chat_id == customer)
            row = uow.session.scalars(dead.limit(1)).one()
            identity = f"inbox:{self.database.bot_id}:{row.update_id}:body"
            row.state, row.body = InboxState.DEAD, self.database.vault.seal(TOLD, identity)

    def wants(self, *rights: Right, customer: int = CUSTOMER) -> list[str]:
        """Let a customer press buttons under `/privacy`; returns what the last of them told."""
        return [self.bank.does(Exercise(right=right), customer) for right in rights][-1]

    def is_sure(self, customer: int = CUSTOMER) -> list[str]:
        """Let a customer ask for an erasure, twice."""
        self.wants(Right.ERASE, Right.SURE, customer=customer)
        return self.bank.asks(WORD, customer)

    def deliver(self) -> list[tuple[int, Outbound]]:
        """Send everything that waits; returns what was sent to whom."""
        given: list[tuple[int, Outbound]] = []
        let_time_pass(self.database)
        with self.database.unit_of_work() as uow:
            uow.delivery.expire()
        while parcels := self._dispatcher.take(100).parcels:
            for parcel in parcels:
                given.append((parcel.chat_id, parcel.message))
                self._dispatcher.settle([sent(parcel, next(self._numbers))])
            let_time_pass(self.database)
        return given

    def forget(self) -> list[tuple[int, Outbound]]:
        """Let workers send and erase until nothing is left to do; returns what was sent to whom."""
        given: list[tuple[int, Outbound]] = []
        for _ in range(6):
            given += self.deliver()
            self.eraser.run()
        return given

    def erasure(self) -> Erasure:
        """Return the newest erasure."""
        with self.database.reading() as uow:
            return uow.erasures.all(1)[0]

    def is_done(self) -> bool:
        """Return whether the newest erasure came to its end."""
        return self.erasure().state == ErasureState.DONE

    def _asks(self, customer: int) -> None:
        self.bank.asks(ASKED, customer)
        self.bank.run()
        self.deliver()
        [answer] = [m for m in self.bank.messages(customer) if m.author == "ai"]
        self.bank.does(GiveThumb(up=True, message_id=answer.telegram_message_id or 0), customer)

    def _speaks(self, customer: int) -> None:
        self.bank.does(AskForPerson(), customer)
        self.bank.does(TakeChat(conversation_id=self.bank.conversation(customer).id), MODERATOR)
        self.deliver()
        self.bank.does(Say(text=TOLD, message_id=31), customer)
        self.bank.does(Share(file=file(FileKind.DOCUMENT, name=FILE), text=TOLD, message_id=32), customer)
        self.bank.does(Say(text=SAID_BACK, message_id=33), MODERATOR)
        self.bank.does(AtDesk(act=DeskVerb.NOTE, words=NOTE), MODERATOR)
        self.bank.does(AtDesk(act=DeskVerb.HISTORY), MODERATOR)
        self.deliver()
        conversation = self.bank.conversation(customer)
        with self.database.unit_of_work() as uow:
            [attachment, *_] = uow.attachments.not_with(conversation, 0, 5)
            source = self.folder.with_suffix(".tmp")
            source.write_bytes(b"sealed")
            self.storage.put(f"attachments/{self.database.bot_id}/{attachment.uid}", source)
            held = uow.conversations.lock(conversation.id)
            assert held
            uow.memory.keep(held, TOLD, 1)

    def _rates(self, customer: int) -> None:
        conversation = self.bank.conversation(customer)
        self.bank.does(End(), MODERATOR)
        self.bank.does(Rate(conversation_id=conversation.id, score=5), customer)
        self.bank.does(WantComment(conversation_id=conversation.id), customer)
        self.bank.asks(COMMENT, customer)
        self.deliver()

    def _is_called(self, customer: int) -> None:
        self.bank.does(AskCallback(), customer)
        with self.database.reading() as uow:
            mark = uow.users.phone_mark(uow.users.phone(self.bank.user(customer)) or "")
        self.bank.does(ConfirmCallback(mark=mark), customer)
        with self.database.reading() as uow:
            call = uow.callbacks.undone(10)[-1]
        self.bank.does(TakeCallback(callback_id=call.id), MODERATOR)
        self.deliver()
