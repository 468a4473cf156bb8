"""Uploads: files that operators send from the console, checked and sealed piece by piece before they touch the disk."""

import mimetypes
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from time import time
from uuid import UUID, uuid4

from services.attachment_rules import largest, may_be
from services.attachments import Check
from services.errors import (
    DeskRefusal,
    FileGoneError,
    FileInfectedError,
    FileRefusedError,
    FilesAwayError,
    FileTooLargeError,
)
from services.outbound import FileKind
from services.running.port import RunningSettings
from services.sealed_files import Sealing, key_of, marks, open_pieces
from services.storage import ObjectMissing, ObjectStore, StorageError
from utils.encryption import EncryptionError, Keyring
from utils.masking import mask

MOST = 10  # files at a time, as many as an album holds (Bot API, sendMediaGroup)
TOGETHER = 50 * 2**20  # bytes of one request with files (Bot API, "Sending files")
_MB = 2**20
_LONGEST_NAME = 120
PHOTO_BYTES = 10 * 2**20  # of a picture that is sent as one (Bot API, sendPhoto)
_PHOTOS = frozenset({"image/jpeg", "image/png"})  # what messengers show as a picture, whoever made it
_SHOWN = {
    "video/mp4": FileKind.VIDEO,
    "image/gif": FileKind.ANIMATION,
}  # what it plays in the chat (Bot API, sendVideo)


@dataclass(frozen=True)
class Upload:
    """A file that lies sealed in our storage, under `uid`."""

    uid: UUID
    kind: FileKind
    name: str
    mime: str
    size: int
    sha256: str = ""


