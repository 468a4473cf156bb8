"""The staff's roles as the front process sees them: read from the database, at most two seconds old."""

from collections.abc import Callable, Mapping
from time import monotonic

from database.db import Database

MAX_AGE = 2.0  # contract.md, "Timing": a role change works everywhere within 2 s


class RoleCache:
    """A process's copy of all roles of the bot; whoever reads it gets an error rather than an old answer."""

    def __init__(self, database: Database, max_age: float = MAX_AGE, clock: Callable[[], float] = monotonic) -> None:
        self._database = database
        self._max_age = max_age
        self._clock = clock
        self._roles: Mapping[int, frozenset[str]] = {}
        self._read_at = float("-inf")

    def roles_of(self, telegram_id: int) -> frozenset[str]:
        """Return an account's roles; raises SQLAlchemy's errors when they cannot be read."""
        started = self._clock()
        if started - self._read_at >= self._max_age:
            with self._database.reading() as uow:
                self._roles = uow.roles.all()
            self._read_at = started
        return self._roles.get(telegram_id, frozenset())
