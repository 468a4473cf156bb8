"""Long polling: an update is acknowledged by the next call's offset, and that moves only after the commit."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from logging import getLogger

from telegram import Update
from telegram.error import InvalidToken, RetryAfter, TelegramError

from handlers.routes import ALLOWED_UPDATES
from handlers.telegram.reading import ReadingBot, Unreadable, read

POLL_SECONDS = 30
_BATCH = 100  # the most that getUpdates gives (Bot API, getUpdates, "limit")
_MAX_PAUSE = 15.0
_DOUBLINGS = 10  # of a pause; after a thousand failures the power would be more than a float holds

_log = getLogger(__name__)


class Poller:
    """Asks for updates until stopped; one batch at a time, so batches grow with the load."""

    def __init__(
        self,
        bot: ReadingBot,
        accept: Callable[[Sequence[Update | Unreadable]], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._accept = accept
        self._sleep = sleep
        self._offset: int | None = None

    async def run(self) -> None:
        """Poll for ever; raises InvalidToken when Telegram does not know the bot."""
        failures = 0
        while True:
            try:
                given = await self._bot.raw_updates(self._offset, POLL_SECONDS, _BATCH, ALLOWED_UPDATES)
                await self._commit([update for raw in given if (update := read(raw, self._bot))])
                failures = 0
            except InvalidToken:
                raise
            except RetryAfter as error:
                seconds = error.retry_after
                await self._sleep(seconds.total_seconds() if isinstance(seconds, timedelta) else float(seconds))
            except TelegramError as error:
                failures += 1
                _log.warning("no updates", extra={"error": type(error).__name__, "failures": failures})
                await self._sleep(min(0.5 * 2 ** min(failures, _DOUBLINGS), _MAX_PAUSE))

    async def _commit(self, updates: Sequence[Update | Unreadable]) -> None:
        """Accept a batch, again and again while the database is away; only then is it acknowledged."""
        failures = 0
        while updates:
            try:
                await asyncio.to_thread(self._accept, updates)
            except Exception as error:  # noqa: BLE001 - nothing may be acknowledged that is not committed
                failures += 1
                _log.warning("updates wait", extra={"error": type(error).__name__, "updates": len(updates)})
                await self._sleep(min(0.1 * 2 ** min(failures, _DOUBLINGS), _MAX_PAUSE / 5))
            else:
                self._offset = updates[-1].update_id + 1
                return
