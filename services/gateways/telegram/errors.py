"""The Bot API's errors, sorted by what they mean for a retry."""

import aiohttp
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from services.errors import BLOCKED, DeliveryError, OutcomeUnknown, PermanentError, ThrottledError, TransientError

# Errors that happen before any byte of the request has left.
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


def sorted_out(error: TelegramError) -> DeliveryError:
    """Return what an error means for a retry.

    BadRequest and TimedOut are NetworkErrors in PTB, RetryAfter is not: the order of the cases matters.
    """
    match error:
        case RetryAfter():
            seconds = error.retry_after
            return ThrottledError(float(seconds if isinstance(seconds, int) else seconds.total_seconds()))
        case Forbidden():
            return PermanentError(BLOCKED)
        case BadRequest():
            return PermanentError("chat_not_found" if "chat not found" in error.message.lower() else "bad_request")
        case TimedOut() if not isinstance(error.__cause__, _NOT_SENT):
            return OutcomeUnknown("timeout")
        case NetworkError() if isinstance(error.__cause__, aiohttp.ClientError) and not isinstance(
            error.__cause__, _NOT_SENT
        ):
            return OutcomeUnknown("connection_lost")
        case _:
            return TransientError("unavailable")
