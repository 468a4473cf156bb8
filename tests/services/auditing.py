"""An audit log with its sealer, its checkpoints in a folder, and ways to tamper with it."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from database.db import Database
from database.models import AuditAct
from services.audit.checking import Check, Kind, Report
from services.audit.checkpoint import Notary
from services.audit.clerk import Clerk
from services.audit.outside import Checkpoints
from services.gateways.folder_storage import FolderStorage

SEED = bytes(range(32))


@dataclass
class Office:
    """What a test does to an audit log."""

    database: Database
    folder: Path
    seeds: tuple[bytes, ...] = (SEED,)

    def __post_init__(self) -> None:
        """Put the parts together."""
        self.notary = Notary(self.database.bot_id, self.seeds)
        self.checkpoints = Checkpoints(FolderStorage(self.folder), self.notary, self.database.bot_id)
        self.clerk = Clerk(self.database, self.notary, self.checkpoints, pause=-1.0, facts={})  # over at once

    def record(self, number: int, *, seal: bool = True) -> None:
        """Let some things be done, each in a transaction of its own."""
        for actor in range(number):
            with self.database.unit_of_work() as uow:
                uow.audit.record(AuditAct.ROLE_GRANTED, actor=actor, subject=f"account:{actor}", role="admin")
        if seal:
            self.clerk.work()

    def events(self) -> list[UUID]:
        """Return the ids of sealed events in the order of the tree."""
        with self.database.reading() as uow:
            return [row.event_id for row in uow.audit_tree.leaves(0, self.size())]

    def size(self) -> int:
        """Return how many events are sealed."""
        with self.database.reading() as uow:
            tree = uow.audit_tree.head()
            return tree.size if tree else 0

    def check(self) -> Report:
        """Check the log."""
        with self.database.reading() as uow:
            return Check(uow, self.notary, self.checkpoints.each_day()).run()

    def kinds(self) -> set[Kind]:
        """Return what a check finds."""
        return {finding.kind for finding in self.check().findings}

    def by_hand(self, *statements: str, **values: object) -> None:
        """Change rows as somebody does who owns the tables."""
        self.unlock()
        with self.database.unit_of_work() as uow:
            for statement in statements:
                uow.session.execute(text(statement), {"bot": self.database.bot_id, **values})

    def unlock(self) -> None:
        """Take the triggers away that keep rows as they are; only in a database of the test's own."""
        with self.database.unit_of_work() as uow:
            if self.database.system == "sqlite":
                found = uow.session.scalars(
                    text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%keep%'")
                )
                for name in found.all():
                    uow.session.execute(text(f"DROP TRIGGER {name}"))
