"""The feeder: begins broadcasts that are due, writes their lists and messages in pieces, and reports their ends."""

from enum import Enum, auto
from logging import getLogger
from time import perf_counter, sleep
from uuid import UUID

from database.db import Database, UnitOfWork
from database.models import Broadcast, BroadcastKind, BroadcastState
from services.broadcast import deciding, drafting, progress, screens
from services.broadcast.board import author_may, show
from services.broadcast.enclosing import Carrying
from services.broadcast.lists import Listed
from services.desk.desk import Desk
from services.errors import DeskRefusal, FileError, FilesAwayError
from services.outbound import Outbound
from services.ports import Carrier, OwnFiles
from services.rates import Rates
from services.turn import Tools
from utils.encryption import EncryptionError

_ROOM = 500  # messages of one broadcast that may wait in the outbox at a time, and more where they go fast:
_STOCK = 2.0  # seconds of the bot's rate
_PIECE = 10_000  # people of a list that are written at a time
_REST = 4  # times as long as a piece took until the next: customers wait for answers, and nobody for the list's end
_LARGEST = 20 * 2**20  # bytes of a file with accounts

_log = getLogger(__name__)


class _Step(Enum):
    NOTHING = auto()
    DONE = auto()
    PIECE = auto()  # of a list that goes on
    MORE = auto()


class BroadcastFeeder:
    """Advances broadcasts; safe to run in several workers at once, and to be killed at any moment."""

    def __init__(self, database: Database, tools: Tools, rates: Rates, files: Carrier, own: OwnFiles) -> None:
        self._room = max(_ROOM, round(_STOCK * rates.per_second))
        self._database = database
        self._tools = tools
        self._files = files
        self._carrying = Carrying(database, tools, files, own)

    def run(self) -> bool:
        """Advance every broadcast about which something is to be done; returns whether anything was."""
        with self._database.reading() as uow:
            running = uow.broadcasts.running()
        done = [self._advance(broadcast_id) for broadcast_id in running]
        return any(done)

    def _advance(self, broadcast_id: UUID) -> bool:
        """Advance a broadcast as far as it goes; one that does not open, because its key is gone, holds up no other."""
        done = False
        try:
            done = self._carrying.run(broadcast_id)
            # Each piece in a transaction of its own: what is written can go meanwhile.
            started = perf_counter()
            while (step := self._step(broadcast_id)) in {_Step.PIECE, _Step.MORE}:
                done = True
                if step is _Step.PIECE:
                    sleep(_REST * (perf_counter() - started))
                started = perf_counter()
        except (EncryptionError, ValueError):
            _log.exception("a broadcast cannot be advanced", extra={"broadcast": str(broadcast_id)})
            return done
        return done or step is _Step.DONE

    def _step(self, broadcast_id: UUID) -> _Step:
        with self._database.unit_of_work() as uow:
            desk, broadcast = Desk(uow, self._tools), uow.broadcasts.lock(broadcast_id)
            if broadcast is None:
                return _Step.NOTHING
            match broadcast.state:
                case BroadcastState.RUNNING:
                    return self._feed(desk, broadcast)
                case BroadcastState.SCHEDULED:
                    return _begin(desk, broadcast)
                case BroadcastState.CANCELLED:
                    return _end(desk, broadcast)
        return self._read(broadcast_id)

    def _feed(self, desk: Desk, broadcast: Broadcast) -> _Step:
        uow, now = desk.uow, desk.uow.now()
        urgent = broadcast.kind == BroadcastKind.URGENT
        if self._tools.policy.broadcasts.sends_at(now, urgent=urgent) != now:
            taken = uow.broadcasts.take_back(broadcast.id)
            progress.follow(desk, broadcast)
            return _Step.DONE if taken else _Step.NOTHING
        written = broadcast.frozen_at is None and _write_piece(uow, broadcast)
        fed = uow.broadcasts.feed(broadcast.id, self._room, broadcast.kind)
        if fed:
            uow.after_commit(self._tools.wakeups.delivery)
        if written and broadcast.frozen_at is None:
            return _Step.PIECE
        if broadcast.frozen_at and not fed and not uow.broadcasts.open(broadcast.id):
            progress.finish(desk, broadcast)
            return _Step.DONE
        progress.follow(desk, broadcast)
        return _Step.DONE if fed or written else _Step.NOTHING

    def _read(self, broadcast_id: UUID) -> _Step:
        """Read the file with a draft's accounts; nobody holds a connection to the database meanwhile."""
        with self._database.reading() as uow:
            broadcast = uow.broadcasts.get(broadcast_id)
            file_id = uow.broadcasts.list_file(broadcast) if broadcast else None
        if file_id is None:
            return _Step.NOTHING
        problem, content = "", b""
        try:
            with self._files.read(file_id, _LARGEST) as pieces:
                content = b"".join(pieces)
        except FilesAwayError:
            _log.warning("a list of recipients cannot be read yet")
            return _Step.NOTHING
        except FileError as error:
            problem = error.code
        self._keep(broadcast_id, file_id, Listed(content), problem)
        return _Step.DONE

    def _keep(self, broadcast_id: UUID, file_id: str, listed: Listed, problem: str) -> None:
        with self._database.unit_of_work() as uow:
            broadcast = uow.broadcasts.lock(broadcast_id)
            if broadcast is None or broadcast.state != BroadcastState.DRAFT:
                return
            if uow.broadcasts.list_file(broadcast) != file_id:  # another one was sent meanwhile
                return
            uow.broadcasts.expect_list(broadcast, None)
            desk = Desk(uow, self._tools, broadcast.author_id)
            known = 0 if problem else drafting.keep_list(desk, broadcast, listed)
            if listed.read:
                lines = ", ".join(map(str, listed.first_wrong)) or "–"
                desk.tell(
                    desk.me, "broadcast.list_found", read=listed.read, known=known, wrong=listed.wrong, lines=lines
                )
            else:
                desk.tell(desk.me, "broadcast.list_failed")
            show(desk, desk.me, screens.panel(desk, broadcast, desk.me))


