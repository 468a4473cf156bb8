"""Presence: each process says in the database that it is there, so that anybody can say what runs."""

import os
import socket
from collections.abc import Callable
from logging import getLogger
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from database.db import Database
from services.metrics import BREAKER_OPEN

INTERVAL = 10.0  # seconds
ALIVE = 3 * INTERVAL  # seconds of silence after which a process counts as gone
_PARTING = 2.0  # seconds that the end of a process waits for its last word

_log = getLogger(__name__)


class Presence:
    """Says so from a thread of its own until stopped; what it says is no more than a sign, which may get lost."""

    def __init__(self, database: Database, part: str) -> None:
        self._database = database
        self._part = part
        self._process = f"{socket.gethostname()}:{os.getpid()}"
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="presence", daemon=True)

    def start(self) -> None:
        """Start saying so."""
        self._thread.start()

    def stop(self) -> None:
        """Say that this process ends, if the database is there to be told within a moment."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(_PARTING)

    def beat(self) -> None:
        """Say so once; raises SQLAlchemy's errors."""
        with self._database.unit_of_work() as uow:
            uow.presences.beat(self._part, self._process, open_breakers())

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._try(self.beat)
            self._stopped.wait(INTERVAL)
        self._try(self._leave)

    def _leave(self) -> None:
        with self._database.unit_of_work() as uow:
            uow.presences.leave(self._part, self._process)

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except SQLAlchemyError as error:
            _log.info("presence cannot be told", extra={"error": type(error).__name__})
        except Exception:  # noqa: BLE001 - the thread must outlive whatever one beat meets
            _log.exception("presence could not be told")


def open_breakers() -> list[str]:
    """Return the names of this process's breakers that let nothing through."""
    [family] = BREAKER_OPEN.collect()
    return [sample.labels["name"] for sample in family.samples if sample.value]
