"""Decisions: a draft is sent, or put before a second person; what is under way is paused, resumed, ended."""

from datetime import datetime
from uuid import UUID

from database.models import AuditAct, Broadcast, BroadcastKind, BroadcastState
from services.access import Permission, allowed
from services.broadcast import composing, drafting, progress, questions, screens
from services.broadcast.board import UNDER_WAY, asked_of, author_may, held, keep, message_of, own_draft, record, show
from services.broadcast.enclosing import require_carried
from services.broadcast.questions import Decided
from services.desk.desk import Desk
from services.errors import DeskRefusal


def send(desk: Desk, broadcast_id: UUID) -> Broadcast:
    """Send a draft, or ask a second person where it goes to many; raises DeskRefusal."""
    broadcast = own_draft(desk, broadcast_id)
    composing.checked(message_of(desk, broadcast))
    require_carried(broadcast)
    if broadcast.list_file is not None:
        raise DeskRefusal("broadcast.list_waits")
    if broadcast.starts_at is not None and broadcast.starts_at <= desk.uow.now():
        raise DeskRefusal("broadcast.past")
    reached = drafting.audience(desk, broadcast).reached
    if reached == 0:
        raise DeskRefusal("broadcast.nobody")
    if reached > desk.tools.policy.broadcasts.approval_above:
        ask(desk, broadcast)
    else:
        schedule(desk, broadcast)
    broadcast.awaits, broadcast.submitted_at = None, desk.uow.now()
    return broadcast


def ask(desk: Desk, broadcast: Broadcast) -> None:
    """Put a broadcast before those who may approve it, with all that it says; raises DeskRefusal without any."""
    held_by = desk.uow.roles.all().items()
    others = [
        one for one, roles in held_by if one != broadcast.author_id and allowed(roles, Permission.APPROVE_BROADCASTS)
    ]
    if not others:
        raise DeskRefusal("broadcast.nobody_approves", limit=desk.tools.policy.broadcasts.approval_above)
    broadcast.state, broadcast.submitted_at = BroadcastState.SUBMITTED, desk.uow.now()
    record(desk, AuditAct.BROADCAST_SUBMITTED, broadcast, recipients=broadcast.audience)
    message, words = message_of(desk, broadcast), desk.tools.words
    message = composing.final(message, broadcast.kind, words, drafting.spoken_in(desk, broadcast))
    questions.put(desk, broadcast, others, message)


def approve(desk: Desk, broadcast_id: UUID, question: str, *, redrawn: bool = False) -> Broadcast:
    """Let a broadcast go that somebody else wrote, as it was in a question; raises DeskRefusal.

    `redrawn`: whoever calls draws the card of the one who acts anew.
    """
    broadcast = asked_of(desk, broadcast_id, question)
    opening(desk, broadcast)
    broadcast.approved_by = desk.me
    record(desk, AuditAct.BROADCAST_APPROVED, broadcast, recipients=broadcast.audience)
    schedule(desk, broadcast)
    questions.close(desk, broadcast, Decided.APPROVED, but=desk.me if redrawn else None)
    desk.tell(broadcast.author_id, "broadcast.approved", when=screens.when_of(desk, broadcast, broadcast.author_id))
    return broadcast


def reject(desk: Desk, broadcast_id: UUID, question: str, *, redrawn: bool = False) -> Broadcast:
    """Give a broadcast back to its author; `redrawn` as above. Raises DeskRefusal."""
    broadcast = asked_of(desk, broadcast_id, question)
    record(desk, AuditAct.BROADCAST_REJECTED, broadcast)
    back_to_draft(broadcast)
    questions.close(desk, broadcast, Decided.REJECTED, but=desk.me if redrawn else None)
    desk.tell(broadcast.author_id, "broadcast.rejected")
    show(desk, broadcast.author_id, screens.panel(desk, broadcast, broadcast.author_id))
    return broadcast


def withdraw(desk: Desk, broadcast_id: UUID) -> Broadcast:
    """Take back what has not begun, to change it; raises DeskRefusal."""
    broadcast = held(desk, broadcast_id, BroadcastState.SUBMITTED, BroadcastState.SCHEDULED)
    if broadcast.author_id != desk.me:
        raise DeskRefusal("broadcast.unknown")
    record(desk, AuditAct.BROADCAST_TAKEN_BACK, broadcast)
    back_to_draft(broadcast)
    questions.close(desk, broadcast, Decided.TAKEN_BACK)
    return broadcast


