"""The front: takes a batch of updates through routes and guards into the inbox, before they are acknowledged."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from logging import getLogger

from telegram import Update, User
from telegram.constants import ChatType

from handlers.routes import Route, match
from handlers.telegram.reading import Unreadable
from middlewares.chain import Chain, Incoming
from middlewares.trace import ingest
from services.jobs import Envelope, Job, Sender, StaleButton, Unsupported
from services.ports import Accepted, Inbox

_REMEMBERED = 10_000  # updates; a hundred batches, of which Telegram gives the next only after the one before

_log = getLogger(__name__)


class Front:
    """Validates, guards, enqueues, and nothing else; safe to call from several threads."""

    def __init__(self, chain: Chain, inbox: Inbox) -> None:
        self._chain = chain
        self._inbox = inbox
        self._judged: dict[int, Accepted | None] = {}  # what the guards said of updates that were not committed

    def accept(self, updates: Sequence[Update | Unreadable]) -> None:
        """Put updates into the inbox; once this returns they may be acknowledged, and if it raises they may not.

        Telegram repeats what failed; the guards are not asked again, so that nobody pays for it with their limit.
        """
        judged: dict[int, Accepted | None] = {}
        for update in updates:
            with suppress(KeyError):
                judged[update.update_id] = self._judged.pop(update.update_id)
        arrived = [_arrival(update) for update in updates if update.update_id not in judged]
        judged |= {lost.update_id: _lost(lost) for lost in arrived if isinstance(lost, Unreadable)}
        routed = [arrival for arrival in arrived if isinstance(arrival, _Arrival)]
        if not routed:
            self._store(judged)
            return
        batch = [arrival.incoming for arrival in routed]
        with ingest(batch):
            self._chain.check(batch)
            for arrival in routed:
                silent = arrival.incoming.refused and arrival.incoming.silent
                judged[arrival.update.update_id] = None if silent else _accepted(arrival)
            self._store(judged)

    def _store(self, judged: Mapping[int, Accepted | None]) -> None:
        try:
            if rows := [row for row in judged.values() if row]:
                self._inbox.accept(rows)
        except Exception:
            self._remember(judged)
            raise

    def _remember(self, judged: Mapping[int, Accepted | None]) -> None:
        self._judged |= judged
        while len(self._judged) > _REMEMBERED:
            del self._judged[next(iter(self._judged))]


@dataclass(frozen=True)
class _Arrival:
    """An update that the bot serves, and what the guards see of it."""

    update: Update
    route: Route
    incoming: Incoming


def _arrival(update: Update | Unreadable) -> _Arrival | Unreadable | None:
    """Return what arrived with its route; None for what the bot has no business with."""
    if isinstance(update, Unreadable):
        return update
    try:
        route = match(update)
        return _Arrival(update, route, _incoming(update, route)) if route else None
    except Exception as error:  # noqa: BLE001 - one strange update must not hold up all the others behind it
        return _unreadable(update, error)


def _incoming(update: Update, route: Route) -> Incoming:
    user = update.effective_user
    assert isinstance(user, User)  # noqa: S101 - match lets nothing else through
    sender = Sender(telegram_id=user.id, name=user.full_name, language_code=user.language_code)
    return Incoming(sender, route.permission, route.limit)


def _accepted(arrival: _Arrival) -> Accepted:
    update, incoming = arrival.update, arrival.incoming
    job = incoming.refused or _job(update, arrival.route)
    envelope = Envelope(
        sender=incoming.sender,
        job=job,
        callback_id=update.callback_query.id if update.callback_query else None,
        unchecked=incoming.unchecked,
    )
    try:
        body = envelope.model_dump_json()
    except ValueError as error:  # half of a character, which JSON can say and UTF-8 cannot
        return _lost(_unreadable(update, error))
    chat = incoming.sender.telegram_id  # in a private chat, the only kind that is served, both are one number
    return Accepted(update.update_id, chat, job.kind, body, incoming.traceparent)


def _unreadable(update: Update, error: Exception) -> Unreadable:
    _log.error("an update cannot be kept", extra={"error": type(error).__name__, "update": update.update_id})
    chat = update.effective_chat
    private = chat is not None and chat.type == ChatType.PRIVATE and isinstance(chat.id, int)
    return Unreadable(update.update_id, chat.id if chat and private else 0)


def _lost(update: Unreadable) -> Accepted:
    """Return what is kept of an update that cannot be read: that there was one, and whom to tell."""
    sender, job = Sender(telegram_id=update.chat_id), Unsupported(what="other")
    envelope = Envelope(sender=sender, job=job)
    return Accepted(update.update_id, update.chat_id, job.kind, envelope.model_dump_json(), readable=False)


def _job(update: Update, route: Route) -> Job:
    try:
        return route.handler(update)
    except ValueError:
        return StaleButton()
    except Exception:  # noqa: BLE001 - one strange update must not hold up all the others behind it
        _log.exception("an update could not be read", extra={"route": route.key})
        return Unsupported(what="other")
