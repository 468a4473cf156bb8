"""Patience: parts that start while their database is away say so, and wait for it, less and less often asked."""

from collections.abc import Callable, Iterator
from logging import getLogger

from sqlalchemy.exc import OperationalError

from database.db import Database

_FIRST, _LONGEST = 0.5, 15.0  # seconds between two attempts

_log = getLogger(__name__)


def pauses() -> Iterator[float]:
    """Yield how many seconds to wait before each further attempt, twice as many each time, without an end."""
    pause = _FIRST
    while True:
        yield pause
        pause = min(pause * 2, _LONGEST)


def until_there(database: Database) -> Iterator[float]:
    """Yield how many seconds to wait, as long as the database does not answer; whoever waits may be told to end."""
    return until_done(database.ping)


def until_done(act: Callable[[], object]) -> Iterator[float]:
    """Yield how many seconds to wait before an act is tried again, as long as the database is away or goes away.

    Raises what else goes wrong: waiting mends no missing table.
    """
    for pause in pauses():
        try:
            act()
        except OperationalError as error:
            if not _is_away(error):
                raise
            told = {"error": str(error.orig).strip().splitlines()[0][:300], "next_try_in": pause}
            _log.warning("the database is away, this waits for it", extra=told)
            yield pause
        else:
            return


def _is_away(error: OperationalError) -> bool:
    """Return whether it is the server that failed, or in SQLite the file, which somebody else may hold."""
    name = getattr(error.orig, "sqlite_errorname", None)
    return name is None or name.startswith(("SQLITE_BUSY", "SQLITE_CANTOPEN"))
