"""A broadcast in somebody's hands, whoever asks, a turn in the messenger or a page: who may do what, and the record."""

from uuid import UUID

from database.models import AuditAct, Author, Broadcast, BroadcastState, Priority
from services.access import Permission, allowed
from services.desk.desk import Desk
from services.errors import DeskRefusal, NotAllowedError
from services.outbound import Outbound

UNDER_WAY = (BroadcastState.RUNNING, BroadcastState.PAUSED)


def may(desk: Desk, permission: Permission) -> bool:
    """Return whether the one who acts may do something with broadcasts."""
    return allowed(desk.uow.roles.of(desk.me), permission)


def author_may(desk: Desk, broadcast: Broadcast) -> bool:
    """Return whether a broadcast's author may still send some."""
    return allowed(desk.uow.roles.of(broadcast.author_id), Permission.BROADCAST)


def require(desk: Desk, permission: Permission) -> None:
    """Raise NotAllowedError unless the one who acts may do something."""
    if not may(desk, permission):
        raise NotAllowedError(permission)


def held(desk: Desk, broadcast_id: UUID, *states: BroadcastState) -> Broadcast:
    """Return a broadcast in one of some states, locked until the commit; raises DeskRefusal."""
    require(desk, Permission.BROADCAST)
    broadcast = _known(desk, desk.uow.broadcasts.lock(broadcast_id))
    if broadcast.state not in states:
        raise DeskRefusal("broadcast.decided", state=state_of(desk, broadcast))
    return broadcast


def seen(desk: Desk, broadcast_id: UUID) -> Broadcast:
    """Return a broadcast to look at; raises DeskRefusal.

    It is not locked: pages look every other second, and who feeds it would stand behind them.
    """
    require(desk, Permission.BROADCAST)
    return _known(desk, desk.uow.broadcasts.get(broadcast_id))


def _known(desk: Desk, broadcast: Broadcast | None) -> Broadcast:
    """Return a broadcast for its author, or who may approve: nobody else is told that there is one."""
    if broadcast is None or not (broadcast.author_id == desk.me or may(desk, Permission.APPROVE_BROADCASTS)):
        raise DeskRefusal("broadcast.unknown")
    return broadcast


def asked_of(desk: Desk, broadcast_id: UUID, question: str) -> Broadcast:
    """Return a broadcast that is put before the one who acts; raises DeskRefusal, also for an earlier question."""
    require(desk, Permission.APPROVE_BROADCASTS)
    broadcast = held(desk, broadcast_id, BroadcastState.SUBMITTED)
    if broadcast.author_id == desk.me:
        raise DeskRefusal("broadcast.own")
    if question != question_of(broadcast):
        raise DeskRefusal("button.stale")
    return broadcast


def question_of(broadcast: Broadcast) -> str:
    """Return what tells a question from an earlier one: what was taken back since may say something else now."""
    return f"{int(broadcast.submitted_at.timestamp() * 1000):x}" if broadcast.submitted_at else ""


def own_draft(desk: Desk, broadcast_id: UUID) -> Broadcast:
    """Return a draft of the one who acts, locked until the commit; raises DeskRefusal."""
    require(desk, Permission.BROADCAST)
    broadcast = desk.uow.broadcasts.lock(broadcast_id)
    if broadcast is None or broadcast.author_id != desk.me:
        raise DeskRefusal("broadcast.unknown")
    if broadcast.state != BroadcastState.DRAFT:
        raise DeskRefusal("broadcast.decided", state=state_of(desk, broadcast))
    return broadcast


def state_of(desk: Desk, broadcast: Broadcast) -> str:
    """Return what the one who acts calls a broadcast's state."""
    return desk.text(desk.me, f"broadcast.state.{broadcast.state}")


def message_of(desk: Desk, broadcast: Broadcast) -> Outbound:
    """Return what a broadcast says, as its author composed it."""
    return Outbound.model_validate_json(desk.uow.broadcasts.body(broadcast.id))


def keep(desk: Desk, broadcast: Broadcast, message: Outbound) -> None:
    """Give a broadcast something else to say."""
    desk.uow.broadcasts.rewrite(broadcast, message.model_dump_json(exclude_defaults=True))


def show(desk: Desk, telegram_id: int, message: Outbound) -> None:
    """Send somebody of the staff a message about a broadcast."""
    desk.send(telegram_id, message, Author.SYSTEM, priority=Priority.NOTICE)


def record(desk: Desk, act: AuditAct, broadcast: Broadcast, **details: str | int | bool | None) -> None:
    """Write an act into the audit log."""
    desk.uow.audit.record(act, actor=desk.actor, subject=f"broadcast:{broadcast.id}", **details)
