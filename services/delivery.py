"""Delivery: what a batch of messages may do now, within the limits, and writing down what became of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from logging import getLogger
from time import monotonic
from uuid import UUID

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from database.db import Database, UnitOfWork
from database.models import Priority
from database.queries.delivery import Outcome, Started, Waiting
from services.limits import Allowance, Limit, Limiter
from services.metrics import LIMITED, LIMITER_WAIT
from services.rates import Rates
from services.sending import Ending, Parcel, copy_of, parcel_of, unreadable_now
from utils.encryption import EncryptionError

_REPLIES_AHEAD, _BROADCASTS_AHEAD = 0.1, 0.05  # seconds of the bot's rate that may go at once

_HEAVY = 90.0  # seconds of lease for a message that brings files along: more than the channel lets it take

_FEED_EVERY = 0.5  # seconds between fillings of a broadcast's stock

_log = getLogger(__name__)


@dataclass(frozen=True)
class Batch:
    """Messages to send now, and after how many seconds the bot as a whole may send again (0: at once).

    `more` is whether others may be ready behind those that were looked at; `delays` are the seconds after which those
    may go that their own chat's limit held back.
    """

    parcels: tuple[Parcel, ...]
    pause: float = 0.0
    more: bool = False
    delays: tuple[float, ...] = ()


@dataclass(frozen=True)
class _Leave:
    """Messages that may go now, what holds the others back, and how many were looked at."""

    granted: Sequence[int] = ()
    pause: float = 0.0
    delays: tuple[float, ...] = ()
    looked_at: int = 0


class Dispatcher:
    """Takes messages out of the outbox within the limits, and writes down what became of them."""

    def __init__(
        self,
        database: Database,
        limiter: Limiter,
        rates: Rates,
        lease: float,
        wake_feeder: Callable[[], None] = lambda: None,
    ) -> None:
        """Take messages of `database` at `rates`; `wake_feeder` is called now and then while broadcasts go out."""
        self._wake_feeder = wake_feeder
        self._fed_at = float("-inf")
        self._database = database
        self._limiter = limiter
        self._rates = rates
        self._lease = lease
        self._bot_key = f"send:{database.bot_id}"

    def take(self, room: int) -> Batch:
        """Mark up to `room` messages as being sent and return them; the mark is committed before any call."""
        wanted = min(room, 2 * self._burst(Priority.REPLY))  # what could not go now is not worth its loading
        leave = _Leave()
        try:
            with self._database.unit_of_work() as uow:
                leave = self._granted(uow, wanted)
                parcels = self._started(uow, leave.granted)
        except IntegrityError:
            parcels = tuple(chain.from_iterable(map(self._started_alone, leave.granted)))
        if any(parcel.priority == Priority.BROADCAST for parcel in parcels):
            self._have_fed()
        return Batch(parcels, leave.pause, leave.looked_at == wanted, leave.delays)

    def _have_fed(self) -> None:
        """Have the stock of a broadcast filled up while it goes out: the sweep alone would do so too seldom."""
        if monotonic() - self._fed_at >= _FEED_EVERY:
            self._fed_at = monotonic()
            self._wake_feeder()

    def _granted(self, uow: UnitOfWork, wanted: int) -> _Leave:
        """Ask the limits for the next messages."""
        candidates = uow.delivery.candidates(wanted)
        if not candidates:
            return _Leave()
        allowances = self._limiter.take([self._limits(message) for message in candidates])
        verdicts = [(message.id, allowance) for message, allowance in zip(candidates, allowances, strict=True)]
        granted = [message_id for message_id, allowance in verdicts if allowance.granted]
        held = [(message_id, allowance) for message_id, allowance in verdicts if not allowance.granted]
        LIMITED.inc(len(held))
        for _, allowance in held:
            LIMITER_WAIT.observe(allowance.wait)
        postponed = [(message_id, allowance.wait) for message_id, allowance in held if allowance.key != self._bot_key]
        uow.delivery.postpone(postponed)
        pause = self._pause([allowance for _, allowance in held])
        return _Leave(granted, pause, tuple(delay for _, delay in postponed), len(candidates))

    def _started(self, uow: UnitOfWork, message_ids: Sequence[int]) -> tuple[Parcel, ...]:
        return self._parcels(uow, uow.delivery.start(message_ids, self._lease)) if message_ids else ()

    def _started_alone(self, message_id: int) -> tuple[Parcel, ...]:
        """Start a message of a batch that failed as a whole: nothing, when it is the one whose chat is taken."""
        try:
            with self._database.unit_of_work() as uow:
                return self._started(uow, [message_id])
        except IntegrityError:
            return ()

    def _parcels(self, uow: UnitOfWork, going: Sequence[Started]) -> tuple[Parcel, ...]:
        """Open what is going; one that does not open, because its key is gone, fails alone.

        Of a broadcast that was held since, some may wait again: what was being sent then, and did not get through.
        """
        shared: dict[UUID, str | None] = {}  # a broadcast's messages have one body
        many = {message.chat_id for message in going if message.broadcast_id}
        languages = uow.desk.languages(many) if many else {}
        parcels: list[Parcel] = []
        unreadable: list[Outcome] = []
        for message in going:
            try:
                if message.broadcast_id and message.broadcast_id not in shared:
                    shared[message.broadcast_id] = uow.broadcasts.body_to_send(message.broadcast_id)
                if message.broadcast_id is None:
                    parcels.append(parcel_of(message, uow.messages.opened(message)))
                elif body := shared[message.broadcast_id]:
                    language = languages.get(message.chat_id)
                    parcels.append(copy_of(message, body, language, paid=self._rates.paid))
            except (EncryptionError, ValueError):
                _log.exception("a message does not open", extra={"row": message.id})
                unreadable.append(unreadable_now(message))
        for held in (broadcast_id for broadcast_id, body in shared.items() if body is None):
            uow.broadcasts.take_back(held, [message.id for message in going if message.broadcast_id == held])
        if unreadable:
            uow.delivery.settle(unreadable)
        if heavy := [p.message_id for p in parcels if any(file.own or file.source for file in p.message.files)]:
            uow.delivery.extend(heavy, _HEAVY)
        return tuple(parcels)

    def settle(self, endings: Sequence[Ending]) -> bool:
        """Write what became of attempts; returns whether other messages of these chats may go now.

        People are locked before their messages, and both by the number of their chat, as intake does it, which takes
        back what waits: in any other order the two could wait for each other.
        """
        endings = sorted(endings, key=lambda ending: ending.chat_id)
        with self._database.unit_of_work() as uow:
            for ending in endings:
                if ending.blocked:
                    uow.users.block(ending.chat_id, blocked=True)
            uow.delivery.settle([ending.outcome for ending in endings])
            for ending in endings:
                if ending.outcome.album:
                    uow.attachments.copied(ending.outcome.message_id, ending.outcome.album)
        # After the commit: whoever wrote a message to one of them meanwhile was told that the chat is taken.
        try:
            with self._database.reading() as uow:
                return uow.delivery.waits_in({ending.chat_id for ending in endings})
        except SQLAlchemyError:  # the endings are safe, and must not be written again for that
            return True

    def next_in(self, horizon: float) -> float | None:
        """Return in how many seconds there is something to send, or None when not within the horizon."""
        with self._database.reading() as uow:
            return uow.delivery.next_in(horizon)

    def pause(self, seconds: float) -> None:
        """Hold the whole bot back, because the messenger said so."""
        self._limiter.pause(self._bot_key, seconds)

    def _limits(self, message: Waiting) -> tuple[Limit, Limit]:
        # A reply may run further ahead of the bot's rate than a broadcast: so replies overtake without a queue of
        # their own, and broadcasts take all that replies leave. A broadcast that had to wait for the exact moment
        # lost what the pump was late by, each time.
        burst = self._burst(Priority(message.priority))
        return self._rates.limits(self._bot_key, message.chat_id, burst=burst)

    def _burst(self, priority: Priority) -> int:
        """Return how many messages may go at once: more at a higher rate, within what a limit by the second lets."""
        if priority == Priority.BROADCAST:
            return max(1, round(self._rates.per_second * _BROADCASTS_AHEAD))
        return max(3, round(self._rates.per_second * _REPLIES_AHEAD))

    def _pause(self, refused: list[Allowance]) -> float:
        return min((allowance.wait for allowance in refused if allowance.key == self._bot_key), default=0.0)
