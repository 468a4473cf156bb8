"""The door to the desk for pages: a transaction in which somebody looks, or does something."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.exc import OperationalError

from database.db import Database
from services.desk.desk import Desk
from services.turn import Tools

_ATTEMPTS = 3  # two people's acts may meet in a deadlock, of which the database ends one
Result = TypeVar("Result")


@dataclass(frozen=True)
class Door:
    """The desk of one bot, for whoever stands at it; blocks, so call it in a thread."""

    database: Database
    tools: Tools

    def look(self, actor: int | None, look: Callable[[Desk], Result]) -> Result:
        """Return what somebody sees; raises DeskRefusal."""
        with self.database.reading() as uow:
            return look(Desk(uow, self.tools, actor))

    def do(self, actor: int, act: Callable[[Desk], Result]) -> Result:
        """Let somebody do something, all of it or nothing; raises DeskRefusal."""
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._done(actor, act)
            except OperationalError:
                continue
        return self._done(actor, act)

    def _done(self, actor: int, act: Callable[[Desk], Result]) -> Result:
        with self.database.unit_of_work() as uow:
            return act(Desk(uow, self.tools, actor))
