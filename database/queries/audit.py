"""Queries over the audit log."""

import json

from database.models import AuditAct, AuditEvent
from database.queries.scope import Queries
from utils.identifiers import time_ordered_id


class AuditQueries(Queries):
    """What was done in one bot, and by whom."""

    def record(
        self, act: AuditAct, *, actor: int | None, subject: str = "", **details: str | int | bool | None
    ) -> None:
        """Write down an act in the transaction of the act itself; one insert, made when the unit is flushed.

        `actor` is a Telegram account or None for the system; `subject` names a row of ours, as `conversation:<uuid>`;
        `details` are ids, states and numbers, never anything personal: these rows are never erased.
        """
        event = AuditEvent(
            id=time_ordered_id(),
            bot_id=self.bot_id,
            act=act.value,
            actor=actor,
            subject=subject,
            details=json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        )
        event.stamp = self.vault.keyring.stamp(stamped(event))
        self.session.add(event)


def stamped(event: AuditEvent) -> bytes:
    """Return what the stamp of an event vouches for: all of it but the time, which the database gives it later."""
    parts = ("audit", event.bot_id, str(event.id), event.act, event.actor, event.subject, event.details)
    return json.dumps(parts, ensure_ascii=False).encode()
