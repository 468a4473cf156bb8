"""ClamAV's daemon for tests: a twin that speaks INSTREAM on the loopback, and the real one with a signature of ours."""

import os
import shutil
import signal
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

from deploy.servers.process import ServerProcess, free_port
from services.gateways.clamav import Address

SIGN = b"harmless words that stand for something harmful"
SIGNATURE = "Test.Harmless"
MOST = 2**20  # bytes that both take
COMMAND = b"zINSTREAM\0"
_LENGTH = struct.Struct(">I")
_CONFIGURATION = """\
DatabaseDirectory {folder}
TemporaryDirectory {folder}
LocalSocket {folder}/clamd.ctl
TCPSocket {port}
TCPAddr 127.0.0.1
StreamMaxLength {most}
MaxThreads 2
Foreground yes
"""


class _Asked(StreamRequestHandler):
    """One file on its connection; answers before its end, and hangs up, when it is too large (as clamd does)."""

    server: "TwinClamd"

    def handle(self) -> None:
        if self.rfile.read(len(COMMAND)) != COMMAND:
            return
        given = b""
        while length := _LENGTH.unpack(self.rfile.read(_LENGTH.size))[0]:
            if len(given) + length > MOST:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
            given += self.rfile.read(length)
        self.server.given.append(given)
        self.wfile.write(b"stream: %s FOUND\0" % SIGNATURE.encode() if SIGN in given else self.server.says)


class TwinClamd(ThreadingTCPServer):
    """Answers what has SIGN in it with FOUND and all else with `says`; `given` keeps what it was given whole."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.says = b"stream: OK\0"
        self.given: list[bytes] = []

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        return "127.0.0.1", self.socket.getsockname()[1]


@contextmanager
def twin_clamd() -> Iterator[TwinClamd]:
    """Run a twin."""
    with TwinClamd() as twin:
        thread = Thread(target=twin.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield twin
        finally:
            twin.shutdown()
            thread.join()


def find_clamd() -> str | None:
    """Return the path of a clamd, if this machine has one."""
    return shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextmanager
def real_clamd(binary: str, folder: Path) -> Iterator[dict[str, Address]]:
    """Run a clamd that knows one signature; yields where it listens, by the kind of the address."""
    port, path = free_port(), str(folder / "clamd.ctl")
    (folder / "own.ndb").write_text(f"{SIGNATURE}:0:*:{SIGN.hex()}\n")  # any type of file, at any place in it
    (folder / "clamd.conf").write_text(_CONFIGURATION.format(folder=folder, port=port, most=MOST))
    command = [binary, "--config-file", str(folder / "clamd.conf")]
    clamd = ServerProcess("clamd", command, log=folder / "clamd.log", stop_signal=signal.SIGTERM)
    try:
        clamd.wait_until(lambda: _answers(path))
        yield {"tcp": ("127.0.0.1", port), "socket": path}
    finally:
        clamd.stop()


def _answers(path: str) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(path)
            connection.sendall(b"zPING\0")
            return connection.recv(16) == b"PONG\0"
    except OSError:
        return False