def schedule(desk: Desk, broadcast: Broadcast) -> None:
    """Let a decided broadcast go at its moment, or now; at night it waits for the morning. Raises DeskRefusal."""
    opens = opening(desk, broadcast)
    if opens > desk.uow.now():
        broadcast.state, broadcast.starts_at = BroadcastState.SCHEDULED, opens
        record(desk, AuditAct.BROADCAST_SCHEDULED, broadcast, starts_at=opens.isoformat(timespec="minutes"))
    else:
        start(desk, broadcast)


def opening(desk: Desk, broadcast: Broadcast) -> datetime:
    """Return when a broadcast may begin: at its moment or now, unless customers are left in peace then.

    Raises DeskRefusal where the bank's hours leave no such moment.
    """
    wanted = max(desk.uow.now(), broadcast.starts_at or desk.uow.now())
    urgent = broadcast.kind == BroadcastKind.URGENT
    opens = desk.tools.policy.broadcasts.sends_at(wanted, urgent=urgent)
    if opens is None:
        raise DeskRefusal("broadcast.never")
    return opens


def start(desk: Desk, broadcast: Broadcast) -> None:
    """Begin: from now on its list is what it is, and what it says is final. Raises DeskRefusal.

    Whom it reaches is counted again: a small audience that has grown since needs a second person after all, and so
    does what its author may not send any more.
    """
    reached = drafting.audience(desk, broadcast).reached
    many = reached > desk.tools.policy.broadcasts.approval_above
    if broadcast.approved_by is None and (many or not author_may(desk, broadcast)):
        ask(desk, broadcast)
        return
    language = drafting.spoken_in(desk, broadcast)
    keep(desk, broadcast, composing.final(message_of(desk, broadcast), broadcast.kind, desk.tools.words, language))
    broadcast.state, broadcast.started_at = BroadcastState.RUNNING, desk.uow.now()
    record(desk, AuditAct.BROADCAST_STARTED, broadcast, recipients=reached)
    progress.begin(desk, broadcast)
    desk.uow.after_commit(desk.tools.wakeups.broadcasts)


def pause(desk: Desk, broadcast_id: UUID) -> Broadcast:
    """Hold a broadcast: what waits in the outbox comes back from there. Raises DeskRefusal."""
    broadcast = held(desk, broadcast_id, BroadcastState.RUNNING)
    broadcast.state = BroadcastState.PAUSED
    desk.uow.broadcasts.take_back(broadcast.id)
    record(desk, AuditAct.BROADCAST_PAUSED, broadcast)
    progress.follow(desk, broadcast, at_once=True)
    return broadcast


def resume(desk: Desk, broadcast_id: UUID) -> Broadcast:
    """Go on with a broadcast that was paused; raises DeskRefusal."""
    broadcast = held(desk, broadcast_id, BroadcastState.PAUSED)
    broadcast.state = BroadcastState.RUNNING
    record(desk, AuditAct.BROADCAST_RESUMED, broadcast)
    progress.follow(desk, broadcast, at_once=True)
    desk.uow.after_commit(desk.tools.wakeups.broadcasts)
    return broadcast


def stop(desk: Desk, broadcast_id: UUID) -> Broadcast:
    """End a broadcast for good, whoever did not get it yet: it is reported once what is being sent has arrived."""
    broadcast = held(desk, broadcast_id, *UNDER_WAY, BroadcastState.SUBMITTED, BroadcastState.SCHEDULED)
    if broadcast.state in UNDER_WAY:
        desk.uow.broadcasts.take_back(broadcast.id)
        desk.uow.after_commit(desk.tools.wakeups.broadcasts)
    else:
        broadcast.finished_at = desk.uow.now()
    broadcast.state = BroadcastState.CANCELLED
    questions.close(desk, broadcast, Decided.CANCELLED)
    record(desk, AuditAct.BROADCAST_CANCELLED, broadcast)
    return broadcast


def back_to_draft(broadcast: Broadcast) -> None:
    """Let a broadcast be changed again; whoever approved it approved something else."""
    broadcast.state, broadcast.approved_by, broadcast.submitted_at = BroadcastState.DRAFT, None, None