def _write_piece(uow: UnitOfWork, broadcast: Broadcast) -> bool:
    """Write the next piece of a list, its first at once; returns False where the lists of this bot are to rest.

    The rest is a duty: whoever else feeds meanwhile, here or in another worker, must not write the next piece.
    """
    duty = f"list:{broadcast.bot_id}"
    if broadcast.frozen_to is not None and not uow.schedule.take_duty(duty, 0):
        return False
    started = perf_counter()
    uow.broadcasts.freeze(broadcast, _PIECE)
    if broadcast.frozen_at is None:
        uow.schedule.take_duty(duty, _REST * (perf_counter() - started))
    return True


def _begin(desk: Desk, broadcast: Broadcast) -> _Step:
    """Begin what is due; what may not begin any more goes back to its author with the reason."""
    try:
        deciding.schedule(desk, broadcast)
    except DeskRefusal as refusal:
        deciding.back_to_draft(broadcast)
        told = Outbound(html=desk.text(broadcast.author_id, refusal.key, **refusal.params))
        show(desk, broadcast.author_id, told)
        show(desk, broadcast.author_id, screens.panel(desk, broadcast, broadcast.author_id))
    if broadcast.state == BroadcastState.SUBMITTED and author_may(desk, broadcast):  # it has grown without them
        show(desk, broadcast.author_id, screens.status(desk, broadcast, broadcast.author_id))
    return _Step.MORE if broadcast.state == BroadcastState.RUNNING else _Step.DONE


def _end(desk: Desk, broadcast: Broadcast) -> _Step:
    """Report what was cancelled under way, once what is being sent has arrived."""
    if broadcast.finished_at is not None or desk.uow.broadcasts.open(broadcast.id):
        return _Step.NOTHING
    progress.finish(desk, broadcast)
    return _Step.DONE
