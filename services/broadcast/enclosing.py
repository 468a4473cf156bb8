"""The file of a broadcast that is composed in the console: received once, and given to the messenger once.

It lies sealed in our storage until a worker has sent it into its author's chat; from then on the draft names it by the
messenger's number, so that no copy carries bytes.
"""

from datetime import timedelta
from logging import getLogger
from uuid import UUID

from database.db import Database
from database.models import Broadcast, BroadcastState
from services.broadcast import composing, screens
from services.broadcast.board import keep, message_of, own_draft, show
from services.desk.desk import Desk
from services.errors import DeskRefusal, FileError, FilesAwayError
from services.outbound import File, Outbound
from services.ports import Carrier, OwnFiles
from services.turn import Tools
from services.uploads import Upload, Uploads

_PATIENCE = timedelta(seconds=90)  # for one attempt to give a file to the messenger

_log = getLogger(__name__)


def taken_in(uploads: Uploads, name: str, content: bytes) -> Upload:
    """Return a file that came by the console, checked and sealed in our storage; raises DeskRefusal."""
    try:
        with uploads.tray([(name, len(content))], shown=True) as tray:
            tray.write(content)
            [upload] = tray.keep()
    except FilesAwayError:
        raise DeskRefusal("console.error.unavailable") from None
    except FileError:
        raise DeskRefusal("console.desk.files_failed") from None
    return upload


def enclose(desk: Desk, broadcast_id: UUID, upload: Upload) -> Broadcast:
    """Give a draft a file, in the place of the one before; raises DeskRefusal."""
    broadcast = own_draft(desk, broadcast_id)
    file = File(kind=upload.kind, own=upload.uid, size=upload.size, mime=upload.mime, name=upload.name)
    keep(desk, broadcast, composing.checked(message_of(desk, broadcast).model_copy(update={"files": (file,)})))
    broadcast.file_due_at = desk.uow.now()
    desk.uow.after_commit(desk.tools.wakeups.broadcasts)
    return broadcast


def take_out(desk: Desk, broadcast_id: UUID) -> Broadcast:
    """Take the file of a draft away; raises DeskRefusal."""
    broadcast = own_draft(desk, broadcast_id)
    keep(desk, broadcast, message_of(desk, broadcast).model_copy(update={"files": ()}))
    broadcast.file_due_at = None
    return broadcast


def require_carried(broadcast: Broadcast) -> None:
    """Raise DeskRefusal while the messenger does not have the file of a draft."""
    if broadcast.file_waits:
        raise DeskRefusal("broadcast.file_waits")


class Carrying:
    """Gives files of drafts to the messenger: in their authors' chats, where they see what customers will get.

    A worker that is killed between gives the file again: the author sees it twice, and no customer ever does.
    """

    def __init__(self, database: Database, tools: Tools, carrier: Carrier, own: OwnFiles) -> None:
        self._database = database
        self._tools = tools
        self._carrier = carrier
        self._own = own

    def run(self, broadcast_id: UUID) -> bool:
        """Carry the file of a draft, unless somebody tries that now; returns whether anything came of it."""
        with self._database.unit_of_work() as uow:
            broadcast = uow.broadcasts.lock(broadcast_id)
            if broadcast is None or broadcast.state != BroadcastState.DRAFT:
                return False
            if broadcast.file_due_at is None or broadcast.file_due_at > uow.now():
                return False
            broadcast.file_due_at = uow.now() + _PATIENCE
            [file] = Outbound.model_validate_json(uow.broadcasts.body(broadcast_id)).files
            author, uid = broadcast.author_id, file.own
        if uid is None:
            return False
        carried: File | None = None
        try:
            carried = self._carrier.give(author, file, self._own.content(uid))
        except FilesAwayError:
            _log.warning("a broadcast's file cannot be given to the messenger yet")
            return False
        except FileError as error:
            _log.warning("a broadcast's file was refused", extra={"error": error.code})
        self._keep(broadcast_id, file, carried)
        return True

    def _keep(self, broadcast_id: UUID, file: File, carried: File | None) -> None:
        with self._database.unit_of_work() as uow:
            broadcast = uow.broadcasts.lock(broadcast_id)
            if broadcast is None or broadcast.state != BroadcastState.DRAFT:
                return
            desk = Desk(uow, self._tools, broadcast.author_id)
            message = message_of(desk, broadcast)
            if message.files != (file,):  # another one was given meanwhile
                return
            keep(desk, broadcast, message.model_copy(update={"files": (carried,) if carried else ()}))
            broadcast.file_due_at = None
            if carried is None:
                desk.tell(desk.me, "broadcast.file_failed", name=file.name)
            show(desk, desk.me, screens.panel(desk, broadcast, desk.me))
