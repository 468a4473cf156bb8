"""The office's counter for pages: a transaction in which somebody looks, or does something."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from database.db import Database
from database.models import AuditAct
from services.administration.office import Office
from services.errors import NotPermitted
from services.turn import Tools

Result = TypeVar("Result")


@dataclass(frozen=True)
class Counter:
    """The office of one bot, for whoever stands at its counter; blocks, so call it in a thread."""

    database: Database
    tools: Tools

    def look(self, actor: int, look: Callable[[Office], Result]) -> Result:
        """Return what somebody sees; raises OfficeRefusal."""
        with self.database.reading() as uow:
            return look(Office(uow, self.tools, actor))

    def do(self, actor: int, act: Callable[[Office], Result]) -> Result:
        """Let somebody do something, all of it or nothing but a note that they may not; raises OfficeRefusal."""
        try:
            with self.database.unit_of_work() as uow:
                return act(Office(uow, self.tools, actor))
        except NotPermitted as refusal:
            with self.database.unit_of_work() as uow:
                uow.audit.record(AuditAct.REFUSED, actor=actor, what=refusal.permission, at="console")
            raise
