"""The tender: shares out who waits, minds silence and lost operators, warns; from a thread of each worker."""

from logging import getLogger
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from database.db import Database
from services.desk.desk import Desk
from services.desk.heading import head_all
from services.desk.offering import assign, expire
from services.desk.pace import mind_silence
from services.desk.queueing import give_back_all
from services.desk.seats import seats
from services.desk.suggesting import suggest
from services.desk.supervising import measure, warn
from services.ports import Library
from services.turn import Tools

INTERVAL = 1.0  # seconds; a role that was taken away works everywhere within two (contract.md, "Timing")

_log = getLogger(__name__)


class Tender:
    """Looks after the desk of one bot: at once when woken, and every second by one worker of all."""

    def __init__(self, database: Database, tools: Tools, library: Library | None = None) -> None:
        self.database = database
        self._tools = tools
        self._library = library
        self._woken = Event()
        self._stopped = False
        self._thread = Thread(target=self._run, name="tender", daemon=True)

    def start(self) -> None:
        """Start tending."""
        self._thread.start()

    def stop(self) -> None:
        """Stop tending."""
        self._stopped = True
        self._woken.set()

    def wake(self) -> None:
        """Look soon: somebody waits, or an operator has room."""
        self._woken.set()

    def share_out(self) -> int:
        """Offer who waits to who has room, and suggest what to say; returns how many were offered."""
        with self.database.unit_of_work() as uow:
            offered = assign(Desk(uow, self._tools))
        if self._library is not None:
            suggest(self.database, self._tools, self._library)
        return offered

    def mind(self) -> bool:
        """Do what time brings about, if nobody else does; returns whether it was done here."""
        with self.database.unit_of_work() as uow:
            if not uow.schedule.take_duty(f"desk:{self.database.bot_id}", INTERVAL * 0.9):
                return False
            mind_lost(Desk(uow, self._tools))
            mind_silence(Desk(uow, self._tools))
        with self.database.unit_of_work() as uow:
            expire(Desk(uow, self._tools))
        with self.database.unit_of_work() as uow:
            warn(Desk(uow, self._tools))
            measure(Desk(uow, self._tools))
        return True

    def head(self) -> None:
        """Let the message that is pinned in each operator's chat name the current one."""
        with self.database.unit_of_work() as uow:
            head_all(Desk(uow, self._tools))

    def _run(self) -> None:
        while not self._stopped:
            woken = self._woken.wait(INTERVAL)
            self._woken.clear()
            try:
                if self._stopped:
                    return
                minded = self.mind()
                if minded or woken:
                    self.share_out()
                if minded:
                    self.head()
            except SQLAlchemyError as error:
                _log.warning("the desk waits for the database", extra={"error": type(error).__name__})
            except Exception:  # noqa: BLE001 - the thread must outlive whatever one look meets
                _log.exception("tending the desk failed")


def mind_lost(desk: Desk) -> None:
    """Give back the chats of operators who may not serve any more: revoked, or their session ran out."""
    if serving := desk.uow.floor.serving():
        for staff_id in serving - {seat.telegram_id for seat in seats(desk)}:
            desk.tell(staff_id, "desk.shut_out", given=give_back_all(desk, staff_id))
