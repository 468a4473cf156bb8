"""The webhook: answers 200 only when the update is committed; calls that come during a commit share the next."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Sequence
from logging import getLogger
from typing import Any

from pydantic_core import from_json
from telegram import Bot, Update

from handlers.telegram.reading import Unreadable, read

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_GROUP_SECONDS = 0.003  # how long a group waits for more calls to share its commit
_LARGEST = 1 << 20  # bytes of a body; updates are far smaller
_HEALTH = "/health"  # answers while the event loop turns
_SECRET_HEADER = b"x-telegram-bot-api-secret-token"  # Bot API, setWebhook, "secret_token"

_log = getLogger(__name__)


class Webhook:
    """An ASGI application for one path; Telegram repeats whatever was not answered with 200."""

    def __init__(
        self, bot: Bot, accept: Callable[[Sequence[Update | Unreadable]], None], path: str, secret: str
    ) -> None:
        self._bot = bot
        self._accept = accept
        self._path = path
        self._secret = secret.encode()
        self._waiting: list[tuple[Update | Unreadable, asyncio.Future[bool]]] = []
        self._committing: asyncio.Task[None] | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one call."""
        if scope["type"] != "http":
            return
        status = await self._serve(scope, receive)
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def _serve(self, scope: Message, receive: Receive) -> int:
        if scope["path"] == _HEALTH and scope["method"] == "GET":
            return 200
        if scope["path"] != self._path or scope["method"] != "POST":
            return 404
        given = next((value for name, value in scope["headers"] if name == _SECRET_HEADER), b"")
        if not hmac.compare_digest(given, self._secret):
            return 401
        body = await _body(receive)
        if body is None:
            return 413
        update = self._read(body)
        if update is None:
            return 400
        return 200 if await self._committed(update) else 503

    def _read(self, body: bytes) -> Update | Unreadable | None:
        """Return the update in a body; None when there is none, which Telegram would not send."""
        try:
            raw = from_json(body)
        except ValueError:
            return None
        return read(raw, self._bot) if isinstance(raw, dict) else None

    def _committed(self, update: Update | Unreadable) -> Awaitable[bool]:
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((update, future))
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit())
        return future

    async def _commit(self) -> None:
        """Commit whatever waits, one group at a time: the busier it is, the larger the groups.

        Several at once would only take the interpreter from each other, and from the reading of calls.
        """
        while self._waiting:
            await asyncio.sleep(_GROUP_SECONDS)
            group, self._waiting = self._waiting, []
            committed = await self._accepted([update for update, _ in group])
            for _, future in group:
                if not future.done():
                    future.set_result(committed)
        self._committing = None

    async def _accepted(self, updates: Sequence[Update | Unreadable]) -> bool:
        try:
            await asyncio.to_thread(self._accept, updates)
        except Exception as error:  # noqa: BLE001 - nothing may be answered with 200 that is not committed
            _log.warning("updates were not accepted", extra={"error": type(error).__name__, "updates": len(updates)})
            return False
        return True


async def _body(receive: Receive) -> bytes | None:
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > _LARGEST:
            return None
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)
