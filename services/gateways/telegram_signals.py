"""Signs to Telegram from a process that has no worker's event loop: nobody waits for them, and they may get lost."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from logging import getLogger
from threading import BoundedSemaphore

import httpx

_WAITING = 32  # signs that may wait for a slow messenger; those beyond are lost, as old ones are no use

_log = getLogger(__name__)


class TelegramSignals:
    """Calls the Bot API from a thread of its own: who gives a sign may hold a transaction. `timeout` in seconds."""

    def __init__(self, token: str, api_url: str, timeout: float) -> None:
        self._address = f"{api_url}/bot{token}"
        self._client = httpx.Client(timeout=timeout, trust_env=True)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="signs")
        self._room = BoundedSemaphore(_WAITING)

    def typing(self, chat_id: int) -> None:
        """Show that an answer is being written."""
        self._give("sendChatAction", chat_id=chat_id, action="typing")

    def acknowledge(self, callback_id: str) -> None:
        """Tell Telegram that a button press was seen."""
        self._give("answerCallbackQuery", callback_query_id=callback_id)

    def delete(self, chat_id: int, message_id: int) -> None:
        """Take a message away where Telegram lets us."""
        self._give("deleteMessage", chat_id=chat_id, message_id=message_id)

    def close(self) -> None:
        """Wait for the sign that is under way, let the others be lost, and end the connection."""
        self._thread.shutdown(cancel_futures=True)
        self._client.close()

    def _give(self, method: str, **params: int | str) -> None:
        if self._room.acquire(blocking=False):
            self._thread.submit(self._call, method, params)

    def _call(self, method: str, params: Mapping[str, int | str]) -> None:
        try:
            self._client.post(f"{self._address}/{method}", json=dict(params)).raise_for_status()
        except httpx.HTTPError as error:  # without its text: that would name the address, which holds the token
            _log.debug("a sign was lost", extra={"error": type(error).__name__})
        finally:
            self._room.release()