class Uploads:
    """Takes files in and gives them to whoever sends them; `checks` are passed before a file is kept."""

    def __init__(
        self,
        keyring: Keyring,
        bot_id: int,
        storage: ObjectStore,
        running: RunningSettings,
        checks: Sequence[Check] = (),
    ) -> None:
        self._keyring = keyring
        self._bot_id = bot_id
        self._storage = storage
        self._running = running
        self._checks = checks

    @contextmanager
    def tray(self, announced: Sequence[tuple[str, int]], *, shown: bool = False) -> Iterator["Tray"]:
        """Open a place for files of these names and sizes in bytes; raises DeskRefusal for what may not cross.

        Videos are documents to the desk, and `shown` as what they are elsewhere.
        """
        if not announced or len(announced) > MOST:
            raise DeskRefusal("console.desk.files_too_many", most=MOST)
        uploads = [self._announced(name, size, shown=shown) for name, size in announced]
        if sum(upload.size for upload in uploads) > TOGETHER:
            raise DeskRefusal("console.desk.files_too_large", limit=TOGETHER // _MB)
        with TemporaryDirectory(prefix="upload-") as folder, ExitStack() as stack:
            yield Tray(self, uploads, Path(folder), stack)

    def sealing(self, upload: Upload, path: Path, stack: ExitStack) -> Sealing:
        """Return what seals a file on its way to a path."""
        return Sealing(self._keyring, upload.uid, stack.enter_context(path.open("wb")))

    def keep(self, upload: Upload, path: Path) -> None:
        """Put a sealed file into the storage once it passed the checks; raises DeskRefusal, FilesAwayError."""
        try:
            for check in self._checks:
                check(upload.name, upload.mime, open_pieces(self._keyring, upload.uid, path))
            self._mark(upload, path)
            self._storage.put(key_of(self._bot_id, upload.uid), path)
        except FileInfectedError:
            raise DeskRefusal("console.desk.file_infected", name=upload.name) from None
        except FileRefusedError:
            raise DeskRefusal("console.desk.file_refused", name=upload.name) from None
        except FileTooLargeError:
            raise DeskRefusal("console.desk.file_unscanned", name=upload.name) from None
        except StorageError as error:
            raise FilesAwayError("storage") from error

    def forget(self, uploads: Sequence[Upload]) -> None:
        """Take files out of the storage that are not sent after all; what cannot go now goes with the leftovers."""
        with suppress(StorageError):
            for upload in uploads:
                self._storage.remove(key_of(self._bot_id, upload.uid))

    def content(self, uid: UUID) -> bytes:
        """Return a file whole, in clear; raises FileGoneError, FileRefusedError, FilesAwayError."""
        with TemporaryDirectory(prefix="upload-") as folder:
            sealed = Path(folder) / "sealed"
            try:
                self._storage.fetch(key_of(self._bot_id, uid), sealed)
                return b"".join(open_pieces(self._keyring, uid, sealed))
            except ObjectMissing as error:
                raise FileGoneError from error
            except StorageError as error:
                raise FilesAwayError("storage") from error
            except EncryptionError as error:
                raise FileRefusedError("a stored file does not open") from error

    def _mark(self, upload: Upload, path: Path) -> None:
        """Mark that a file comes into the storage: if no message ever names it, it is a leftover."""
        mark = path.with_name(f"{int(time())}.{upload.uid}")
        mark.touch()
        self._storage.put(marks(self._bot_id) + mark.name, mark)

    def _announced(self, given: str, size: int, *, shown: bool) -> Upload:
        name = _name(given)
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        kind = FileKind.PHOTO if mime in _PHOTOS else FileKind.DOCUMENT
        if shown:
            kind = _SHOWN.get(mime, kind)
        if kind not in _SHOWN.values() and not may_be(name, mime, self._running.policy):
            types = ", ".join(sorted(self._running.policy.file_types))
            raise DeskRefusal("console.desk.file_wrong_type", name=name, types=types)
        if size <= 0:
            raise DeskRefusal("console.desk.file_empty", name=name)
        most = min(largest(kind, mime, self._running.policy), PHOTO_BYTES if kind is FileKind.PHOTO else TOGETHER)
        if size > most:
            raise DeskRefusal("console.desk.file_too_large", name=name, limit=most // _MB)
        return Upload(uuid4(), kind, name, mime, size)


def _name(given: str) -> str:
    """Return a name without folders, line breaks and secrets; a long one keeps its end, which tells the type."""
    name = mask("".join(sign for sign in PurePath(given.replace("\\", "/")).name if sign.isprintable())).text
    return name[-_LONGEST_NAME:]


class Tray:
    """The files of one message while they come in, one after the other, as their sizes were announced."""

    def __init__(self, uploads: Uploads, announced: Sequence[Upload], folder: Path, stack: ExitStack) -> None:
        self._uploads = uploads
        self._announced = announced
        self._folder = folder
        self._stack = stack
        self._digests: list[str] = []
        self._left = 0
        self._sealing: Sealing | None = None

    def write(self, piece: bytes) -> None:
        """Take the next bytes; raises FileRefusedError for more than were announced."""
        while piece:
            if self._sealing is None:
                self._begin()
            assert self._sealing is not None  # noqa: S101 - just begun
            taken, piece = piece[: self._left], piece[self._left :]
            self._sealing.write(taken)
            self._left -= len(taken)
            if not self._left:
                self._digests.append(self._sealing.close())
                self._sealing = None

    def keep(self) -> list[Upload]:
        """Check the files and put all of them into the storage, or none; raises DeskRefusal, FileError."""
        if len(self._digests) < len(self._announced):
            raise FileRefusedError("fewer bytes than announced")
        self._stack.close()
        kept: list[Upload] = []
        try:
            for upload, digest in zip(self._announced, self._digests, strict=True):
                self._uploads.keep(upload, self._path(upload))
                kept.append(Upload(upload.uid, upload.kind, upload.name, upload.mime, upload.size, digest))
        except BaseException:
            self._uploads.forget(kept)
            raise
        return kept

    def _begin(self) -> None:
        if len(self._digests) == len(self._announced):
            raise FileRefusedError("more bytes than announced")
        upload = self._announced[len(self._digests)]
        self._sealing, self._left = self._uploads.sealing(upload, self._path(upload), self._stack), upload.size

    def _path(self, upload: Upload) -> Path:
        return self._folder / str(upload.uid)
