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
        """Let somebody do something, all of it or nothing; raises DeskRefusal, and SQLAlchemy's errors.

        What may have been done is not done again: where a connection was lost with the commit, nobody knows.
        """
        for _ in range(_ATTEMPTS - 1):
            acted = False
            try:
                with self.database.unit_of_work() as uow:
                    result = act(Desk(uow, self.tools, actor))
                    acted = True
            except OperationalError as error:
                if acted and error.connection_invalidated:
                    raise
            else:
                return result
        with self.database.unit_of_work() as uow:
            return act(Desk(uow, self.tools, actor))
