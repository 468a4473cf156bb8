"""Canaries: words that may only stand sealed, the ways they might be written, and all the places to search."""

import json
import socket
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import redis
from sqlalchemy import select

from benchmarks.installation import TOKEN
from database.models import Broadcast, Message, User
from tests.e2e.own import Place

CARD, CVV, CODE = "4276550012345677", "739", "48192375"
TYPED_CARD = "4276 5500 1234 5677"
PERSONAL = {
    "name": "Kanareika7xq",
    "family name": "Свиристелев",
    "username": "canary_nick_77x",
    "phone": "9167770142",
    "typed phone": "9167770143",
    "question": "zvezdopad1917q",
    "operator": "Snegirova7xq",
    "operator's words": "pereklichka1918q",
    "customer's words": "nochnoidozor1920q",
    "broadcast": "rassylka1919q",
}
SECRET = {"card": CARD, "typed card": TYPED_CARD, "code": CODE}
PIN = "73910482"
ACCESS = {"PIN": PIN, "token": TOKEN, "token's secret": TOKEN.partition(":")[2]}

# The sandbox is Telegram's side; pytest's own output stands elsewhere.
_EXEMPT = {"sandbox.out"}


def forms(text: str) -> set[bytes]:
    """Return the ways a text may be written: as it is, in JSON, and either of them in base64 from any place on."""
    plain = {text.encode(), json.dumps(text)[1:-1].encode()}
    packed = set()
    for raw in plain:
        for offset in range(3):
            # Only the characters that depend on nothing but the text: what stands before and after is unknown.
            packed.add(b64encode(b"\0" * offset + raw)[(0, 2, 3)[offset] : (len(raw) + offset) // 3 * 4])
    return plain | packed


def found(canaries: Mapping[str, str], places: Mapping[str, bytes]) -> list[str]:
    """Return which canary stands where."""
    wanted = {(name, form) for name, text in canaries.items() for form in forms(text)}
    return sorted({f"{name} in {place}" for place, data in places.items() for name, form in wanted if form in data})


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, for as long as it is there."""
    contents = {}
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in _EXEMPT:
            with suppress(FileNotFoundError):
                contents[str(path.relative_to(folder))] = path.read_bytes()
    return contents


def keys_and_values(url: str) -> bytes:
    """Return all that a Redis holds."""
    parts: list[bytes] = []
    with redis.Redis.from_url(url) as client:
        readers = {
            b"string": client.get,
            b"list": lambda key: client.lrange(key, 0, -1),
            b"set": client.smembers,
            b"zset": lambda key: client.zrange(key, 0, -1),
            b"hash": client.hgetall,
        }
        for key in client.scan_iter():
            parts += [key, repr(readers[client.type(key)](key)).encode()]
    return b"\n".join(parts)


class Monitor:
    """Hears every command that a Redis gets."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.sendall(b"MONITOR\r\n")
        self._heard = bytearray()
        self._thread = Thread(target=self._listen)
        self._thread.start()

    @property
    def heard(self) -> bytes:
        """What was heard so far, with its escapes taken out."""
        return bytes(self._heard).replace(b'\\"', b'"').replace(b"\\\\", b"\\")

    def close(self) -> None:
        """Stop listening."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while data := self._socket.recv(1 << 16):
                self._heard += data


@contextmanager
def monitoring(url: str) -> Iterator[Monitor]:
    """Hear every command while the block lasts."""
    monitor = Monitor(int(url.rpartition(":")[2].partition("/")[0]))
    try:
        yield monitor
    finally:
        monitor.close()


def opened(place: Place) -> bytes:
    """Return every sealed text of the database in clear: what whoever has the key may read."""
    with place.database.reading() as uow:
        messages = [uow.messages.opened(message) for message in uow.session.scalars(select(Message))]
        people = list(uow.session.scalars(select(User)))
        texts = [*messages, *(uow.users.profile(user) for user in people), *(uow.users.phone(u) or "" for u in people)]
        texts += [uow.broadcasts.body(number) for number in uow.session.scalars(select(Broadcast.id))]
    return "\n".join(texts).encode()
