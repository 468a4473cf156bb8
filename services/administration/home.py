"""The first screen of the administrators' panel: figures, and the AI's kill switch."""

from services import assistant
from services.access import Permission
from services.administration.screen import Screen
from services.reply import Outcome
from services.status import SystemState, look
from services.turn import Turn

PERMISSION = Permission.ADMINISTER
_WAITED_FOR = ("inbox", "answers", "outbox")
_ANSWERED = (Outcome.ANSWERED, Outcome.EXTRACT, Outcome.DEGRADED)


def open_home(turn: Turn, _page: int, _argument: str) -> Screen:
    """Show the figures and the switch."""
    uow, state = turn.uow, look(turn.uow, in_update=True)
    users, conversations = uow.users.counts(), uow.conversations.counts()
    inbox, answers, waiting = uow.inbox.counts(), uow.answers.counts(), state.backlog
    ai_enabled = state.ai_enabled
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
        waiting=waiting["inbox"].waiting + waiting["inbox_leases"].waiting,
        dead=inbox.get("dead", 0) + inbox.get("unreadable", 0),
        dead_questions=waiting["dead_questions"].waiting,
        dead_messages=waiting["dead_messages"].waiting,
        outgoing=waiting["outbox"].waiting + waiting["sending"].waiting,
        unknown=state.delivery.get("unknown", 0),
        ai=turn.text("admin.ai_on" if ai_enabled else "admin.ai_off"),
    )
    return Screen(f"{html}\n\n{_system(turn, state)}", ((switch,),))


def _system(turn: Turn, state: SystemState) -> str:
    """Say what runs, how long the oldest has waited, which leases hang, and what the bot knows."""
    running = {part.part: part.number for part in state.running}
    return turn.text(
        "admin.system",
        **{name: running.get(name, 0) for name in ("front", "worker", "scheduler", "api")},
        oldest=round(max(state.backlog[name].oldest for name in _WAITED_FOR)),
        leases=len(state.stuck),
        breakers=", ".join(state.breakers) or "—",
        knowledge=", ".join(f"{v.language} v{v.number}" for v in state.knowledge) or "—",
    )


def switch_ai(turn: Turn, *, on: bool) -> None:
    """Turn the AI on or off for everybody, at once: answers under way are checked against it before they leave."""
    assistant.switch(turn.uow, turn.sender.telegram_id, on=on)
    turn.say("admin.ai_started" if on else "admin.ai_stopped")
