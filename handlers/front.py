"""The front: takes a batch of updates through routes and guards into the inbox, before they are acknowledged."""

from collections.abc import Sequence
from logging import getLogger

from telegram import Update, User

from handlers.routes import Route, match
from middlewares.chain import Chain, Incoming
from middlewares.trace import ingest
from services.jobs import Envelope, Job, Sender, StaleButton, Unsupported
from services.ports import Accepted, Inbox

_log = getLogger(__name__)


class Front:
    """Validates, guards, enqueues, and nothing else; safe to call from several threads."""

    def __init__(self, chain: Chain, inbox: Inbox) -> None:
        self._chain = chain
        self._inbox = inbox

    def accept(self, updates: Sequence[Update]) -> None:
        """Put updates into the inbox; once this returns they may be acknowledged, and if it raises they may not."""
        routed = [(update, route) for update in updates if (route := match(update))]
        if not routed:
            return
        batch = [self._incoming(update, route) for update, route in routed]
        with ingest(batch):
            self._chain.check(batch)
            rows = [
                self._accepted(update, route, incoming)
                for (update, route), incoming in zip(routed, batch, strict=True)
                if not (incoming.refused and incoming.silent)
            ]
            if rows:
                self._inbox.accept(rows)

    def _incoming(self, update: Update, route: Route) -> Incoming:
        user = update.effective_user
        assert isinstance(user, User)  # noqa: S101 - match lets nothing else through
        sender = Sender(telegram_id=user.id, name=user.full_name, language_code=user.language_code)
        return Incoming(sender, route.permission, route.limit)

    def _accepted(self, update: Update, route: Route, incoming: Incoming) -> Accepted:
        job = incoming.refused or _job(update, route)
        envelope = Envelope(
            sender=incoming.sender,
            job=job,
            callback_id=update.callback_query.id if update.callback_query else None,
            unchecked=incoming.unchecked,
        )
        chat = incoming.sender.telegram_id  # in a private chat, the only kind that is served, both are one number
        return Accepted(update.update_id, chat, job.kind, envelope.model_dump_json(), incoming.traceparent)


def _job(update: Update, route: Route) -> Job:
    try:
        return route.handler(update)
    except ValueError:
        return StaleButton()
    except Exception:  # noqa: BLE001 - one strange update must not hold up all the others behind it
        _log.exception("an update could not be read", extra={"route": route.key})
        return Unsupported(what="other")
