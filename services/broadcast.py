"""Broadcasts: draft, say how many people it goes to, send to a frozen list, report."""

from html import escape
from uuid import UUID

from database.db import Database, UnitOfWork
from database.models import AuditAct, Author, Broadcast, BroadcastState, Delivery, Priority
from services.access import Permission, allowed
from services.denial import not_allowed
from services.jobs import DecideBroadcast, DraftBroadcast
from services.ports import Button, Outbound, Words
from services.rates import Rates
from services.turn import Turn

_ROOM = 500  # messages of one broadcast that may wait in the outbox at a time, and more where they go fast:
_STOCK = 2.0  # seconds of the bot's rate
_ENDED = (Delivery.SENT, Delivery.FAILED, Delivery.UNKNOWN, Delivery.DROPPED)


def draft(turn: Turn, job: DraftBroadcast) -> None:
    """Keep the text and ask, naming the number of people, before anything is sent."""
    if not _may(turn):
        return
    if not job.text.strip():
        turn.say("broadcast.usage")
        return
    audience = turn.uow.broadcasts.audience()
    if audience == 0:
        turn.say("broadcast.nobody")
        return
    message = Outbound(html=escape(job.text))
    broadcast = turn.uow.broadcasts.draft(turn.sender.telegram_id, message.model_dump_json(exclude_defaults=True))
    _record(turn, AuditAct.BROADCAST_DRAFTED, broadcast, audience=audience)
    words = turn.tools.words
    label = words.plural(turn.language, "broadcast.send", audience)
    send = Button(label=label, data=f"broadcast:send:{broadcast.id}")
    cancel = turn.button("broadcast.cancel", f"broadcast:cancel:{broadcast.id}")
    turn.reply(
        Outbound(
            html=words.plural(turn.language, "broadcast.preview", audience, text=job.text),
            buttons=((send,), (cancel,)),
        )
    )


def decide(turn: Turn, job: DecideBroadcast) -> None:
    """Send a drafted broadcast, or drop it; a second press changes nothing."""
    if not _may(turn):
        return
    broadcast = turn.uow.broadcasts.lock(job.broadcast_id)
    if broadcast is None or broadcast.author_id != turn.sender.telegram_id:
        turn.say("broadcast.unknown")
    elif broadcast.state != BroadcastState.DRAFT:
        turn.say("broadcast.decided")
    elif not job.send:
        broadcast.state = BroadcastState.CANCELLED
        _record(turn, AuditAct.BROADCAST_CANCELLED, broadcast)
        turn.say("broadcast.cancelled")
    else:
        broadcast.state = BroadcastState.RUNNING
        total = turn.uow.broadcasts.freeze(broadcast.id)
        _record(turn, AuditAct.BROADCAST_STARTED, broadcast, recipients=total)
        turn.reply(Outbound(html=turn.tools.words.plural(turn.language, "broadcast.started", total)))
        turn.uow.after_commit(turn.tools.wakeups.broadcasts)


class BroadcastFeeder:
    """Feeds running broadcasts into the outbox, a limited number at a time, and reports when one is done."""

    def __init__(self, database: Database, words: Words, language: str, rates: Rates) -> None:
        self._room = max(_ROOM, round(_STOCK * rates.per_second))
        self._database = database
        self._words = words
        self._language = language

    def run(self) -> bool:
        """Feed every running broadcast once; returns whether any message was written."""
        with self._database.reading() as uow:
            running = uow.broadcasts.running()
        fed = [self._feed(broadcast_id) for broadcast_id in running]
        return any(fed)

    def _feed(self, broadcast_id: UUID) -> bool:
        with self._database.unit_of_work() as uow:
            broadcast = uow.broadcasts.lock(broadcast_id)
            if broadcast is None or broadcast.state != BroadcastState.RUNNING:
                return False
            if uow.broadcasts.feed(broadcast_id, self._room):
                return True
            report = uow.broadcasts.report(broadcast_id)
            report[Delivery.FAILED] = report.get(Delivery.FAILED, 0) + report.pop(Delivery.DEAD, 0)
            if sum(report.get(state, 0) for state in _ENDED) < report["total"]:
                return False
            self._finish(uow, broadcast, report)
            return True

    def _finish(self, uow: UnitOfWork, broadcast: Broadcast, report: dict[str, int]) -> None:
        broadcast.state = BroadcastState.DONE
        broadcast.finished_at = uow.now()
        author = uow.users.get(broadcast.author_id)
        html = self._words.text(
            (author.language if author else None) or self._language,
            "broadcast.report",
            total=report["total"],
            **{state: report.get(state, 0) for state in _ENDED},
        )
        body = Outbound(html=html).model_dump_json(exclude_defaults=True)
        uow.messages.send(broadcast.author_id, body, author=Author.SYSTEM, priority=Priority.NOTICE)


def _record(turn: Turn, act: AuditAct, broadcast: Broadcast, **details: int) -> None:
    turn.uow.audit.record(act, actor=turn.sender.telegram_id, subject=f"broadcast:{broadcast.id}", **details)


def _may(turn: Turn) -> bool:
    if allowed(turn.uow.roles.of(turn.sender.telegram_id), Permission.BROADCAST):
        return True
    not_allowed(turn, Permission.BROADCAST)
    return False
