"""Signs that may get lost, sent from the worker's event loop without anybody waiting."""

import asyncio
from collections.abc import Coroutine
from logging import getLogger

from services.errors import DeliveryError
from services.ports import Channel

_log = getLogger(__name__)


class LoopSignals:
    """Hands signs to the event loop; what goes wrong with one is not worth more than a line at debug level."""

    def __init__(self, channel: Channel, loop: asyncio.AbstractEventLoop) -> None:
        self._channel = channel
        self._loop = loop

    def typing(self, chat_id: int) -> None:
        """Show that an answer is being written."""
        self._spawn(self._channel.typing(chat_id))

    def acknowledge(self, callback_id: str) -> None:
        """Tell the messenger that a button press was seen."""
        self._spawn(self._channel.acknowledge(callback_id))

    def delete(self, chat_id: int, message_id: int) -> None:
        """Take a message away where the messenger lets us."""
        self._spawn(self._channel.delete(chat_id, message_id))

    def _spawn(self, act: Coroutine[None, None, None]) -> None:
        asyncio.run_coroutine_threadsafe(_quietly(act), self._loop)


async def _quietly(act: Coroutine[None, None, None]) -> None:
    try:
        await act
    except DeliveryError as error:
        _log.debug("a sign was lost", extra={"reason": error.reason})
