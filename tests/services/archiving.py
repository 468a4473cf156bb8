"""A bank whose conversations are archived into a folder, or wherever a test says."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from database.db import Database
from database.models import Archive, ArchiveState, Conversation
from database.types import db_now
from services.archive.archiving import Archivist, Done
from services.archive.checking import check
from services.archive.restoring import Restored, Restorer, Wanted
from services.archive.shelf import Shelf
from services.gateways.folder_storage import FolderStorage
from services.jobs import End
from services.storage import ObjectStore
from tests.services.crossing import Line

CUSTOMER, OTHER = 1, 2
SECRET = "My mother's name is Agrafena"
NOW = -1.0  # seconds after its end when a conversation is archived: those that have just ended too


@dataclass
class Room:
    """What a test does with archives; its talks end on one day, also where midnight comes in between."""

    database: Database
    folder: Path
    store: ObjectStore | None = None
    part_bytes: int = 2**20
    most: int = 10_000
    line: Line = field(init=False)
    today: datetime = field(init=False)

    def __post_init__(self) -> None:
        """Put the parts together."""
        self.line, self.today = Line(self.database), datetime.now(UTC)
        self.bank = self.line.bank
        self.files = FolderStorage(self.folder / "objects")
        self.kept: ObjectStore = self.store or FolderStorage(self.folder / "archive")

    def talk(self, telegram_id: int = CUSTOMER, *texts: str, day: datetime | None = None) -> UUID:
        """Let a customer ask, and end the talk; returns its conversation."""
        for text in texts or (SECRET,):
            self.bank.asks(text, telegram_id)
        self.bank.run()
        self.bank.does(End(), telegram_id)
        self.line.deliver()
        conversation_id = self.bank.conversation(telegram_id).id
        with self.database.unit_of_work() as uow:
            own = update(Conversation).where(Conversation.id == conversation_id)
            uow.session.execute(own.values(closed_at=day or self.today))
        return conversation_id

    def archivist(self, store: ObjectStore | None = None) -> Archivist:
        """Return who archives."""
        return Archivist(self.database, store or self.kept, self.files, part_bytes=self.part_bytes, most=self.most)

    def archive(self, store: ObjectStore | None = None, after: float = NOW) -> Done:
        """Archive what is due."""
        return self.archivist(store).run(after)

    def archives(self, state: ArchiveState = ArchiveState.VERIFIED) -> list[Archive]:
        """Return the archives in a state."""
        with self.database.reading() as uow:
            mine = select(Archive).where(Archive.bot_id == self.database.bot_id, Archive.state == state)
            return list(uow.session.scalars(mine.order_by(Archive.id)))

    def findings(self, *, deep: bool = True) -> list[str]:
        """Return what checks of all archives find."""
        with TemporaryDirectory() as room:
            shelf = Shelf(self.kept, self.database.vault.keyring, self.database.bot_id, Path(room))
            found = [check(self.database, shelf, archive, deep=deep).findings for archive in self.archives()]
        return [finding for findings in found for finding in findings]

    def restore(self, find: Callable[[Restorer], Wanted]) -> list[Restored]:
        """Bring back what a test finds."""
        with TemporaryDirectory() as room:
            shelf = Shelf(self.kept, self.database.vault.keyring, self.database.bot_id, Path(room))
            restorer = Restorer(self.database, shelf)
            return list(restorer.bring(find(restorer)))

    def lines(self, conversation_id: UUID) -> list[dict[str, Any]]:
        """Return the lines of a conversation as its archive has them."""
        [restored] = self.restore(lambda restorer: restorer.conversation(conversation_id))
        return [json.loads(line) for line in restored.lines.splitlines()]

    def unarchived(self) -> int:
        """Return how many closed conversations are in no archive."""
        with self.database.reading() as uow:
            return len(uow.archives.due(uow.now(), None, 1000))

    def let_lease_pass(self) -> None:
        """Make the lease of the archive that is being written run out."""
        with self.database.unit_of_work() as uow:
            mine = update(Archive).where(Archive.bot_id == self.database.bot_id, Archive.lease_until.is_not(None))
            uow.session.execute(mine.values(lease_until=db_now(-1)), execution_options={"synchronize_session": False})

    def objects(self) -> list[str]:
        """Return the names of all objects of archives, from the day on."""
        return [key.split("/", 2)[2] for key in self.kept.keys(f"archive/{self.database.bot_id}/")]
