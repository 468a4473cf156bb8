"""The state of the system, looked up once for whoever shows it: the command line, the panel, the console."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from database.db import UnitOfWork
from database.models import Archive, AuditTree, Bot, InboxState, KnowledgeVersion
from database.queries.backlog import Backlog, Held
from database.queries.lease import Overdue
from database.queries.presence import Process, Running
from services.presence import ALIVE

DEAD = ("dead", "dead_questions", "dead_messages")
QUEUES = ("inbox", "inbox_leases", "answers", "answer_leases", "people", "outbox", "sending", *DEAD)


@dataclass(frozen=True)
class Index:
    """What is searched in a language: the start of the index's checksum, its passages, since when."""

    language: str
    version: str
    chunks: int
    ready_at: datetime


@dataclass(frozen=True)
class SystemState:
    """What runs, what waits and what failed at a moment of the database's clock; `spent` in millionths of a unit."""

    at: datetime
    bot: Bot
    ai_enabled: bool
    running: Sequence[Running]
    processes: Sequence[Process]
    backlog: Mapping[str, Backlog]
    held: Held
    overdue: Sequence[Overdue]
    unreadable: int
    delivery: Mapping[str, int]
    knowledge: Sequence[KnowledgeVersion]
    indexes: Sequence[Index]
    spent: int
    tree: AuditTree | None
    unsealed: float
    archived: Archive | None
    unarchived: float

    @property
    def breakers(self) -> list[str]:
        """Breakers that let nothing through in some process."""
        return sorted({name for part in self.running for name in part.breakers})

    @property
    def stuck(self) -> list[Overdue]:
        """Leases that ran out and that nobody has taken up."""
        return [lease for lease in self.overdue if lease.seconds]

    @property
    def dead(self) -> int:
        """How many dead letters there are."""
        return sum(self.backlog[name].waiting for name in DEAD)


def look(uow: UnitOfWork, *, in_update: bool = False) -> SystemState:
    """Return the state of the system; who asks `in_update` is being worked on as well, and does not count."""
    backlog = {queue.queue: queue for queue in uow.backlog.all()}
    if in_update:
        leases = backlog["inbox_leases"]
        backlog["inbox_leases"] = replace(leases, waiting=max(0, leases.waiting - 1))
    return SystemState(
        at=uow.now(),
        bot=uow.roles.bot(),
        ai_enabled=uow.roles.ai_enabled(),
        running=uow.presences.running(ALIVE),
        processes=uow.presences.processes(),
        backlog=backlog,
        held=uow.backlog.held(),
        overdue=uow.leases.overdue(),
        unreadable=uow.inbox.counts().get(InboxState.UNREADABLE, 0),
        delivery=uow.delivery.counts(),
        knowledge=uow.knowledge.current(),
        indexes=_indexes(uow),
        spent=uow.answers.spent_today(),
        tree=uow.audit_tree.head(),
        unsealed=uow.audit_tree.oldest_waiting() or 0.0,
        archived=uow.archives.last(),
        unarchived=uow.archives.waits(),
    )


def _indexes(uow: UnitOfWork) -> list[Index]:
    languages = sorted({row.language for row in uow.indexes.all()})
    newest = [row for language in languages if (row := uow.indexes.newest(language))]
    return [Index(row.language, (row.checksum or "")[:8], row.chunks, row.ready_at) for row in newest if row.ready_at]
