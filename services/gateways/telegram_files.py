"""Files that Telegram keeps for the bot, read piece by piece: the address holds the token, so nobody else sees it."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from services.errors import FileGoneError, FileRefusedError, FilesAwayError, FileTooLargeError
from services.outbound import File, FileKind

PIECE = 2**20  # bytes
_KEPT_AS = (FileKind.ANIMATION, FileKind.VIDEO, FileKind.DOCUMENT)
_REFUSED = (400, 403, 413)  # no such file or chat, the bot is blocked, too large


class TelegramFiles:
    """Reads through getFile (Bot API: files of up to 20 MB, addresses that are good for an hour)."""

    def __init__(self, token: str, api_url: str, timeout: float) -> None:
        self._token = token
        self._api_url = api_url
        self._timeout = timeout

    @contextmanager
    def read(self, file_id: str, most: int) -> Iterator[Iterator[bytes]]:
        """Open a file of at most `most` bytes; raises FileGoneError, FileTooLargeError, FilesAwayError."""
        try:
            with httpx.Client(timeout=self._timeout, trust_env=True) as client:
                path = self._path(client, file_id, most)
                with client.stream("GET", f"{self._api_url}/file/bot{self._token}/{path}") as response:
                    if response.is_error:
                        raise FilesAwayError(f"status {response.status_code}")
                    yield _bounded(response.iter_bytes(PIECE), most)
        except (httpx.HTTPError, ValueError) as error:  # without its text: that would name the address
            raise FilesAwayError(type(error).__name__) from None

    def give(self, chat_id: int, file: File, content: bytes) -> File:
        """Send a file into a chat, silently; raises FileRefusedError, FilesAwayError.

        Telegram may keep it as another kind than it was sent as (a video without sound is an animation).
        """
        address = f"{self._api_url}/bot{self._token}/send{file.kind.capitalize()}"
        given = {str(file.kind): (file.name, content, file.mime)}
        told = {"chat_id": str(chat_id), "disable_notification": "true"}
        try:
            with httpx.Client(timeout=self._timeout, trust_env=True) as client:
                answer = client.post(address, data=told, files=given).json()
        except (httpx.HTTPError, ValueError) as error:  # see above
            raise FilesAwayError(type(error).__name__) from None
        if not answer.get("ok"):
            refused = answer.get("error_code") in _REFUSED
            raise FileRefusedError("not taken") if refused else FilesAwayError("not taken now")
        kind = next(kind for kind in (file.kind, *_KEPT_AS) if kind in answer["result"])
        kept = answer["result"][kind]
        largest = kept[-1] if isinstance(kept, list) else kept
        return file.model_copy(update={"kind": kind, "id": str(largest["file_id"]), "own": None})

    def _path(self, client: httpx.Client, file_id: str, most: int) -> str:
        answer = client.post(f"{self._api_url}/bot{self._token}/getFile", json={"file_id": file_id}).json()
        if not answer.get("ok"):
            said = str(answer.get("description", "")).lower()
            if "too big" in said:
                raise FileTooLargeError
            raise FileGoneError if answer.get("error_code") == httpx.codes.BAD_REQUEST else FilesAwayError(said)
        if answer["result"].get("file_size", 0) > most:
            raise FileTooLargeError
        return str(answer["result"]["file_path"])


def _bounded(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    """Pass pieces on until there are too many: what a server says of a file's size is only its word."""
    for piece in pieces:
        most -= len(piece)
        if most < 0:
            raise FileTooLargeError
        yield piece
