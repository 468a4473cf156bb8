"""Files that people or the bot sent, by file_id."""

import mimetypes
import secrets
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, NamedTuple

from sandbox.telegram.errors import BadRequestError

DOWNLOAD_LIMIT = 20 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024

_FOLDERS = {
    "photo": "photos",
    "voice": "voice",
    "document": "documents",
    "sticker": "stickers",
    "video": "videos",
    "animation": "animations",
    "audio": "music",
    "video_note": "video_notes",
}
_FALLBACK_NAMES = {
    "photo": "photo.jpg",
    "voice": "voice.oga",
    "document": "file.bin",
    "sticker": "sticker.webp",
    "video": "video.mp4",
    "animation": "animation.mp4",
    "audio": "audio.mp3",
    "video_note": "note.mp4",
}


class SentFile(NamedTuple):
    """A file that a person sends."""

    kind: str
    name: str | None
    content: bytes
    caption: str = ""
    html: bool = False


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file and how the Bot API names it."""

    id: str
    kind: str
    name: str
    mime_type: str
    content: bytes

    @property
    def path(self) -> str:
        """The `file_path` under which `/file/bot<token>/` gives it."""
        return f"{_FOLDERS[self.kind]}/{self.id}{PurePath(self.name).suffix}"

    def common(self) -> dict[str, Any]:
        """Return the fields that every file object of the Bot API has."""
        return {"file_id": self.id, "file_unique_id": self.id[-12:], "file_size": len(self.content)}


class Files:
    """All files of the sandbox, in memory."""

    def __init__(self) -> None:
        self.by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def add(self, kind: str, name: str | None, content: bytes) -> StoredFile:
        """Keep a new file; raise BadRequestError when Telegram would not take one of its size."""
        if not content:
            raise BadRequestError("file must be non-empty")
        if len(content) > (PHOTO_LIMIT if kind == "photo" else UPLOAD_LIMIT):
            raise BadRequestError(f"file of type {kind} is too big")
        name = PurePath(name or "").name or _FALLBACK_NAMES[kind]
        mime_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = StoredFile(f"SBX{kind[0].upper()}{secrets.token_urlsafe(24)}", kind, name, mime_type, content)
        self.restore(file)
        return file

    def restore(self, file: StoredFile) -> None:
        """Take back a file that was kept before."""
        self.by_id[file.id] = file
        self._by_path[file.path] = file

    def get(self, file_id: str) -> StoredFile:
        """Return a file by its id; raise BadRequestError when there is none."""
        file = self.by_id.get(file_id)
        if file is None:
            raise BadRequestError("wrong file identifier/HTTP URL specified")
        return file

    def at_path(self, path: str) -> StoredFile | None:
        """Return a file by its `file_path`."""
        return self._by_path.get(path)

    def clear(self) -> None:
        """Forget all files."""
        self.by_id.clear()
        self._by_path.clear()
