"""The heartbeat: extends the leases of conversations that this process is answering, and keeps "typing" shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from logging import getLogger
from threading import Event, Lock, Thread

from sqlalchemy.exc import SQLAlchemyError

from database.db import Database
from database.queries.conversation import Claim
from services.ports import Signals

_TYPING_SECONDS = 4.0  # Telegram shows a chat action for 5 seconds or less (Bot API, sendChatAction)

_log = getLogger(__name__)


class Heartbeat:
    """Beats for every claim held, from one thread per process."""

    def __init__(self, database: Database, signals: Signals, lease: float) -> None:
        self._database = database
        self._signals = signals
        self._lease = lease
        self._held: dict[Claim, int] = {}
        self._lock = Lock()
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Start beating."""
        self._thread.start()

    def stop(self) -> None:
        """Stop beating; leases that are still held run out by themselves."""
        self._stopped.set()

    @contextmanager
    def holding(self, claim: Claim, chat_id: int) -> Iterator[None]:
        """Keep a claim alive while the block runs."""
        with self._lock:
            self._held[claim] = chat_id
        try:
            yield
        finally:
            with self._lock:
                del self._held[claim]

    def beat(self) -> None:
        """Extend all held leases once."""
        with self._lock:
            held = dict(self._held)
        if not held:
            return
        for chat_id in held.values():
            self._signals.typing(chat_id)
        with self._database.unit_of_work() as uow:
            uow.conversations.prolong(held, self._lease)

    def _run(self) -> None:
        while not self._stopped.wait(min(self._lease / 3, _TYPING_SECONDS)):
            try:
                self.beat()
            except SQLAlchemyError as error:
                _log.warning("leases could not be extended", extra={"error": type(error).__name__})
            except Exception:  # noqa: BLE001 - the thread must outlive whatever one beat meets
                _log.exception("leases could not be extended")
