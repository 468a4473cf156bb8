"""The queries of one bot, by the noun that they are about."""

from collections.abc import Callable
from typing import Generic, TypeVar

from database.queries.answer import AnswerQueries
from database.queries.archive import ArchiveQueries
from database.queries.archive_end import ArchiveEndQueries
from database.queries.attachment import AttachmentQueries
from database.queries.audience import AudienceQueries
from database.queries.audit import AuditQueries
from database.queries.audit_tree import AuditTreeQueries
from database.queries.backlog import BacklogQueries
from database.queries.broadcast import BroadcastQueries
from database.queries.callback import CallbackQueries
from database.queries.console import ConsoleQueries
from database.queries.conversation import ConversationQueries
from database.queries.data_key import DataKeyQueries
from database.queries.dead import DeadLetterQueries
from database.queries.delivery import DeliveryQueries
from database.queries.desk import DeskQueries
from database.queries.disclosure import DisclosureQueries
from database.queries.erasure import ErasureQueries
from database.queries.floor import FloorQueries
from database.queries.golden import GoldenQueries
from database.queries.hold import HoldQueries
from database.queries.inbox import InboxQueries
from database.queries.index import IndexQueries
from database.queries.knowledge import KnowledgeQueries
from database.queries.lease import LeaseQueries
from database.queries.leaving import LeavingQueries
from database.queries.link import LinkQueries
from database.queries.memory import MemoryQueries
from database.queries.message import MessageQueries
from database.queries.operator import OperatorQueries
from database.queries.people import PeopleQueries
from database.queries.personal import PersonalQueries
from database.queries.presence import PresenceQueries
from database.queries.pulse import PulseQueries
from database.queries.putting_back import PuttingBackQueries
from database.queries.rating import RatingQueries
from database.queries.relay import RelayQueries
from database.queries.retention import RetentionQueries
from database.queries.role import RoleQueries
from database.queries.role_request import RoleRequestQueries
from database.queries.rotation import RotationQueries
from database.queries.schedule import ScheduleQueries
from database.queries.scope import Queries, Scope
from database.queries.setting import SettingQueries
from database.queries.tally import TallyQueries
from database.queries.transcript import TranscriptQueries
from database.queries.user import UserQueries
from database.queries.vector import VectorQueries
from database.queries.waiting import WaitingQueries

Q = TypeVar("Q", bound=Queries)


class _Of(Generic[Q]):
    """Queries that are made when a unit of work first asks for them, and kept with it."""

    def __init__(self, make: Callable[[Scope], Q]) -> None:
        self._make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, unit: "AllQueries", owner: type) -> Q:
        made = self._make(unit.scope)
        unit.__dict__[self._name] = made  # found before this from now on
        return made


class AllQueries:
    """What there is to ask and to change in one bot's rows."""

    scope: Scope

    audit = _Of(AuditQueries)
    """What was done, and by whom."""
    audit_tree = _Of(AuditTreeQueries)
    """The tree that seals what was done."""
    users = _Of(UserQueries)
    """People and their consents."""
    people = _Of(PeopleQueries)
    """People, as an administrator looks for them."""
    roles = _Of(RoleQueries)
    """Who of the staff may do what, and the bot's own switches."""
    role_requests = _Of(RoleRequestQueries)
    """Roles that wait for a second administrator."""
    inbox = _Of(InboxQueries)
    """Accepted updates."""
    conversations = _Of(ConversationQueries)
    """Who owns which conversation."""
    memory = _Of(MemoryQueries)
    """What is remembered of conversations."""
    messages = _Of(MessageQueries)
    """The record of what was said."""
    relays = _Of(RelayQueries)
    """Which message stands for which one of the other side."""
    attachments = _Of(AttachmentQueries)
    """Files of the dialog."""
    delivery = _Of(DeliveryQueries)
    """Messages on their way out."""
    dead_letters = _Of(DeadLetterQueries)
    """What attempts came to no end with."""
    broadcasts = _Of(BroadcastQueries)
    """Messages to many."""
    audience = _Of(AudienceQueries)
    """Whom messages to many are for."""
    tallies = _Of(TallyQueries)
    """What became of messages to many."""
    knowledge = _Of(KnowledgeQueries)
    """The bank's own texts."""
    golden = _Of(GoldenQueries)
    """The golden questions, and the checks against them."""
    indexes = _Of(IndexQueries)
    """Built indexes of the bank's own texts."""
    vectors = _Of(VectorQueries)
    """Vectors of the bank's own texts, where PostgreSQL keeps them."""
    answers = _Of(AnswerQueries)
    """Why answers were said."""
    console = _Of(ConsoleQueries)
    """Codes and sessions of the console."""
    backlog = _Of(BacklogQueries)
    """What waits, and for how long."""
    leases = _Of(LeaseQueries)
    """Leases that ran out."""
    presences = _Of(PresenceQueries)
    """Processes that say they are there."""
    pulse = _Of(PulseQueries)
    """What changed at the desk."""
    schedule = _Of(ScheduleQueries)
    """Scheduled runs and duties."""
    operators = _Of(OperatorQueries)
    """The people at the desk."""
    floor = _Of(FloorQueries)
    """Who waits, and who serves whom."""
    desk = _Of(DeskQueries)
    """What the desk keeps beside its chats."""
    waiting = _Of(WaitingQueries)
    """Who waits for a person."""
    callbacks = _Of(CallbackQueries)
    """Calls that customers asked for."""
    ratings = _Of(RatingQueries)
    """What customers think."""
    links = _Of(LinkQueries)
    """Deep links."""
    data_keys = _Of(DataKeyQueries)
    """What archives of a customer are sealed with."""
    holds = _Of(HoldQueries)
    """What must be kept, whatever the schedule says."""
    archives = _Of(ArchiveQueries)
    """What lies in object storage of closed conversations."""
    archive_ends = _Of(ArchiveEndQueries)
    """Archives whose time is over."""
    transcripts = _Of(TranscriptQueries)
    """Whole conversations, row by row."""
    retention = _Of(RetentionQueries)
    """Rows whose time is over."""
    leaving = _Of(LeavingQueries)
    """Conversations that leave the database."""
    putting_back = _Of(PuttingBackQueries)
    """Conversations that come back from an archive."""
    personal = _Of(PersonalQueries)
    """All that belongs to one customer."""
    erasures = _Of(ErasureQueries)
    """Customers who want to be forgotten."""
    disclosures = _Of(DisclosureQueries)
    """What is told to customers of themselves."""
    rotations = _Of(RotationQueries)
    """How far new keys have come."""
    settings = _Of(SettingQueries)
    """Settings that were changed while the bot ran."""
