"""Buttons under broadcasts: what each of them does, and the screen that stands there afterwards."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

from database.models import Broadcast
from database.queries.audience import Segment
from services.broadcast import deciding, drafting, moments, progress, screens, trial
from services.broadcast.board import own_draft, seen
from services.broadcast.drafting import Awaited
from services.broadcast.jobs import AtBroadcast, BroadcastVerb
from services.desk.choosing import refused
from services.desk.desk import Desk
from services.errors import DeskRefusal
from services.outbound import Outbound
from services.turn import Turn

PATIENCE = timedelta(minutes=30)  # for which the next words are the draft's; later they are what they usually are
_ASKED = {
    BroadcastVerb.CONTENT: Awaited.CONTENT,
    BroadcastVerb.LINKS: Awaited.LINKS,
    BroadcastVerb.WHEN: Awaited.MOMENT,
    BroadcastVerb.LIST: Awaited.LIST,
}


def at_broadcast(turn: Turn, job: AtBroadcast) -> None:
    """Do what a button under a broadcast says."""
    desk = Desk.of(turn)
    try:
        _do(turn, desk, job)
    except DeskRefusal as refusal:
        refused(turn, desk, refusal)


def await_words(turn: Turn, broadcast: Broadcast, awaited: Awaited, message_id: int | None = None) -> None:
    """Ask the author for something: their next words are for it."""
    desk = Desk.of(turn)
    broadcast.awaits = awaited
    turn.user.drafting = broadcast.id
    turn.user.drafting_until = turn.uow.now() + PATIENCE
    if awaited == Awaited.MOMENT:
        turn.reply(screens.moment(desk, broadcast, desk.me).model_copy(update={"replaces": message_id}))
    else:
        turn.say(f"broadcast.give.{awaited}")


def _do(turn: Turn, desk: Desk, job: AtBroadcast) -> None:
    if awaited := _ASKED.get(job.act):
        await_words(turn, own_draft(desk, job.broadcast_id), awaited, job.message_id)
    elif job.act in _CHANGES:
        broadcast = _CHANGES[job.act](desk, job.broadcast_id, job.word)
        screen = screens.whom if job.act in _OF_SEGMENT else screens.panel
        _redraw(turn, screen(desk, broadcast, desk.me), job)
    elif job.act in _DECISIONS:
        broadcast = _DECISIONS[job.act](desk, job.broadcast_id)
        _redraw(turn, screens.status(desk, broadcast, desk.me), job)
    elif job.act in _ANSWERS:
        broadcast = _ANSWERS[job.act](desk, job.broadcast_id, job.word)
        _redraw(turn, screens.status(desk, broadcast, desk.me), job)
    else:
        _LOOKS[job.act](turn, desk, job)


def _redraw(turn: Turn, screen: Outbound, job: AtBroadcast) -> None:
    turn.reply(screen.model_copy(update={"replaces": job.message_id}))


def _toggled(chosen: tuple[str, ...], word: str) -> tuple[str, ...]:
    return tuple(one for one in chosen if one != word) if word in chosen else (*chosen, word)


def _segment(change: Callable[[Segment, str], Segment]) -> Callable[[Desk, UUID, str], Broadcast]:
    def act(desk: Desk, broadcast_id: UUID, word: str) -> Broadcast:
        before = Segment.of(own_draft(desk, broadcast_id).segment)
        return drafting.set_segment(desk, broadcast_id, change(before, word))

    return act


def _days(now: int | None, word: str) -> int | None:
    days = int(word) if word.isascii() and word.isdigit() and len(word) <= 4 else 0  # noqa: PLR2004 - ten years
    return None if days in {0, now} else days


def _at(desk: Desk, broadcast_id: UUID, word: str) -> Broadcast:
    zone = desk.tools.policy.broadcasts.zone
    return drafting.set_moment(desk, broadcast_id, moments.soon(word, zone, desk.uow.now()))


def _whom(turn: Turn, desk: Desk, job: AtBroadcast) -> None:
    _redraw(turn, screens.whom(desk, own_draft(desk, job.broadcast_id), desk.me), job)


def _show(turn: Turn, desk: Desk, job: AtBroadcast) -> None:
    _redraw(turn, screens.status(desk, seen(desk, job.broadcast_id), desk.me), job)


def _preview(turn: Turn, desk: Desk, job: AtBroadcast) -> None:
    del turn
    drafting.preview(desk, job.broadcast_id)


def _trial(turn: Turn, desk: Desk, job: AtBroadcast) -> None:
    turn.reply(Outbound(html=trial.run(desk, own_draft(desk, job.broadcast_id))))


def _drop(turn: Turn, desk: Desk, job: AtBroadcast) -> None:
    drafting.drop(desk, job.broadcast_id)
    turn.say("broadcast.cancelled")


def _report(turn: Turn, desk: Desk, job: AtBroadcast) -> None:
    broadcast = seen(desk, job.broadcast_id)
    turn.reply(Outbound(html=progress.report(desk, broadcast, desk.uow.tallies.of(broadcast.id), desk.me)))
    turn.reply(Outbound(html="", files=(progress.exported(desk, broadcast),)))


_CHANGES: Mapping[BroadcastVerb, Callable[[Desk, UUID, str], Broadcast]] = {
    BroadcastVerb.KIND: drafting.set_kind,
    BroadcastVerb.AT: _at,
    BroadcastVerb.ALL: lambda desk, broadcast_id, _word: drafting.everybody(desk, broadcast_id),
    BroadcastVerb.LANG: _segment(lambda now, word: replace(now, languages=_toggled(now.languages, word))),
    BroadcastVerb.TIER: _segment(lambda now, word: replace(now, tiers=_toggled(now.tiers, word))),
    BroadcastVerb.ACTIVE: _segment(lambda now, word: replace(now, active=_days(now.active, word), silent=None)),
    BroadcastVerb.SILENT: _segment(lambda now, word: replace(now, silent=_days(now.silent, word), active=None)),
    BroadcastVerb.TAG: _segment(lambda now, word: replace(now, tag=None if now.tag == word else word)),
}
_OF_SEGMENT = set(_CHANGES) - {BroadcastVerb.KIND, BroadcastVerb.AT}
_DECISIONS: Mapping[BroadcastVerb, Callable[[Desk, UUID], Broadcast]] = {
    BroadcastVerb.SEND: deciding.send,
    BroadcastVerb.WITHDRAW: deciding.withdraw,
    BroadcastVerb.PAUSE: deciding.pause,
    BroadcastVerb.RESUME: deciding.resume,
    BroadcastVerb.STOP: deciding.stop,
}
_ANSWERS: Mapping[BroadcastVerb, Callable[[Desk, UUID, str], Broadcast]] = {
    BroadcastVerb.APPROVE: partial(deciding.approve, redrawn=True),
    BroadcastVerb.REJECT: partial(deciding.reject, redrawn=True),
}
_LOOKS: Mapping[BroadcastVerb, Callable[[Turn, Desk, AtBroadcast], None]] = {
    BroadcastVerb.SHOW: _show,
    BroadcastVerb.WHOM: _whom,
    BroadcastVerb.PREVIEW: _preview,
    BroadcastVerb.TRIAL: _trial,
    BroadcastVerb.REPORT: _report,
    BroadcastVerb.CANCEL: _drop,
}
