"""Signs to Telegram from a process that has no worker's event loop: one call each, lost when it fails."""

from logging import getLogger

import httpx

_log = getLogger(__name__)


class TelegramSignals:
    """Calls the Bot API in the thread that asks; `timeout` in seconds bounds each call."""

    def __init__(self, token: str, api_url: str, timeout: float) -> None:
        self._address = f"{api_url}/bot{token}"
        self._client = httpx.Client(timeout=timeout, trust_env=True)

    def typing(self, chat_id: int) -> None:
        """Show that an answer is being written."""
        self._call("sendChatAction", chat_id=chat_id, action="typing")

    def acknowledge(self, callback_id: str) -> None:
        """Tell Telegram that a button press was seen."""
        self._call("answerCallbackQuery", callback_query_id=callback_id)

    def delete(self, chat_id: int, message_id: int) -> None:
        """Take a message away where Telegram lets us."""
        self._call("deleteMessage", chat_id=chat_id, message_id=message_id)

    def _call(self, method: str, **params: int | str) -> None:
        try:
            self._client.post(f"{self._address}/{method}", json=params).raise_for_status()
        except httpx.HTTPError as error:  # without its text: that would name the address, which holds the token
            _log.debug("a sign was lost", extra={"error": type(error).__name__})
