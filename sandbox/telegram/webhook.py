"""Webhook delivery: in order within a chat, in parallel across chats, repeated until the bot takes it."""

import asyncio
import time
from collections import deque
from contextlib import suppress
from typing import Any

import aiohttp

from sandbox.telegram.updates import Update, UpdateQueue
from sandbox.telegram.world import World

_LONGEST_PAUSE = 60.0
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, not a secret
_OK = range(200, 300)


class Webhook:
    """Posts updates to the bot's address while one is set; at most `max_connections` at a time."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.url = ""
        self.secret: str | None = None
        self.max_connections = 40
        self.custom_certificate = False
        self._last_error: tuple[int, str] | None = None
        self._lanes: dict[int, deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(self.max_connections)
        self._session: aiohttp.ClientSession | None = None

    @property
    def _queue(self) -> UpdateQueue:
        return self._world.updates

    def set(self, url: str, secret: str | None, max_connections: int, *, certificate: bool = False) -> None:
        """Deliver to this address from now on, what is pending first."""
        self._stop()
        self.url, self.secret, self.max_connections = url, secret, max_connections
        self.custom_certificate, self._last_error = certificate, None
        self._slots = asyncio.Semaphore(max_connections)
        self._queue.interrupt("terminated by setWebhook request")
        self._queue.listener = self._enqueue
        for update in self._queue.pending.values():
            self._enqueue(update)

    def unset(self) -> None:
        """Stop delivering; updates wait in the queue."""
        self._stop()
        self.url, self.secret, self._last_error = "", None, None

    async def close(self) -> None:
        """Stop delivering and close the connections."""
        tasks = tuple(self._tasks)
        self._stop()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def info(self) -> dict[str, Any]:
        """Return the Bot API's WebhookInfo."""
        info: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": self.custom_certificate,
            "pending_update_count": len(self._queue.pending),
        }
        if self.url:
            info["max_connections"] = self.max_connections
        if self._last_error is not None:
            info["last_error_date"], info["last_error_message"] = self._last_error
        if self._queue.allowed:
            info["allowed_updates"] = self._queue.allowed
        return info

    def _stop(self) -> None:
        self._queue.listener = None
        self._lanes.clear()
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()

    def _enqueue(self, update: Update) -> None:
        lane = self._lanes.get(update.chat_id)
        if lane is not None:
            lane.append(update)
            return
        self._lanes[update.chat_id] = deque([update])
        task = asyncio.get_running_loop().create_task(self._drain(update.chat_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, chat_id: int) -> None:
        lane = self._lanes[chat_id]
        while lane:
            await self._deliver(lane[0])
            lane.popleft()
        del self._lanes[chat_id]

    async def _deliver(self, update: Update) -> None:
        pause = self._world.settings.webhook_retry_seconds
        while update.id in self._queue.pending:
            async with self._slots:
                self._world.journal.update(update.id, update.chat_id, update.body, "webhook")
                error = await self._post(update.body)
            if error is None:
                self._queue.confirm(update.id)
                return
            self._last_error = (int(time.time()), error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _post(self, body: bytes) -> str | None:
        headers = {"Content-Type": "application/json"}
        if self.secret is not None:
            headers[_SECRET_HEADER] = self.secret
        with suppress(TimeoutError):
            try:
                async with self._client().post(self.url, data=body, headers=headers) as response:
                    await response.read()
            except aiohttp.ClientConnectorError:
                return "Connection refused"
            except aiohttp.ClientError:
                return "Connection closed by the server"
            if response.status in _OK:
                return None
            return f"Wrong response from the webhook: {response.status} {response.reason}"
        return "Read timeout expired"

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=self._world.settings.webhook_timeout_seconds)
            connector = aiohttp.TCPConnector(limit=0, ssl=False)
            self._session = aiohttp.ClientSession(timeout=timeout, connector=connector)
        return self._session
