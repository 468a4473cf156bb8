"""The unit of work: one transaction, the queries of one bot, and what follows its commit."""

from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from logging import getLogger

from sqlalchemy.orm import Session

from database.queries.answer import AnswerQueries
from database.queries.attachment import AttachmentQueries
from database.queries.audit import AuditQueries
from database.queries.audit_tree import AuditTreeQueries
from database.queries.backlog import BacklogQueries
from database.queries.broadcast import BroadcastQueries
from database.queries.console import ConsoleQueries
from database.queries.conversation import ConversationQueries
from database.queries.dead import DeadLetterQueries
from database.queries.delivery import DeliveryQueries
from database.queries.golden import GoldenQueries
from database.queries.inbox import InboxQueries
from database.queries.index import IndexQueries
from database.queries.knowledge import KnowledgeQueries
from database.queries.lease import LeaseQueries
from database.queries.memory import MemoryQueries
from database.queries.message import OUTGOING, MessageQueries
from database.queries.presence import PresenceQueries
from database.queries.relay import RelayQueries
from database.queries.role import RoleQueries
from database.queries.schedule import ScheduleQueries
from database.queries.scope import Scope
from database.queries.user import UserQueries
from database.queries.vector import VectorQueries

_log = getLogger(__name__)


@dataclass
class UnitOfWork:
    """One transaction of one bot. Services change rows through its queries and never commit themselves."""

    session: Session
    scope: Scope
    _after_commit: list[Callable[[], None]] = field(default_factory=list)

    def now(self) -> datetime:
        """Return the database's time when this transaction first asked for it."""
        return self.scope.now

    @property
    def has_outgoing(self) -> bool:
        """Whether messages were written that delivery should be woken for."""
        return OUTGOING in self.scope.notes

    def after_commit(self, act: Callable[[], None]) -> None:
        """Remember something that may happen only once the rows are safe, such as a wake-up.

        It happens in the context of the one who asked for it: in that trace.
        """
        self._after_commit.append(partial(copy_context().run, act))

    def committed(self) -> None:
        """Perform what waited for the commit; an act that fails takes nothing back, so it is only logged."""
        for act in self._after_commit:
            try:
                act()
            except Exception:  # noqa: BLE001 - the rows are safe, and whoever wrote them must not try again
                _log.exception("what follows a commit failed")

    @cached_property
    def audit(self) -> AuditQueries:
        """What was done, and by whom."""
        return AuditQueries(self.scope)

    @cached_property
    def audit_tree(self) -> AuditTreeQueries:
        """The tree that seals what was done."""
        return AuditTreeQueries(self.scope)

    @cached_property
    def users(self) -> UserQueries:
        """People and their consents."""
        return UserQueries(self.scope)

    @cached_property
    def roles(self) -> RoleQueries:
        """Who of the staff may do what, and the bot's own switches."""
        return RoleQueries(self.scope)

    @cached_property
    def inbox(self) -> InboxQueries:
        """Accepted updates."""
        return InboxQueries(self.scope)

    @cached_property
    def conversations(self) -> ConversationQueries:
        """Who owns which conversation."""
        return ConversationQueries(self.scope)

    @cached_property
    def memory(self) -> MemoryQueries:
        """What is remembered of conversations."""
        return MemoryQueries(self.scope)

    @cached_property
    def messages(self) -> MessageQueries:
        """The record of what was said."""
        return MessageQueries(self.scope)

    @cached_property
    def relays(self) -> RelayQueries:
        """Which message stands for which one of the other side."""
        return RelayQueries(self.scope)

    @cached_property
    def attachments(self) -> AttachmentQueries:
        """Files of the dialog."""
        return AttachmentQueries(self.scope)

    @cached_property
    def delivery(self) -> DeliveryQueries:
        """Messages on their way out."""
        return DeliveryQueries(self.scope)

    @cached_property
    def dead_letters(self) -> DeadLetterQueries:
        """What attempts came to no end with."""
        return DeadLetterQueries(self.scope)

    @cached_property
    def broadcasts(self) -> BroadcastQueries:
        """Messages to many."""
        return BroadcastQueries(self.scope)

    @cached_property
    def knowledge(self) -> KnowledgeQueries:
        """The bank's own texts."""
        return KnowledgeQueries(self.scope)

    @cached_property
    def golden(self) -> GoldenQueries:
        """The golden questions, and the checks against them."""
        return GoldenQueries(self.scope)

    @cached_property
    def indexes(self) -> IndexQueries:
        """Built indexes of the bank's own texts."""
        return IndexQueries(self.scope)

    @cached_property
    def vectors(self) -> VectorQueries:
        """Vectors of the bank's own texts, where PostgreSQL keeps them."""
        return VectorQueries(self.scope)

    @cached_property
    def answers(self) -> AnswerQueries:
        """Why answers were said."""
        return AnswerQueries(self.scope)

    @cached_property
    def console(self) -> ConsoleQueries:
        """Codes and sessions of the console."""
        return ConsoleQueries(self.scope)

    @cached_property
    def backlog(self) -> BacklogQueries:
        """What waits, and for how long."""
        return BacklogQueries(self.scope)

    @cached_property
    def leases(self) -> LeaseQueries:
        """Leases that ran out."""
        return LeaseQueries(self.scope)

    @cached_property
    def presences(self) -> PresenceQueries:
        """Processes that say they are there."""
        return PresenceQueries(self.scope)

    @cached_property
    def schedule(self) -> ScheduleQueries:
        """Scheduled runs and duties."""
        return ScheduleQueries(self.scope)
