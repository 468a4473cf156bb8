"""How a part shows that it is ready: it answers HTTP, its Redis answers, or it says so itself."""

import asyncio
import os
import socket
from itertools import count
from typing import Self

from deploy.launcher.part import Probe
from deploy.servers.redis import redis_answers

_SERVER_ERROR = 500
_number = count()


def http(port: int, path: str) -> Probe:
    """Return a probe that holds when the loopback's `port` answers `GET path` without an error of its own."""

    async def answers(_pid: int) -> bool:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        try:
            writer.write(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
            words = (await asyncio.wait_for(reader.readline(), 2)).split()
            return len(words) > 1 and words[1].isdigit() and int(words[1]) < _SERVER_ERROR
        except (OSError, TimeoutError):
            return False
        finally:
            writer.close()

    return answers


def redis(port: int) -> Probe:
    """Return a probe that holds when the part's own Redis answers on `port`."""

    async def answers(pid: int) -> bool:
        return await asyncio.to_thread(redis_answers, port, pid)

    return answers


class Notification:
    """A socket on which one process says `READY=1`; its name is in Linux's abstract space, so no file remains."""

    def __init__(self) -> None:
        self.address = f"@bank-bot-{os.getpid()}-{next(_number)}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.address.replace("@", "\0", 1))

    async def arrived(self, _pid: int) -> bool:
        """Probe: tell whether the process has said so since we looked last."""
        try:
            return "READY=1" in self._socket.recv(4096, socket.MSG_DONTWAIT).decode(errors="replace").splitlines()
        except BlockingIOError:
            return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
