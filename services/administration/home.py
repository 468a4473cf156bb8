"""The first screen of the administrators' panel: figures, and the AI's kill switch."""

from database.models import AuditAct
from services.access import Permission
from services.administration.screen import Screen
from services.presence import ALIVE
from services.reply import Outcome
from services.turn import Turn

PERMISSION = Permission.ADMINISTER
_WAITED_FOR = ("inbox", "answers", "outbox")
_ANSWERED = (Outcome.ANSWERED, Outcome.EXTRACT, Outcome.DEGRADED)


def open_home(turn: Turn, _page: int, _argument: str) -> Screen:
    """Show the figures and the switch."""
    uow = turn.uow
    users, conversations = uow.users.counts(), uow.conversations.counts()
    backlog = {queue.queue: queue.waiting for queue in uow.backlog.all()}
    inbox, delivery, answers = uow.inbox.counts(), uow.delivery.counts(), uow.answers.counts()
    ai_enabled = uow.roles.ai_enabled()
    switch = turn.button("admin.ai_stop", "ai:off") if ai_enabled else turn.button("admin.ai_start", "ai:on")
    html = turn.text(
        "admin.panel",
        users=users["all"],
        registered=users["registered"],
        blocked=users["blocked"],
        with_ai=conversations.get("ai", 0),
        queued=conversations.get("queued", 0),
        with_operator=conversations.get("with_operator", 0),
        answered=sum(answers.get(outcome, 0) for outcome in _ANSWERED),
        not_found=answers.get("not_found", 0),
        waiting=inbox.get("new", 0) + inbox.get("claimed", 0),
        dead=inbox.get("dead", 0) + inbox.get("unreadable", 0),
        dead_questions=backlog["dead_questions"],
        dead_messages=backlog["dead_messages"],
        outgoing=delivery.get("pending", 0) + delivery.get("sending", 0),
        unknown=delivery.get("unknown", 0),
        ai=turn.text("admin.ai_on" if ai_enabled else "admin.ai_off"),
    )
    return Screen(f"{html}\n\n{_system(turn)}", ((switch,),))


def _system(turn: Turn) -> str:
    """Say what runs, how long the oldest has waited, which leases hang, and what the bot knows."""
    running = {part.part: part for part in turn.uow.presences.running(ALIVE)}
    breakers = {name for part in running.values() for name in part.breakers}
    waiting = [queue.oldest for queue in turn.uow.backlog.all() if queue.queue in _WAITED_FOR]
    return turn.text(
        "admin.system",
        **{name: running[name].number if name in running else 0 for name in ("front", "worker", "scheduler", "api")},
        oldest=round(max(waiting)),
        leases=sum(lease.seconds > 0 for lease in turn.uow.leases.overdue()),
        breakers=", ".join(sorted(breakers)) or "—",
        knowledge=", ".join(f"{v.language} v{v.number}" for v in turn.uow.knowledge.current()) or "—",
    )


def switch_ai(turn: Turn, *, on: bool) -> None:
    """Turn the AI on or off for everybody, at once: answers under way are checked against it before they leave."""
    before = turn.uow.roles.ai_enabled()
    turn.uow.roles.switch_ai(enabled=on)
    turn.uow.audit.record(AuditAct.AI_SWITCHED, actor=turn.sender.telegram_id, before=before, after=on)
    turn.say("admin.ai_started" if on else "admin.ai_stopped")
