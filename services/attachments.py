"""Attachments: the bytes of files that people sent, fetched when somebody who may reads them, kept sealed.

In clear they are nowhere but in memory, a piece at a time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from database.db import Database, UnitOfWork
from database.models import Attachment, AttachmentState, AuditAct
from services.access import Permission
from services.attachment_rules import largest
from services.desk.entrance import access
from services.desk.reading import belongs
from services.errors import FileError, FileRefusedError, FilesAwayError, NotAReaderError
from services.metrics import FILES
from services.policy import Policy
from services.ports import KeptFiles
from services.running.port import RunningSettings
from services.sealed_files import key_of, open_pieces, seal_pieces
from services.storage import ObjectMissing, ObjectStore, StorageError

Check = Callable[[str, str, Iterable[bytes]], None]
"""What a file passes before it is kept, such as a scanner for viruses: its name, its type and its bytes in pieces.

Raises FileRefusedError for what must never be kept, FileTooLargeError for more than it takes, FilesAwayError when it
cannot tell now.
"""


@dataclass(frozen=True)
class Opened:
    """A file that a reader is given, piece by piece."""

    name: str
    mime: str
    pieces: Iterator[bytes]


class Attachments:
    """Files for readers; `checks` are passed once, before a file is kept."""

    def __init__(
        self,
        database: Database,
        files: KeptFiles,
        storage: ObjectStore,
        running: RunningSettings,
        checks: Sequence[Check] = (),
    ) -> None:
        self._database = database
        self._files = files
        self._storage = storage
        self._running = running
        self._checks = checks

    @contextmanager
    def open(self, uid: UUID, reader: int) -> Iterator[Opened]:
        """Open a file for a member of the staff, fetching it if that was never done; raises FileError."""
        with self._database.unit_of_work() as uow:
            attachment = _readable(uow, self._running.policy, uid, reader)
            file_id, name = uow.attachments.file_id(attachment), uow.attachments.name(attachment)
        if attachment.state == AttachmentState.REFUSED:
            raise FileRefusedError
        with TemporaryDirectory(prefix="attachment-") as folder:
            sealed = Path(folder) / "sealed"
            if attachment.state != AttachmentState.STORED or not self._stored(attachment, sealed):
                self._fetch(attachment, file_id, name, sealed)
            yield Opened(name, attachment.mime, self._pieces(attachment.uid, sealed))

    def _stored(self, attachment: Attachment, sealed: Path) -> bool:
        try:
            self._storage.fetch(key_of(attachment.bot_id, attachment.uid), sealed)
        except ObjectMissing:  # lost, but the messenger may still have it
            return False
        except StorageError as error:
            raise FilesAwayError("storage") from error
        return True

    def _fetch(self, attachment: Attachment, file_id: str, name: str, sealed: Path) -> None:
        """Take a file from the messenger, sealed on its way to the disk, and keep it once it passed the checks."""
        outcome = "stored"
        try:
            with self._files.read(file_id, largest(attachment.kind, attachment.mime, self._running.policy)) as pieces:
                digest = seal_pieces(self._database.vault.keyring, attachment.uid, pieces, sealed)
            for check in self._checks:
                check(name, attachment.mime, self._pieces(attachment.uid, sealed))
            self._storage.put(key_of(attachment.bot_id, attachment.uid), sealed)
            if not self._settle(attachment, AttachmentState.STORED, digest):  # an edit put another under the same key
                self._storage.remove(key_of(attachment.bot_id, attachment.uid))
        except FileRefusedError as error:
            outcome = error.code
            self._settle(attachment, AttachmentState.REFUSED)
            raise
        except StorageError as error:
            outcome = FilesAwayError.code
            raise FilesAwayError("storage") from error
        except FileError as error:
            outcome = error.code
            raise
        finally:
            FILES.labels(outcome).inc()

    def _settle(self, attachment: Attachment, state: AttachmentState, digest: str | None = None) -> bool:
        with self._database.unit_of_work() as uow:
            return uow.attachments.settle(attachment, state, digest)

    def _pieces(self, uid: UUID, sealed: Path) -> Iterator[bytes]:
        return open_pieces(self._database.vault.keyring, uid, sealed)


def _readable(uow: UnitOfWork, policy: Policy, uid: UUID, reader: int) -> Attachment:
    """Return a file for the one whose customer it is of now, or a supervisor, and write that down.

    Raises NotAReaderError for everybody else.
    """
    attachment = uow.attachments.by_uid(uid)
    conversation = uow.floor.seen(attachment.conversation_id) if attachment else None
    if attachment is None or conversation is None:
        raise NotAReaderError
    own = belongs(conversation, reader, uow.now())
    if not all(access(uow, policy.desk, Permission.TAKE_CHATS if own else Permission.SUPERVISE, reader)):
        raise NotAReaderError
    subject = f"conversation:{attachment.conversation_id}"
    uow.audit.record(AuditAct.FILE_OPENED, actor=reader, subject=subject, file=str(uid))
    return attachment
