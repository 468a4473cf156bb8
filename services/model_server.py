"""Where a language model's server is, and what it means when a call of it fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from services.errors import ModelAwayError, ModelError

# What another attempt may change (RFC 9110): a time-out, a conflict, too many requests, and faults of the server.
_PASSING = frozenset({408, 409, 429})
_CLIENT_FAULT, _SERVER_FAULT = 400, 500
# The server is well, and it is this request that it does not take.
_REFUSED = frozenset({400, 413, 422})


@dataclass(frozen=True)
class ServerOptions:
    """Where a model is, what it is called there, and how long to wait for a connection (seconds)."""

    key: str = field(repr=False)
    base_url: str
    name: str
    connect_timeout: float


@contextmanager
def faults(*theirs: type[Exception]) -> Iterator[None]:
    """Turn what goes wrong with a call into ModelError: errors of the client's library, and answers of no known shape.

    ModelAwayError says that the server is to blame.
    """
    try:
        yield
    except theirs as error:
        raise failure(error) from error
    except (ValueError, LookupError, AttributeError, TypeError) as error:  # an answer of another shape
        raise ModelError(type(error).__name__) from error


def failure(error: Exception) -> ModelError:
    """Return what a client library's error means: both carry the HTTP status, where there was an answer at all."""
    reason, status = type(error).__name__, getattr(error, "status_code", None)
    if status is None:
        return ModelAwayError(reason, again=True)
    if status in _REFUSED:
        return ModelError(reason)
    again = status in _PASSING or not _CLIENT_FAULT <= status < _SERVER_FAULT  # below: an error amid a good answer
    return ModelAwayError(reason, again=again, after=_retry_after(error))


def _retry_after(error: Exception) -> float | None:
    """Return the header's seconds (RFC 9110, 10.2.3); its other form, a date, is no use without a common clock."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    try:
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:
        return None
