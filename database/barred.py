"""Whom the bank bars, as the front process sees it: read from the database, at most two seconds old."""

from collections.abc import Callable, Mapping
from logging import getLogger
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from database.db import Database
from database.rbac import MAX_AGE

_log = getLogger(__name__)


class BarredCache:
    """A process's copy of whom the bank bars.

    While the database is away the last copy holds, and is asked for as seldom: workers look at the row itself, and
    nobody else's update may be refused for it.
    """

    def __init__(self, database: Database, max_age: float = MAX_AGE, clock: Callable[[], float] = monotonic) -> None:
        self._database = database
        self._max_age = max_age
        self._clock = clock
        self._barred: Mapping[int, bool] = {}
        self._read_at = float("-inf")

    def barred(self) -> Mapping[int, bool]:
        """Return whom the bank bars, by account, and whether each was told so."""
        started = self._clock()
        if started - self._read_at >= self._max_age:
            self._read_at = started
            try:
                with self._database.reading() as uow:
                    self._barred = uow.people.barred()
            except SQLAlchemyError as error:
                _log.warning("who is barred cannot be read", extra={"error": type(error).__name__})
        return self._barred
