"""The state of the system and its dead letters for pages: each look and each act is a transaction of its own."""

from dataclasses import dataclass

from database.db import Database
from database.queries.dead import DeadKind, DeadLetter, Revived
from services import dead_letters, status
from services.dead_letters import Why
from services.running.office import recorded


@dataclass(frozen=True)
class Seen:
    """What somebody sees."""

    state: status.SystemState
    dead: list[DeadLetter]


class System:
    """Shows and acts for one person at a time, by the roles of that moment; blocks, so call it in a thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def look(self, by: int) -> Seen:
        """Return the state of the system; raises NotPermitted."""
        with self._database.reading() as uow:
            dead = dead_letters.listed(uow, by)
            return Seen(status.look(uow), dead)

    def replay_all(self, by: int) -> Revived:
        """Give all dead letters another life; raises NotPermitted."""
        return recorded(self._database, by, lambda uow: dead_letters.replay_all(uow, by))

    def replay(self, by: int, kind: DeadKind, number: int) -> bool:
        """Give one dead letter another life; raises OfficeRefusal."""
        recorded(self._database, by, lambda uow: dead_letters.replay_one(uow, by, kind, number))
        return True

    def drop(self, by: int, kind: DeadKind, number: int, why: Why) -> bool:
        """Give one dead letter up for good; raises OfficeRefusal."""
        recorded(self._database, by, lambda uow: dead_letters.drop(uow, by, kind, number, why))
        return True
