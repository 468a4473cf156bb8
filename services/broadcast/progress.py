"""How far a broadcast is: one message in its author's chat that is changed now and then, and the report at the end."""

from database.models import AuditAct, Author, Broadcast, BroadcastKind, BroadcastState, Delivery, Priority
from database.queries.tally import Tally
from services.broadcast.board import record
from services.broadcast.moments import shown
from services.broadcast.table import table
from services.desk.desk import Desk
from services.outbound import Button, Buttons, File, Outbound

_SQUARES = 10
_SOONEST, _LATEST = 5.0, 60.0  # seconds between two changes of the message
_STEPS = 100  # changes that a broadcast gets at most, within those bounds


def begin(desk: Desk, broadcast: Broadcast) -> None:
    """Show the author that it has begun."""
    _write(desk, broadcast, Tally(total=broadcast.audience))


def follow(desk: Desk, broadcast: Broadcast, *, at_once: bool = False) -> None:
    """Change the author's message, unless it was changed a moment ago or the change before is still on its way."""
    since = desk.uow.now() - (broadcast.progress_at or broadcast.created_at)
    pause = min(_LATEST, max(_SOONEST, broadcast.audience / desk.tools.policy.broadcasts.per_second / _STEPS))
    if at_once or since.total_seconds() >= pause:
        _write(desk, broadcast, desk.uow.tallies.of(broadcast.id), at_once=at_once)


def finish(desk: Desk, broadcast: Broadcast) -> None:
    """Report what became of it, with a file that names everybody."""
    tally = desk.uow.tallies.of(broadcast.id)
    if broadcast.state != BroadcastState.CANCELLED:
        broadcast.state = BroadcastState.DONE
    broadcast.finished_at = desk.uow.now()
    record(desk, AuditAct.BROADCAST_ENDED, broadcast, total=tally.total, sent=tally.sent)
    _write(desk, broadcast, tally)
    _send(desk, broadcast, Outbound(html=report(desk, broadcast, tally)))
    _send(desk, broadcast, Outbound(html="", files=(table(broadcast),)))


def report(desk: Desk, broadcast: Broadcast, tally: Tally, reader: int | None = None) -> str:
    """Return what became of a broadcast, for its author or another reader."""
    to = broadcast.author_id if reader is None else reader
    reasons = ", ".join(f"{reason}: {number}" for reason, number in sorted(tally.failed.items()))
    return desk.text(
        to,
        "broadcast.report",
        state=desk.text(to, f"broadcast.state.{broadcast.state}"),
        total=tally.total,
        sent=tally.sent,
        blocked=tally.blocked,
        failed=f"{tally.failures} ({reasons})" if reasons else tally.failures,
        unknown=tally.unknown,
        opted_out=tally.opted_out,
        left=tally.left,
    )


def exported(desk: Desk, broadcast: Broadcast) -> File:
    """Return the file that names everybody on a broadcast's list, for the one who acts; that is recorded."""
    record(desk, AuditAct.BROADCAST_EXPORTED, broadcast)
    return table(broadcast)


def percent(tally: Tally) -> int:
    """Return how much of a broadcast is done with, in whole per cent; only all of it is 100."""
    return tally.ended * 100 // tally.total if tally.total else 0


def _write(desk: Desk, broadcast: Broadcast, tally: Tally, *, at_once: bool = False) -> None:
    replaces, on_its_way = _before(desk, broadcast)
    if on_its_way and broadcast.finished_at is None and not at_once:
        return  # what is shown then is soon old, but the messenger gets one change at a time
    done = percent(tally)
    filled = done * _SQUARES // 100
    author = broadcast.author_id
    html = desk.text(
        author,
        "broadcast.progress",
        state=desk.text(author, f"broadcast.state.{broadcast.state}"),
        bar="▰" * filled + "▱" * (_SQUARES - filled),
        percent=done,
        done=tally.ended,
        total=max(tally.total, broadcast.audience) if broadcast.frozen_at is None else tally.total,
        failed=tally.blocked + tally.failures,
        unknown=tally.unknown,
    )
    if until := _night(desk, broadcast):
        html = f"{html}\n{until}"
    message = _send(desk, broadcast, Outbound(html=html, buttons=_buttons(desk, broadcast), replaces=replaces))
    broadcast.progress_id, broadcast.progress_at = message, desk.uow.now()


def _before(desk: Desk, broadcast: Broadcast) -> tuple[int | None, bool]:
    """Return the messenger's number of the message that shows the progress, and whether a change is on its way."""
    if broadcast.progress_id is None:
        return None, False
    state, number = desk.uow.messages.sent_as(broadcast.progress_id)
    return number, state in {Delivery.PENDING, Delivery.SENDING}


def _night(desk: Desk, broadcast: Broadcast) -> str:
    rules, now = desk.tools.policy.broadcasts, desk.uow.now()
    opens = rules.sends_at(now, urgent=broadcast.kind == BroadcastKind.URGENT)
    if broadcast.state != BroadcastState.RUNNING or opens is None or opens <= now:
        return ""
    return desk.text(broadcast.author_id, "broadcast.night", until=shown(opens, rules.zone))


def _buttons(desk: Desk, broadcast: Broadcast) -> Buttons:
    acts = {BroadcastState.RUNNING: ("pause", "stop"), BroadcastState.PAUSED: ("resume", "stop")}
    known = acts.get(BroadcastState(broadcast.state), ())
    row = tuple(
        Button(
            label=desk.text(broadcast.author_id, f"broadcast.button.{act}"), data=f"broadcast:{act}:{broadcast.id.hex}"
        )
        for act in known
    )
    return (row,) if row else ()


def _send(desk: Desk, broadcast: Broadcast, message: Outbound) -> int:
    written = desk.send(broadcast.author_id, message, Author.SYSTEM, priority=Priority.NOTICE)
    desk.uow.session.flush()
    return written.id
