"""What every answer of the console carries, and what never reaches it: other sites' calls, and large bodies."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from handlers.console.console import PATH
from services.broadcast.drafting import LIST_BYTES
from services.knowledge.parse import MAX_BYTES
from services.uploads import TOGETHER

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

FILES = f"{PATH}/desk/files"
LARGEST = max(MAX_BYTES, LIST_BYTES) + 2**20  # of a body: a file of the knowledge, or a list, in its envelope
_LARGEST_FILES = TOGETHER + 2**20  # files for a customer, with their names and words
_SAFE = frozenset({"GET", "HEAD"})
# NiceGUI's pages hold their start in an inline script and compile their templates in the browser.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    b"content-security-policy": _POLICY.encode(),
    b"x-frame-options": b"DENY",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
    b"cache-control": b"no-store",
}


class Guard:
    """An ASGI application around another one."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one call."""
        kind, path = scope["type"], scope.get("path", "")
        if kind not in {"http", "websocket"} or not (path == PATH or path.startswith(f"{PATH}/")):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        changes = kind == "websocket" or scope["method"] not in _SAFE
        if changes and not _same_origin(headers):
            await _refuse(scope, send, 403)
        elif kind == "http" and changes and (status := _too_large(path, headers)):
            await _refuse(scope, send, status)
        else:
            await self._app(scope, receive, _with_headers(send))


def _same_origin(headers: MutableMapping[bytes, bytes]) -> bool:
    """Browsers name the page's origin with every change and every socket; other sites' is another one."""
    return urlsplit(headers.get(b"origin", b"").decode("latin-1")).netloc == headers.get(b"host", b"?").decode(
        "latin-1"
    )


def _too_large(path: str, headers: MutableMapping[bytes, bytes]) -> int | None:
    length = headers.get(b"content-length", b"")
    if not length.isdigit():
        return 411
    return 413 if int(length) > (_LARGEST_FILES if path == FILES else LARGEST) else None


async def _refuse(scope: Message, send: Send, status: int) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower() for name, _ in message.get("headers", ())}
            added = [(name, value) for name, value in _HEADERS.items() if name not in given]
            message = {**message, "headers": [*message.get("headers", ()), *added]}
        await send(message)

    return sent
