"""ClamAV's daemon, given the bytes of a file in a stream: the INSTREAM of clamd(8)."""

import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from logging import getLogger
from time import monotonic

from services.errors import FileInfectedError, FilesAwayError, FileTooLargeError

Address = str | tuple[str, int]
"""Where clamd listens: the path of its socket, or its host and port."""

_CONNECTING = 5.0  # seconds
_LENGTH = struct.Struct(">I")
_END = _LENGTH.pack(0)
_LONGEST_ANSWER = 4096  # bytes; the name of a signature is the longest part of one

_log = getLogger(__name__)


class ClamAv:
    """Asks clamd about each file on a connection of its own, which has `patience` seconds from its first byte."""

    def __init__(self, address: Address, patience: float) -> None:
        self._address = address
        self._patience = patience

    def check(self, _name: str, _mime: str, pieces: Iterable[bytes]) -> None:
        """Pass a file that clamd finds nothing in; raises FileInfectedError, FileTooLargeError, FilesAwayError."""
        try:
            with self._connected() as connection:
                said = _Exchange(connection, monotonic() + self._patience).ask(pieces)
        except OSError as error:
            _log.warning("clamd is away, or too slow", extra={"error": type(error).__name__})
            raise FilesAwayError("clamd") from error
        if said == "stream: OK":
            return
        _log.warning("clamd let a file not pass", extra={"said": said})
        if said.startswith("stream: ") and said.endswith(" FOUND"):
            raise FileInfectedError
        if said.startswith("INSTREAM size limit exceeded"):  # clamd.conf: StreamMaxLength
            raise FileTooLargeError
        raise FilesAwayError("clamd")

    def _connected(self) -> socket.socket:
        if isinstance(self._address, tuple):
            return socket.create_connection(self._address, _CONNECTING)
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(_CONNECTING)
            connection.connect(self._address)
        except OSError:
            connection.close()
            raise
        return connection


class _Exchange:
    """One question and its answer, over by a deadline; raises OSError."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline

    def ask(self, pieces: Iterable[bytes]) -> str:
        """Return what clamd says of a file."""
        # What is too large clamd answers before the end, and hangs up.
        with suppress(BrokenPipeError, ConnectionResetError):
            self._send(b"zINSTREAM\0")
            for piece in pieces:
                if piece:  # an empty one would say that this was all
                    self._send(_LENGTH.pack(len(piece)) + piece)
            self._send(_END)
        return self._answer()

    def _send(self, part: bytes) -> None:
        self._in_time().sendall(part)

    def _answer(self) -> str:
        said = b""
        while b"\0" not in said:
            part = self._in_time().recv(_LONGEST_ANSWER)
            if not part or len(said) > _LONGEST_ANSWER:
                raise ConnectionError("no whole answer")
            said += part
        return said.partition(b"\0")[0].decode(errors="replace")

    def _in_time(self) -> socket.socket:
        if (left := self._deadline - monotonic()) <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._connection
