"""One attempt to send a message: what is sent, and what the attempt's end means for the message."""

from dataclasses import dataclass, replace
from math import inf

from database.models import Delivery, Priority
from database.queries.delivery import Outcome, Started
from services.errors import BLOCKED, DeliveryError, OutcomeUnknown, PermanentError, ThrottledError
from services.metrics import SENDS, UNKNOWN_SENDS
from services.ports import Outbound

_MAX_PAUSE = 30.0
_ALONE = 240  # how much heavier a failure weighs that is the message's own than one that everybody shares
_MOST_FAILURES = 12 * _ALONE  # after twelve of its own, or a day of those that everybody shares, a message is dead
_NEIGHBOURS = 60.0  # seconds within which others must have been sent, for a failure to be a message's own


@dataclass(frozen=True)
class Parcel:
    """A message that is being sent."""

    message_id: int
    attempt: int
    chat_id: int
    message: Outbound
    priority: Priority
    resends: int
    failures: int
    traceparent: str | None


@dataclass(frozen=True)
class Ending:
    """How an attempt to send a message ended, and in which chat; `blocked` when the person there wants no more."""

    outcome: Outcome
    chat_id: int
    blocked: bool = False


def parcel_of(message: Started, body: str) -> Parcel:
    """Return an attempt to send a message with its body opened; raises ValueError for a body that is none."""
    return Parcel(
        message_id=message.id,
        attempt=message.attempt,
        chat_id=message.chat_id,
        message=Outbound.model_validate_json(body),
        priority=Priority(message.priority),
        resends=message.resends,
        failures=message.failures,
        traceparent=message.traceparent,
    )


def copy_of(message: Started, body: str, language: str | None, *, paid: bool) -> Parcel:
    """Return an attempt to send somebody their copy of what a broadcast says; raises ValueError as above."""
    parcel = parcel_of(message, body)
    return replace(parcel, message=parcel.message.read_in(language).model_copy(update={"paid": paid}))


def unreadable_now(message: Started) -> Outcome:
    """Return the outcome of an attempt whose message did not open: its key may come back, but not for ever."""
    return _again_or_dead(message.id, message.attempt, message.failures + _ALONE, "unreadable")


def _again_or_dead(message_id: int, attempt: int, failures: int, reason: str) -> Outcome:
    state = Delivery.DEAD if failures >= _MOST_FAILURES else Delivery.PENDING
    delay = min(2.0 ** min(attempt, 6), _MAX_PAUSE)
    return Outcome(message_id, attempt, state, reason=reason, delay=delay, failures=failures)


def sent(parcel: Parcel, *numbers: int) -> Ending:
    """Return the end of an attempt that arrived; `numbers` are the messenger's, several for an album."""
    SENDS.labels("sent").inc()
    album = numbers if len(numbers) > 1 else ()
    outcome = Outcome(parcel.message_id, parcel.attempt, Delivery.SENT, numbers[0], album=album)
    return Ending(outcome, parcel.chat_id)


def failed(parcel: Parcel, error: DeliveryError, since_sent: float = inf) -> Ending:
    """Return the end of an attempt that did not, by the error's class (architecture.md, promise 5).

    `since_sent` is how many seconds ago another message was sent: an outage is nobody's own failure.
    """
    SENDS.labels(type(error).__name__).inc()
    return Ending(_outcome_of(parcel, error, since_sent), parcel.chat_id, error.reason == BLOCKED)


def _outcome_of(parcel: Parcel, error: DeliveryError, since_sent: float) -> Outcome:
    message_id, attempt, failures = parcel.message_id, parcel.attempt, parcel.failures
    match error:
        case PermanentError():
            return Outcome(message_id, attempt, Delivery.FAILED, reason=error.reason)
        case OutcomeUnknown():
            resend = parcel.priority != Priority.BROADCAST and parcel.resends == 0
            UNKNOWN_SENDS.labels("yes" if resend else "no").inc()
            state = Delivery.PENDING if resend else Delivery.UNKNOWN
            return Outcome(message_id, attempt, state, None, "unknown", 1.0, resend=resend, failures=failures)
        case ThrottledError():
            return Outcome(message_id, attempt, Delivery.PENDING, None, error.reason, error.seconds, failures=failures)
        case _:
            weight = _ALONE if since_sent < _NEIGHBOURS else 1
            return _again_or_dead(message_id, attempt, failures + weight, error.reason)
