"""The unit of work: one transaction, the queries of one bot, and what follows its commit."""

from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from logging import getLogger

from sqlalchemy.orm import Session

from database.queries.all import AllQueries
from database.queries.message import OUTGOING
from database.queries.scope import Scope

_log = getLogger(__name__)


@dataclass
class UnitOfWork(AllQueries):
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
