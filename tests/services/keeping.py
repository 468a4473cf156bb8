"""Files of a dialog for a test: a messenger that keeps bytes, a folder for what is stored, and who reads them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from services.attachments import Attachments
from services.errors import FileGoneError, FileTooLargeError
from services.file_contents import check_contents
from services.gateways.folder_storage import FolderStorage
from services.jobs_spoken import Share
from services.outbound import FileKind
from tests.services.bank import POLICY
from tests.services.crossing import CUSTOMER, Line, file
from tests.twins import TwinRunning


@dataclass
class TwinFiles:
    """A messenger that gives files in pieces of some bytes; `asked` counts how often."""

    kept: dict[str, bytes] = field(default_factory=dict)
    piece: int = 7
    asked: int = 0

    @contextmanager
    def read(self, file_id: str, most: int) -> Iterator[Iterator[bytes]]:
        """Give a file, or say that it is gone or too large."""
        self.asked += 1
        if file_id not in self.kept:
            raise FileGoneError
        content = self.kept[file_id]
        if len(content) > most:
            raise FileTooLargeError
        yield (content[start : start + self.piece] for start in range(0, len(content), self.piece))


class Cabinet:
    """What readers do with files of one dialog."""

    def __init__(self, line: Line, folder: Path) -> None:
        self.line = line
        self.folder = folder
        self.files = TwinFiles()
        storage = FolderStorage(folder)
        running = TwinRunning(POLICY)
        self.attachments = Attachments(line.database, self.files, storage, running, checks=(check_contents,))

    def sent(self, content: bytes, name: str = "a.pdf", mime: str = "application/pdf") -> UUID:
        """Let the customer send a document of these bytes; returns the name that readers know."""
        self.files.kept["file-1"] = content
        self.line.says(Share(file=file(FileKind.DOCUMENT, name=name, mime=mime), message_id=31), CUSTOMER)
        with self.line.database.reading() as uow:
            return uow.attachments.not_with(self.line.bank.conversation(CUSTOMER), 0, 1)[0].uid

    def read(self, uid: UUID, reader: int) -> bytes:
        """Read a file to its end."""
        with self.attachments.open(uid, reader) as opened:
            return b"".join(opened.pieces)

    def stored(self) -> list[Path]:
        """Return what lies in the storage."""
        return [path for path in self.folder.rglob("*") if path.is_file()]
