"""Open consoles without browsers: each fetches the desk's page and follows it over its socket, as a browser would."""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp
import socketio  # type: ignore[import-untyped]  # it has no types, and no others of it

from handlers.console.console import COOKIE, PATH

_CLIENT = re.compile(r"client_id[^0-9a-f]{1,12}([0-9a-f-]{36})")
_AT_ONCE = 10


@dataclass
class OpenConsole:
    """One page of the desk; `shown` is what came to it, with the Unix time of its coming."""

    address: str
    token: str
    shown: list[tuple[float, str]] = field(default_factory=list)
    _socket: socketio.AsyncClient | None = None

    async def open(self) -> None:
        """Fetch the page and connect; raises when either is refused."""
        cookie = {"Cookie": f"{COOKIE}={self.token}"}
        async with (
            aiohttp.ClientSession(headers=cookie) as client,
            client.get(f"{self.address}{PATH}/desk", allow_redirects=False) as page,
        ):
            found = _CLIENT.search(await page.text())
        if found is None:
            raise RuntimeError(f"no page of the desk: {page.status}")
        own = {"client_id": found[1], "tab_id": str(uuid4()), "document_id": str(uuid4()), "next_message_id": 0}
        self._socket = socketio.AsyncClient()
        self._socket.on("run_javascript", self._take)
        await self._socket.connect(
            f"{self.address}/?client_id={found[1]}",
            headers=cookie | {"Origin": self.address},
            socketio_path=f"{PATH}/_nicegui_ws/socket.io",
            transports=["websocket"],
        )
        if not await self._socket.call("handshake", own):
            raise RuntimeError("the socket was refused")
        self._client_id = found[1]

    async def close(self) -> None:
        """Leave the page."""
        if self._socket is not None:
            await self._socket.disconnect()

    async def _take(self, data: dict[str, Any]) -> None:
        self.shown.append((time.time(), data["code"]))
        if self._socket is not None:  # as browsers do, or the page keeps what it sent
            await self._socket.emit("ack", {"client_id": self._client_id, "next_message_id": data["_id"] + 1})


async def opened(address: str, tokens: Sequence[str]) -> list[OpenConsole]:
    """Return an open console for each session, a few opened at a time."""
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(token: str) -> OpenConsole:
        async with places:
            console = OpenConsole(address, token)
            await console.open()
            return console

    return list(await asyncio.gather(*map(one, tokens)))
