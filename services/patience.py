"""Patience: parts that start before their database say so, and wait for it, less and less often asked."""

from collections.abc import Iterator
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
    for pause in pauses():
        try:
            database.ping()
        except OperationalError as error:
            told = {"error": str(error.orig).strip().splitlines()[0][:300], "next_try_in": pause}
            _log.warning("the database is away, this waits for it", extra=told)
            yield pause
        else:
            return
